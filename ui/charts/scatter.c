#include "config.h"

#include "ui/charts/scatter.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/analysis/statistics.h"
#include "ui/charts/axis-marks.h"
#include "ui/charts/duration.h"
#include "ui/charts/legend.h"

#define LEAST_WIDTH 220
#define NATURAL_WIDTH 480
#define PLOT_HEIGHT 168
#define DIAMETER 5
#define GAP 8
#define DESCRIBE_INTERVAL_US 500000
#define REACH 8
#define MOST_ROWS 64

struct _KelvinScatter {
  KelvinChart parent_instance;

  GArray *dots; /* of KelvinScatterDot */
  double most_ms;
  gint64 end_ns;
  gint64 described_us;
  KelvinLegend legend;
  PangoLayout *most, *none;
  float label_width;
  /* Which cells of the picture have a dot: a second one there would draw nothing new. */
  guint8 *drawn;
  gsize n_drawn;

  /* Set when the size is: */
  KelvinAxis time, latency;
  KelvinAxisMarks marks;
  graphene_rect_t plot;
  float legend_height;
};

enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinScatter, kelvin_scatter, KELVIN_TYPE_CHART)

static const KelvinScatterDot *
get_dot (KelvinScatter *self, guint index)
{
  return &g_array_index (self->dots, KelvinScatterDot, index);
}

static graphene_point_t
place_dot (KelvinScatter *self, const KelvinScatterDot *dot)
{
  double x = kelvin_axis_place (&self->time, (double) dot->due_ns / 1e6);
  double y = kelvin_axis_place (&self->latency, dot->latency_ms);

  return GRAPHENE_POINT_INIT (self->plot.origin.x + self->plot.size.width * (float) x,
                              self->plot.origin.y + self->plot.size.height * (1 - (float) y));
}

static guint
kelvin_scatter_get_n_items (KelvinChart *chart)
{
  return KELVIN_SCATTER (chart)->dots->len;
}

static graphene_rect_t
kelvin_scatter_get_item_area (KelvinChart *chart, guint index)
{
  KelvinScatter *self = KELVIN_SCATTER (chart);
  graphene_point_t point = place_dot (self, get_dot (self, index));

  return GRAPHENE_RECT_INIT (point.x - DIAMETER / 2.f, point.y - DIAMETER / 2.f, DIAMETER,
                             DIAMETER);
}

static graphene_rect_t
kelvin_scatter_get_plot (KelvinChart *chart)
{
  graphene_rect_t plot = KELVIN_SCATTER (chart)->plot;

  graphene_rect_inset (&plot, -DIAMETER / 2.f, -DIAMETER / 2.f);
  return plot;
}

static int
kelvin_scatter_find_item (KelvinChart *chart, double x, double y)
{
  KelvinScatter *self = KELVIN_SCATTER (chart);
  double nearest = REACH;
  int found = -1;

  for (guint i = 0; i < self->dots->len; i++)
    {
      graphene_point_t point = place_dot (self, get_dot (self, i));
      double distance = hypot (point.x - x, point.y - y);

      if (distance >= nearest)
        continue;
      nearest = distance;
      found = (int) i;
    }
  return found;
}

static char *
kelvin_scatter_dup_item_text (KelvinChart *chart, guint index)
{
  const KelvinScatterDot *dot = get_dot (KELVIN_SCATTER (chart), index);
  g_autofree char *latency = kelvin_format_duration (dot->latency_ms);
  g_autofree char *due = kelvin_format_duration ((double) dot->due_ns / 1e6);
  const char *kind = dot->failed ? _ ("failed") : dot->cold ? _ ("cold") : _ ("warm");

  /* Translators: number of an invocation, when it was due, cold, warm or failed, its latency */
  return g_strdup_printf (_ ("#%" G_GUINT64_FORMAT ", due at %s, %s: %s"), dot->event, due, kind,
                          latency);
}

static void
kelvin_scatter_activate_item (KelvinChart *chart, guint index)
{
  g_signal_emit (chart, signals[SIGNAL_ACTIVATED], 0,
                 get_dot (KELVIN_SCATTER (chart), index)->event);
}

static void
add_row (KelvinScatter *self, GtkWidget *table, const char *title, gboolean cold)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < self->dots->len; i++)
    if (!get_dot (self, i)->failed && get_dot (self, i)->cold == cold)
      g_array_append_val (samples, get_dot (self, i)->latency_ms);
  if (samples->len == 0)
    return;

  KelvinSummary summary =
      kelvin_summary_of ((const double *) (const void *) samples->data, samples->len);
  g_autofree char *count = g_strdup_printf ("%u", samples->len);
  g_autofree char *least = kelvin_format_duration (summary.min);
  g_autofree char *median = kelvin_format_duration (summary.p50);
  g_autofree char *p99 =
      isnan (summary.p99) ? g_strdup (_ ("needs n ≥ 100")) : kelvin_format_duration (summary.p99);
  g_autofree char *most = kelvin_format_duration (summary.max);
  const char *cells[] = { title, count, least, median, p99, most, NULL };
  kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
}

