#include "config.h"

#include "ui/charts/dots.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "engine/analysis/statistics.h"
#include "ui/charts/axis-marks.h"
#include "ui/charts/duration.h"
#include "ui/charts/swarm.h"

#define LEAST_WIDTH 220
#define NATURAL_WIDTH 360
#define ROW_HEIGHT 36
#define DIAMETER 6
#define LEVELS 64
#define LABEL_GAP 14
#define AXIS_GAP 4

typedef struct {
  char *label;
  KelvinHue hue;
  KelvinSummary summary;
  PangoLayout *layout;
} Row;

/* A sample: an item of the chart. */
typedef struct {
  guint row;
  guint number; /* from 1, as measured */
  double ms;
  float x, y; /* the dot's middle; set when the size is */
} Dot;

struct _KelvinDots {
  KelvinChart parent_instance;

  GArray *rows; /* of Row */
  GArray *dots; /* of Dot: by row, then by time */
  float label_width;

  /* Set when the size is: */
  KelvinAxis axis;
  KelvinAxisMarks marks;
  float plot_x, plot_width;
};

G_DEFINE_FINAL_TYPE (KelvinDots, kelvin_dots, KELVIN_TYPE_CHART)

static void
clear_row (gpointer data)
{
  Row *row = data;

  g_free (row->label);
  g_object_unref (row->layout);
}

static int
compare_dots (gconstpointer a, gconstpointer b)
{
  const Dot *left = a;
  const Dot *right = b;

  if (left->row != right->row)
    return left->row < right->row ? -1 : 1;
  return (left->ms > right->ms) - (left->ms < right->ms);
}

static guint
kelvin_dots_get_n_items (KelvinChart *chart)
{
  return KELVIN_DOTS (chart)->dots->len;
}

static graphene_rect_t
kelvin_dots_get_item_area (KelvinChart *chart, guint index)
{
  const Dot *dot = &g_array_index (KELVIN_DOTS (chart)->dots, Dot, index);

  return GRAPHENE_RECT_INIT (dot->x - DIAMETER / 2.f, dot->y - DIAMETER / 2.f, DIAMETER, DIAMETER);
}

static graphene_rect_t
kelvin_dots_get_plot (KelvinChart *chart)
{
  KelvinDots *self = KELVIN_DOTS (chart);

  /* Half a dot more at both ends, for those that stand there. */
  return GRAPHENE_RECT_INIT (self->plot_x - DIAMETER / 2.f, 0, self->plot_width + DIAMETER,
                             self->rows->len * ROW_HEIGHT);
}

static int
kelvin_dots_find_item (KelvinChart *chart, double x, double y)
{
  KelvinDots *self = KELVIN_DOTS (chart);
  double nearest = DIAMETER;
  int found = -1;

  for (guint i = 0; i < self->dots->len; i++)
    {
      const Dot *dot = &g_array_index (self->dots, Dot, i);
      double distance = hypot (dot->x - x, dot->y - y);
      if (distance >= nearest)
        continue;
      nearest = distance;
      found = (int) i;
    }

  return found;
}

static char *
kelvin_dots_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinDots *self = KELVIN_DOTS (chart);
  const Dot *dot = &g_array_index (self->dots, Dot, index);
  g_autofree char *time = kelvin_format_duration (dot->ms);

  /* Translators: what was measured, the number of the start, its time with unit */
  return g_strdup_printf (_ ("%s, start %u: %s"), g_array_index (self->rows, Row, dot->row).label,
                          dot->number, time);
}

static GtkWidget *
kelvin_dots_create_table (KelvinChart *chart)
{
  KelvinDots *self = KELVIN_DOTS (chart);
  const char *titles[] = { "", _ ("Count"), _ ("Least"), _ ("Median"), _ ("Most"), NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = &g_array_index (self->rows, Row, i);
      g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, row->summary.count);
      g_autofree char *least = kelvin_format_duration (row->summary.min);
      g_autofree char *median = kelvin_format_duration (row->summary.p50);
      g_autofree char *most = kelvin_format_duration (row->summary.max);
      const char *cells[] = { row->label, count, least, median, most, NULL };
      kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
    }

  return table;
}

static void
kelvin_dots_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                     int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinDots *self = KELVIN_DOTS (widget);
  int rows_height = (int) self->rows->len * ROW_HEIGHT;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = *natural = (int) ceilf (rows_height + AXIS_GAP + kelvin_axis_marks_measure (widget));
}

