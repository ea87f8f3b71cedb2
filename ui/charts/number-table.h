#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The numbers behind a chart as rows and columns of text. */
#define KELVIN_TYPE_NUMBER_TABLE (kelvin_number_table_get_type ())
G_DECLARE_FINAL_TYPE (KelvinNumberTable, kelvin_number_table, KELVIN, NUMBER_TABLE, GtkWidget)

/* @titles: NULL-terminated; the first column is a name, the others are figures. */
GtkWidget *kelvin_number_table_new (const char *const *titles);
/* As many cells as there are titles. */
void kelvin_number_table_add_row (KelvinNumberTable *self, const char *const *cells);
void kelvin_number_table_clear (KelvinNumberTable *self);

G_END_DECLS