static GtkWidget *
kelvin_scatter_create_table (KelvinChart *chart)
{
  KelvinScatter *self = KELVIN_SCATTER (chart);
  const char *titles[] = { _ ("Latency"), _ ("Count"), _ ("Least"), _ ("Median"),
                           _ ("p99"),     _ ("Most"),  NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  add_row (self, table, _ ("cold"), TRUE);
  add_row (self, table, _ ("warm"), FALSE);
  return table;
}

static void
kelvin_scatter_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                        int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinScatter *self = KELVIN_SCATTER (widget);
  float end;

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  float legend = kelvin_legend_measure (&self->legend, LEAST_WIDTH, &end);
  *minimum = *natural =
      (int) ceilf (legend + GAP + PLOT_HEIGHT + GAP + kelvin_axis_marks_measure (widget));
}

static void
kelvin_scatter_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinScatter *self = KELVIN_SCATTER (widget);
  g_autofree char *most = NULL;
  int most_width;
  float end;

  self->legend_height = kelvin_legend_measure (&self->legend, width, &end);
  self->latency = kelvin_axis_fit (0, MAX (self->most_ms * 1.05, 1), 4);
  most = kelvin_axis_dup_label (&self->latency, self->latency.n_ticks - 1);
  pango_layout_set_text (self->most, most, -1);
  pango_layout_get_pixel_size (self->most, &most_width, NULL);
  self->label_width = most_width;

  float x = self->label_width + GAP;
  float y = self->legend_height + GAP;
  float axis_height = kelvin_axis_marks_measure (widget);
  self->plot = GRAPHENE_RECT_INIT (x, y, MAX (width - x - DIAMETER, 1),
                                   MAX (height - y - axis_height - GAP / 2.f, 1));
  self->time = kelvin_chart_fit_axis (KELVIN_CHART (self), MAX ((double) self->end_ns / 1e6, 1),
                                      kelvin_axis_marks_count (self->plot.size.width));
  kelvin_axis_marks_place (&self->marks, widget, &self->time, x,
                           y + self->plot.size.height + GAP / 2.f, self->plot.size.width, width);
  kelvin_legend_place (&self->legend, width);

  self->n_drawn = (gsize) (ceilf (self->plot.size.width) + 1) * MOST_ROWS;
  self->drawn = g_realloc (self->drawn, self->n_drawn);
  GTK_WIDGET_CLASS (kelvin_scatter_parent_class)->size_allocate (widget, width, height, baseline);
}

/* Whether something is drawn there already; a cell is a pixel column and a 64th of the height. */
static gboolean
take_cell (KelvinScatter *self, const graphene_point_t *point, guint8 kind)
{
  float column = floorf ((point->x - self->plot.origin.x) / 2) * 2;
  float row = (point->y - self->plot.origin.y) / self->plot.size.height * (MOST_ROWS - 1);
  gsize cell = (gsize) MAX (column, 0) * MOST_ROWS + (gsize) CLAMP (row, 0, MOST_ROWS - 1);

  if (cell >= self->n_drawn || (self->drawn[cell] & kind) != 0)
    return TRUE;
  self->drawn[cell] |= kind;
  return FALSE;
}

static void
snapshot_dots (KelvinScatter *self, GtkSnapshot *snapshot)
{
  KelvinChart *chart = KELVIN_CHART (self);
  graphene_rect_t plot = kelvin_scatter_get_plot (chart);
  gboolean rounded = self->dots->len <= 2000;
  GdkRGBA colors[3];

  kelvin_chart_get_hue (chart, KELVIN_HUE_WARM, &colors[0]);
  kelvin_chart_get_hue (chart, KELVIN_HUE_COLD, &colors[1]);
  kelvin_chart_get_hue (chart, KELVIN_HUE_FAILED, &colors[2]);
  memset (self->drawn, 0, self->n_drawn);
  gtk_snapshot_push_clip (snapshot, &plot);
  for (guint i = 0; i < self->dots->len; i++)
    {
      const KelvinScatterDot *dot = get_dot (self, i);
      guint kind = dot->failed ? 2 : dot->cold ? 1 : 0;
      graphene_point_t point = place_dot (self, dot);
      GskRoundedRect outline;

      if (point.x < plot.origin.x || point.x > plot.origin.x + plot.size.width ||
          take_cell (self, &point, (guint8) (1 << kind)))
        continue;
      graphene_rect_t area = GRAPHENE_RECT_INIT (point.x - DIAMETER / 2.f, point.y - DIAMETER / 2.f,
                                                 DIAMETER, DIAMETER);
      gsk_rounded_rect_init_from_rect (&outline, &area, dot->failed ? 0 : DIAMETER / 2.f);
      if (rounded)
        gtk_snapshot_push_rounded_clip (snapshot, &outline);
      gtk_snapshot_append_color (snapshot, &colors[kind], &area);
      if (rounded)
        gtk_snapshot_pop (snapshot);
    }
  gtk_snapshot_pop (snapshot);
}

