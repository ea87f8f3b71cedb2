#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Adds the columns of a list of runs: when, run, version, result, …
 * The list's items are KelvinRunItem. */
void kelvin_run_columns_add (GtkColumnView *view);
/* The function's name is shown where runs of several are; with little room what matters less isn't.
 */
void kelvin_run_columns_arrange (GtkColumnView *view, gboolean all_functions, gboolean narrow);

G_END_DECLS
