#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the columns of the table of init code, which sort: module, self, with its own, whose, and a
 * bar. The list's items are KelvinInitItem. */
void kelvin_init_columns_add (GtkColumnView *view);

G_END_DECLS
