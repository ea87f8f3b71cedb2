#include "config.h"

#include "ui/charts/number-table.h"

#define COLUMN_GAP 18
#define ROW_GAP 6
#define LEAST_COLUMNS 2

struct _KelvinNumberTable {
  GtkWidget parent_instance;

  GPtrArray
      *cells; /* of GtkWidget, not owned: children, row by row; the titles are the first row */
  guint n_columns;
};

G_DEFINE_FINAL_TYPE (KelvinNumberTable, kelvin_number_table, GTK_TYPE_WIDGET)

static GtkWidget *
get_cell (KelvinNumberTable *self, guint row, guint column)
{
  return self->cells->pdata[row * self->n_columns + column];
}

static guint
get_n_rows (KelvinNumberTable *self)
{
  return self->n_columns > 0 ? self->cells->len / self->n_columns : 0;
}

static int
measure_column (KelvinNumberTable *self, guint column)
{
  int widest = 0;

  for (guint row = 0; row < get_n_rows (self); row++)
    {
      int width;
      gtk_widget_measure (get_cell (self, row, column), GTK_ORIENTATION_HORIZONTAL, -1, NULL,
                          &width, NULL, NULL);
      widest = MAX (widest, width);
    }

  return widest;
}

static int
measure_row_height (KelvinNumberTable *self)
{
  int tallest = 0;

  for (guint i = 0; i < self->cells->len; i++)
    {
      int height;
      gtk_widget_measure (self->cells->pdata[i], GTK_ORIENTATION_VERTICAL, -1, NULL, &height, NULL,
                          NULL);
      tallest = MAX (tallest, height);
    }

  return tallest;
}

guint
kelvin_number_table_count_fitting (const int *widths, guint n, int width, int gap)
{
  int used = 0;
  guint fitting = 0;

  for (; fitting < n; fitting++)
    {
      used += widths[fitting] + (fitting > 0 ? gap : 0);
      if (used > width)
        break;
    }

  return MAX (fitting, MIN (n, LEAST_COLUMNS));
}

static void
kelvin_number_table_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                             int *minimum, int *natural, int *minimum_baseline,
                             int *natural_baseline)
{
  KelvinNumberTable *self = KELVIN_NUMBER_TABLE (widget);

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      int n_rows = (int) get_n_rows (self);
      *minimum = *natural = n_rows * measure_row_height (self) + (n_rows - 1) * ROW_GAP;
      return;
    }

  for (guint i = 0; i < self->n_columns; i++)
    {
      *natural += measure_column (self, i) + (i > 0 ? COLUMN_GAP : 0);
      if (i < LEAST_COLUMNS)
        *minimum = *natural;
    }
}

static void
allocate_column (KelvinNumberTable *self, guint column, gboolean visible, int x, int width)
{
  int row_height = measure_row_height (self);

  for (guint row = 0; row < get_n_rows (self); row++)
    {
      GtkWidget *cell = get_cell (self, row, column);
      GtkAllocation area = { x, (int) row * (row_height + ROW_GAP), width, row_height };

      gtk_widget_set_child_visible (cell, visible);
      if (visible)
        gtk_widget_size_allocate (cell, &area, -1);
    }
}

/* What is left of the width goes to the columns alike. */
static void
kelvin_number_table_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinNumberTable *self = KELVIN_NUMBER_TABLE (widget);
  g_autofree int *widths = g_new (int, self->n_columns);
  int left = width;
  int x = 0;

  for (guint i = 0; i < self->n_columns; i++)
    widths[i] = measure_column (self, i);
  guint fitting = kelvin_number_table_count_fitting (widths, self->n_columns, width, COLUMN_GAP);
  for (guint i = 0; i < fitting; i++)
    left -= widths[i] + (i > 0 ? COLUMN_GAP : 0);

  for (guint i = 0; i < self->n_columns; i++)
    {
      int column_width = widths[i] + MAX (left, 0) / (int) fitting;
      allocate_column (self, i, i < fitting, x, column_width);
      x += column_width + COLUMN_GAP;
    }
}

static void
kelvin_number_table_dispose (GObject *object)
{
  KelvinNumberTable *self = KELVIN_NUMBER_TABLE (object);

  for (guint i = 0; i < self->cells->len; i++)
    gtk_widget_unparent (self->cells->pdata[i]);
  g_ptr_array_set_size (self->cells, 0);

  G_OBJECT_CLASS (kelvin_number_table_parent_class)->dispose (object);
}

static void
kelvin_number_table_finalize (GObject *object)
{
  g_ptr_array_unref (KELVIN_NUMBER_TABLE (object)->cells);

  G_OBJECT_CLASS (kelvin_number_table_parent_class)->finalize (object);
}

static void
kelvin_number_table_class_init (KelvinNumberTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kelvin_number_table_dispose;
  object_class->finalize = kelvin_number_table_finalize;
  widget_class->measure = kelvin_number_table_measure;
  widget_class->size_allocate = kelvin_number_table_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "numbers");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_TABLE);
}

static void
kelvin_number_table_init (KelvinNumberTable *self)
{
  self->cells = g_ptr_array_new ();
}

static void
add_cell (KelvinNumberTable *self, const char *text, guint column, gboolean is_title)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), column == 0 ? 0 : 1);
  gtk_widget_add_css_class (label, "numeric");
  if (is_title)
    gtk_widget_add_css_class (label, "title");
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  g_ptr_array_add (self->cells, label);
}

void
kelvin_number_table_add_row (KelvinNumberTable *self, const char *const *cells)
{
  g_return_if_fail (KELVIN_IS_NUMBER_TABLE (self));
  g_return_if_fail (g_strv_length ((char **) cells) == self->n_columns);

  gboolean is_title = self->cells->len == 0;
  for (guint i = 0; i < self->n_columns; i++)
    add_cell (self, cells[i], i, is_title);
}

GtkWidget *
kelvin_number_table_new (const char *const *titles)
{
  KelvinNumberTable *self = g_object_new (KELVIN_TYPE_NUMBER_TABLE, NULL);

  self->n_columns = g_strv_length ((char **) titles);
  kelvin_number_table_add_row (self, titles);

  return GTK_WIDGET (self);
}
