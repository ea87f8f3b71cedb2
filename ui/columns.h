#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A main and a side column: beside each other where the width is enough, else the side below. */
#define KELVIN_TYPE_COLUMNS (kelvin_columns_get_type ())
G_DECLARE_FINAL_TYPE (KelvinColumns, kelvin_columns, KELVIN, COLUMNS, GtkWidget)

/* In a .ui file: two children, of the types "main" and "side"; property "fold-width", pixels. */
GtkWidget *kelvin_columns_new (GtkWidget *main_child, GtkWidget *side_child);

/* The width of the side for a width of the whole; 0 where it stands below. Pure. */
int kelvin_columns_split (int width, int fold_width);

G_END_DECLS
