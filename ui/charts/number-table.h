#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The numbers behind a chart as rows and columns of text. Where the width isn't enough, the last
 * columns are left out: the most important ones come first. */
#define KELVIN_TYPE_NUMBER_TABLE (kelvin_number_table_get_type ())
G_DECLARE_FINAL_TYPE (KelvinNumberTable, kelvin_number_table, KELVIN, NUMBER_TABLE, GtkWidget)

/* @titles: NULL-terminated; the first column is a name, the others are figures. */
GtkWidget *kelvin_number_table_new (const char *const *titles);
/* As many cells as there are titles. */
void kelvin_number_table_add_row (KelvinNumberTable *self, const char *const *cells);

/* How many columns of @widths, from the first on, go into @width: at least two. Pure. */
guint kelvin_number_table_count_fitting (const int *widths, guint n, int width, int gap);

G_END_DECLS
