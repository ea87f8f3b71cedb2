#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the columns of a list of runs: when, run, version, result, …
 * The list's items are KelvinRunItem. */
void kelvin_run_columns_add (GtkColumnView *view);
/* The function's name is shown where runs of several are. */
void kelvin_run_columns_set_with_function (GtkColumnView *view, gboolean with_function);

G_END_DECLS