static void
kelvin_scatter_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinScatter *self = KELVIN_SCATTER (widget);
  KelvinChart *chart = KELVIN_CHART (widget);
  GdkRGBA dim, line;
  int height;

  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_chart_get_line_color (chart, &line);
  kelvin_legend_snapshot (&self->legend, chart, snapshot, 0, 0);
  double top = kelvin_axis_get_tick (&self->latency, self->latency.n_ticks - 1);
  float y = self->plot.origin.y +
            self->plot.size.height * (1 - (float) kelvin_axis_place (&self->latency, top));
  pango_layout_get_pixel_size (self->most, NULL, &height);
  GdkRGBA faint = line;
  faint.alpha *= .5f;
  gtk_snapshot_append_color (
      snapshot, &faint, &GRAPHENE_RECT_INIT (self->plot.origin.x, y, self->plot.size.width, 1));
  kelvin_chart_append_text (snapshot, self->most, &GRAPHENE_POINT_INIT (0, y - height / 2.f), &dim);
  kelvin_chart_append_text (
      snapshot, self->none,
      &GRAPHENE_POINT_INIT (self->label_width - 8,
                            self->plot.origin.y + self->plot.size.height - height / 2.f),
      &dim);
  snapshot_dots (self, snapshot);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  kelvin_chart_append_cursor (chart, snapshot);
}

static void
kelvin_scatter_finalize (GObject *object)
{
  KelvinScatter *self = KELVIN_SCATTER (object);

  g_array_unref (self->dots);
  g_free (self->drawn);
  g_object_unref (self->most);
  g_object_unref (self->none);
  kelvin_legend_clear (&self->legend);
  kelvin_axis_marks_clear (&self->marks);

  G_OBJECT_CLASS (kelvin_scatter_parent_class)->finalize (object);
}

static void
kelvin_scatter_class_init (KelvinScatterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_scatter_finalize;
  widget_class->measure = kelvin_scatter_measure;
  widget_class->size_allocate = kelvin_scatter_size_allocate;
  widget_class->snapshot = kelvin_scatter_snapshot;
  chart_class->get_plot = kelvin_scatter_get_plot;
  chart_class->get_n_items = kelvin_scatter_get_n_items;
  chart_class->get_item_area = kelvin_scatter_get_item_area;
  chart_class->find_item = kelvin_scatter_find_item;
  chart_class->dup_item_text = kelvin_scatter_dup_item_text;
  chart_class->activate_item = kelvin_scatter_activate_item;
  chart_class->create_table = kelvin_scatter_create_table;

  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
kelvin_scatter_init (KelvinScatter *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->dots = g_array_new (FALSE, FALSE, sizeof (KelvinScatterDot));
  self->most = gtk_widget_create_pango_layout (widget, "");
  self->none = gtk_widget_create_pango_layout (widget, "0");
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_COLD, _ ("cold"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_WARM, _ ("warm"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_FAILED, _ ("failed"));
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Latency"));
}

GtkWidget *
kelvin_scatter_new (void)
{
  return g_object_new (KELVIN_TYPE_SCATTER, NULL);
}

static void
describe (KelvinScatter *self)
{
  guint cold = 0, failed = 0;

  for (guint i = 0; i < self->dots->len; i++)
    {
      cold += get_dot (self, i)->cold ? 1 : 0;
      failed += get_dot (self, i)->failed ? 1 : 0;
    }
  g_autofree char *most = kelvin_format_duration (self->most_ms);
  /* Translators: numbers of events, and the longest latency */
  g_autofree char *text = g_strdup_printf (
      _ ("%u events, %u of them cold, %u failed; at most %s from when one was due"),
      self->dots->len, cold, failed, most);

  self->described_us = g_get_monotonic_time ();
  kelvin_chart_set_description (KELVIN_CHART (self), text);
}

void
kelvin_scatter_clear (KelvinScatter *self)
{
  g_return_if_fail (KELVIN_IS_SCATTER (self));

  g_array_set_size (self->dots, 0);
  self->most_ms = 0;
  self->described_us = 0;
  kelvin_chart_items_changed (KELVIN_CHART (self));
}

void
kelvin_scatter_add (KelvinScatter *self, const KelvinScatterDot *dots, guint n)
{
  g_return_if_fail (KELVIN_IS_SCATTER (self));

  g_array_append_vals (self->dots, dots, n);
  for (guint i = 0; i < n; i++)
    self->most_ms = MAX (self->most_ms, dots[i].latency_ms);
}

void
kelvin_scatter_update (KelvinScatter *self, gint64 end_ns)
{
  g_return_if_fail (KELVIN_IS_SCATTER (self));

  self->end_ns = end_ns;
  kelvin_chart_items_added (KELVIN_CHART (self), FALSE);
  if (g_get_monotonic_time () - self->described_us >= DESCRIBE_INTERVAL_US)
    describe (self);
}

void
kelvin_scatter_end (KelvinScatter *self, gint64 end_ns)
{
  g_return_if_fail (KELVIN_IS_SCATTER (self));

  kelvin_scatter_update (self, end_ns);
  describe (self);
}