static float
place_of (KelvinDots *self, double ms)
{
  return self->plot_x + self->plot_width * (float) kelvin_axis_place (&self->axis, ms);
}

/* Dots that stand higher than their row move closer, until they fit. */
static float
fit_spacing (const int *levels, guint n)
{
  int highest = 1;

  for (guint i = 0; i < n; i++)
    highest = MAX (highest, abs (levels[i]));

  return MIN (DIAMETER, (ROW_HEIGHT - DIAMETER) / 2.f / highest);
}

/* The dots of one row are @n from @first on. */
static void
place_row (KelvinDots *self, guint first, guint n)
{
  Dot *dots = &g_array_index (self->dots, Dot, first);
  g_autofree float *xs = g_new (float, n);
  g_autofree int *levels = g_new (int, n);

  for (guint i = 0; i < n; i++)
    xs[i] = place_of (self, dots[i].ms);
  kelvin_swarm_place (xs, n, DIAMETER, LEVELS, levels);

  float spacing = fit_spacing (levels, n);
  for (guint i = 0; i < n; i++)
    {
      dots[i].x = xs[i];
      dots[i].y = (dots[i].row + .5f) * ROW_HEIGHT + levels[i] * spacing;
    }
}

static double
find_most (KelvinDots *self)
{
  double most = 0;

  for (guint i = 0; i < self->rows->len; i++)
    most = MAX (most, g_array_index (self->rows, Row, i).summary.max);

  return most;
}

static void
kelvin_dots_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinDots *self = KELVIN_DOTS (widget);
  guint first = 0;

  self->plot_x = self->label_width + LABEL_GAP;
  self->plot_width = MAX (width - self->plot_x - DIAMETER, 1);
  self->axis = kelvin_chart_fit_axis (KELVIN_CHART (self), find_most (self) * 1.02,
                                      kelvin_axis_marks_count (self->plot_width));
  kelvin_axis_marks_place (&self->marks, widget, &self->axis, self->plot_x,
                           self->rows->len * ROW_HEIGHT + AXIS_GAP, self->plot_width, width);

  for (guint i = 0; i < self->rows->len; i++)
    {
      guint n = (guint) g_array_index (self->rows, Row, i).summary.count;
      place_row (self, first, n);
      first += n;
    }

  GTK_WIDGET_CLASS (kelvin_dots_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
snapshot_dot (KelvinDots *self, guint index, GtkSnapshot *snapshot)
{
  const Dot *dot = &g_array_index (self->dots, Dot, index);
  graphene_rect_t area = kelvin_dots_get_item_area (KELVIN_CHART (self), index);
  GskRoundedRect outline;
  GdkRGBA color;

  kelvin_chart_get_hue (KELVIN_CHART (self), g_array_index (self->rows, Row, dot->row).hue, &color);
  gsk_rounded_rect_init_from_rect (&outline, &area, DIAMETER / 2.f);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &color, &area);
  gtk_snapshot_pop (snapshot);
}

/* A dot where the one before stands, to the pixel, draws nothing new. */
static gboolean
is_covered (KelvinDots *self, guint index)
{
  if (index == 0)
    return FALSE;

  const Dot *dot = &g_array_index (self->dots, Dot, index);
  const Dot *before = &g_array_index (self->dots, Dot, index - 1);
  return dot->y == before->y && floorf (dot->x) == floorf (before->x);
}

static void
snapshot_median (KelvinDots *self, guint index, GtkSnapshot *snapshot, const GdkRGBA *text)
{
  float x = place_of (self, g_array_index (self->rows, Row, index).summary.p50);

  gtk_snapshot_append_color (
      snapshot, text, &GRAPHENE_RECT_INIT (x - .75f, index * ROW_HEIGHT + 1, 1.5f, ROW_HEIGHT - 2));
}

static void
snapshot_plot (KelvinDots *self, GtkSnapshot *snapshot, const GdkRGBA *text)
{
  graphene_rect_t plot = kelvin_dots_get_plot (KELVIN_CHART (self));

  gtk_snapshot_push_clip (snapshot, &plot);
  for (guint i = 0; i < self->rows->len; i++)
    snapshot_median (self, i, snapshot, text);
  for (guint i = 0; i < self->dots->len; i++)
    if (!is_covered (self, i))
      snapshot_dot (self, i, snapshot);
  gtk_snapshot_pop (snapshot);
}

