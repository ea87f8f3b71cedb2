#include "config.h"

#include "ui/charts/number-table.h"

struct _KelvinNumberTable {
  GtkWidget parent_instance;

  GtkGrid *grid;
  int n_columns;
  int n_rows; /* the titles included */
};

G_DEFINE_FINAL_TYPE (KelvinNumberTable, kelvin_number_table, GTK_TYPE_WIDGET)

static void
kelvin_number_table_dispose (GObject *object)
{
  KelvinNumberTable *self = KELVIN_NUMBER_TABLE (object);

  if (self->grid != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->grid));
  self->grid = NULL;

  G_OBJECT_CLASS (kelvin_number_table_parent_class)->dispose (object);
}

static void
kelvin_number_table_class_init (KelvinNumberTableClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_number_table_dispose;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "numbers");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TABLE);
}

static void
kelvin_number_table_init (KelvinNumberTable *self)
{
  self->grid = GTK_GRID (gtk_grid_new ());
  gtk_grid_set_column_spacing (self->grid, 18);
  gtk_grid_set_row_spacing (self->grid, 6);
  gtk_widget_set_parent (GTK_WIDGET (self->grid), GTK_WIDGET (self));
}

static void
add_cell (KelvinNumberTable *self, const char *text, int column)
{
  GtkWidget *label = gtk_label_new (text);
  gboolean is_name = column == 0;

  gtk_label_set_xalign (GTK_LABEL (label), is_name ? 0 : 1);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (label, "numeric");
  if (self->n_rows == 0)
    gtk_widget_add_css_class (label, "title");
  gtk_grid_attach (self->grid, label, column, self->n_rows, 1, 1);
}

void
kelvin_number_table_add_row (KelvinNumberTable *self, const char *const *cells)
{
  g_return_if_fail (KELVIN_IS_NUMBER_TABLE (self));
  g_return_if_fail (g_strv_length ((char **) cells) == (guint) self->n_columns);

  for (int i = 0; i < self->n_columns; i++)
    add_cell (self, cells[i], i);
  self->n_rows++;
}

void
kelvin_number_table_clear (KelvinNumberTable *self)
{
  g_return_if_fail (KELVIN_IS_NUMBER_TABLE (self));

  for (; self->n_rows > 1; self->n_rows--)
    gtk_grid_remove_row (self->grid, self->n_rows - 1);
}

GtkWidget *
kelvin_number_table_new (const char *const *titles)
{
  KelvinNumberTable *self = g_object_new (KELVIN_TYPE_NUMBER_TABLE, NULL);

  self->n_columns = (int) g_strv_length ((char **) titles);
  kelvin_number_table_add_row (self, titles);

  return GTK_WIDGET (self);
}