static void
snapshot_label (KelvinDots *self, guint index, GtkSnapshot *snapshot, const GdkRGBA *text)
{
  PangoLayout *layout = g_array_index (self->rows, Row, index).layout;
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  kelvin_chart_append_text (
      snapshot, layout, &GRAPHENE_POINT_INIT (0, (index + .5f) * ROW_HEIGHT - height / 2.f), text);
}

static void
kelvin_dots_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinDots *self = KELVIN_DOTS (widget);
  KelvinChart *chart = KELVIN_CHART (widget);
  GdkRGBA text, dim, line;

  if (self->rows->len == 0)
    return;

  kelvin_chart_get_text_color (chart, &text);
  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_chart_get_line_color (chart, &line);
  for (guint i = 0; i < self->rows->len; i++)
    snapshot_label (self, i, snapshot, &text);
  snapshot_plot (self, snapshot, &text);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  kelvin_chart_append_cursor (chart, snapshot);
}

static void
kelvin_dots_finalize (GObject *object)
{
  KelvinDots *self = KELVIN_DOTS (object);

  g_array_unref (self->rows);
  g_array_unref (self->dots);
  kelvin_axis_marks_clear (&self->marks);

  G_OBJECT_CLASS (kelvin_dots_parent_class)->finalize (object);
}

static void
kelvin_dots_class_init (KelvinDotsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_dots_finalize;
  widget_class->measure = kelvin_dots_measure;
  widget_class->size_allocate = kelvin_dots_size_allocate;
  widget_class->snapshot = kelvin_dots_snapshot;
  chart_class->get_plot = kelvin_dots_get_plot;
  chart_class->get_n_items = kelvin_dots_get_n_items;
  chart_class->get_item_area = kelvin_dots_get_item_area;
  chart_class->find_item = kelvin_dots_find_item;
  chart_class->dup_item_text = kelvin_dots_dup_item_text;
  chart_class->create_table = kelvin_dots_create_table;
}

static void
kelvin_dots_init (KelvinDots *self)
{
  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  self->dots = g_array_new (FALSE, FALSE, sizeof (Dot));
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Dots"));
}

GtkWidget *
kelvin_dots_new (void)
{
  return g_object_new (KELVIN_TYPE_DOTS, NULL);
}

static void
add_row (KelvinDots *self, const KelvinDotsRow *from)
{
  Row row = { .label = g_strdup (from->label),
              .hue = from->hue,
              .summary = kelvin_summary_of (from->samples, from->n) };
  int width;

  row.layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), from->label);
  pango_layout_get_pixel_size (row.layout, &width, NULL);
  self->label_width = MAX (self->label_width, width);
  for (gsize i = 0; i < from->n; i++)
    {
      Dot dot = { .row = self->rows->len, .number = (guint) i + 1, .ms = from->samples[i] };
      g_array_append_val (self->dots, dot);
    }
  g_array_append_val (self->rows, row);
}

static void
describe_row (GString *text, const Row *row)
{
  g_autofree char *median = kelvin_format_duration (row->summary.p50);
  g_autofree char *least = kelvin_format_duration (row->summary.min);
  g_autofree char *most = kelvin_format_duration (row->summary.max);

  if (text->len > 0)
    g_string_append (text, "; ");
  /* Translators: what was measured, and times with their units */
  g_string_append_printf (text, _ ("%s: median %s, from %s to %s"), row->label, median, least,
                          most);
}

static void
update_description (KelvinDots *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->rows->len; i++)
    describe_row (text, &g_array_index (self->rows, Row, i));
  kelvin_chart_set_description (KELVIN_CHART (self), text->str);
}

void
kelvin_dots_set_rows (KelvinDots *self, const KelvinDotsRow *rows, guint n)
{
  g_return_if_fail (KELVIN_IS_DOTS (self));

  g_array_set_size (self->rows, 0);
  g_array_set_size (self->dots, 0);
  self->label_width = 0;
  for (guint i = 0; i < n; i++)
    if (rows[i].n > 0)
      add_row (self, &rows[i]);
  g_array_sort (self->dots, compare_dots);

  update_description (self);
  kelvin_chart_items_changed (KELVIN_CHART (self));
}
