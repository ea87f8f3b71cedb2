#include "config.h"

#include "ui/charts/histogram.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/analysis/statistics.h"
#include "ui/charts/axis-marks.h"
#include "ui/charts/bins.h"
#include "ui/charts/duration.h"

#define LEAST_WIDTH 240
#define LEAST_HEIGHT 140
#define NATURAL_HEIGHT 200
#define NOTE_GAP 4

typedef struct {
  char *label;
  KelvinHue hue;
  KelvinBins bins;
  KelvinSummary summary;
  PangoLayout *note; /* "41 of 100", above the tallest bar */
  graphene_point_t note_point;
  gboolean note_visible; /* the bar is within what is looked at */
} Series;

/* A bar that isn't empty: an item of the chart. */
typedef struct {
  guint series;
  guint bin;
} Bar;

struct _KelvinHistogram {
  KelvinChart parent_instance;

  Series series[KELVIN_HISTOGRAM_MOST_SERIES];
  guint n_series;
  GArray *bars; /* of Bar, left to right within a series */
  double high;  /* the end of the last bar, ms */

  /* Set when the size is: */
  KelvinAxis axis;
  KelvinAxisMarks marks;
  graphene_rect_t plot;
};

G_DEFINE_FINAL_TYPE (KelvinHistogram, kelvin_histogram, KELVIN_TYPE_CHART)

static void
clear_series (KelvinHistogram *self)
{
  for (guint i = 0; i < self->n_series; i++)
    {
      g_free (self->series[i].label);
      kelvin_bins_clear (&self->series[i].bins);
      g_clear_object (&self->series[i].note);
    }
  self->n_series = 0;
  self->high = 0;
  g_array_set_size (self->bars, 0);
}

static char *
dup_range (double low, double high)
{
  g_autofree char *from = kelvin_format_duration (low);
  g_autofree char *to = kelvin_format_duration (high);

  return g_strdup_printf ("%s – %s", from, to);
}

static guint
kelvin_histogram_get_n_items (KelvinChart *chart)
{
  return KELVIN_HISTOGRAM (chart)->bars->len;
}

static graphene_rect_t
kelvin_histogram_get_item_area (KelvinChart *chart, guint index)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (chart);
  Bar bar = g_array_index (self->bars, Bar, index);

  return kelvin_bins_get_bar (&self->series[bar.series].bins, bar.bin, &self->axis, &self->plot);
}

static graphene_rect_t
kelvin_histogram_get_plot (KelvinChart *chart)
{
  return KELVIN_HISTOGRAM (chart)->plot;
}

static int
kelvin_histogram_find_item (KelvinChart *chart, double x, double y)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (chart);

  for (guint i = 0; i < self->bars->len; i++)
    {
      graphene_rect_t area = kelvin_histogram_get_item_area (chart, i);
      if (x >= area.origin.x - 1 && x <= area.origin.x + area.size.width + 1 &&
          y >= self->plot.origin.y && y <= self->plot.origin.y + self->plot.size.height)
        return (int) i;
    }

  return -1;
}

static char *
kelvin_histogram_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (chart);
  Bar bar = g_array_index (self->bars, Bar, index);
  const Series *series = &self->series[bar.series];
  g_autofree char *range = dup_range (kelvin_bins_get_low (&series->bins, bar.bin),
                                      kelvin_bins_get_high (&series->bins, bar.bin));

  /* Translators: kind of call, range of time, number of calls in it, number of all calls */
  return g_strdup_printf (_ ("%s, %s: %u of %" G_GSIZE_FORMAT), series->label, range,
                          series->bins.counts[bar.bin], series->bins.n_samples);
}

static GtkWidget *
kelvin_histogram_create_table (KelvinChart *chart)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (chart);
  const char *titles[] = { _ ("Kind"), _ ("Time"), _ ("Calls"), NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  for (guint i = 0; i < self->bars->len; i++)
    {
      Bar bar = g_array_index (self->bars, Bar, i);
      const Series *series = &self->series[bar.series];
      g_autofree char *range = dup_range (kelvin_bins_get_low (&series->bins, bar.bin),
                                          kelvin_bins_get_high (&series->bins, bar.bin));
      g_autofree char *count = g_strdup_printf ("%u", series->bins.counts[bar.bin]);
      const char *cells[] = { series->label, range, count, NULL };
      kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
    }

  return table;
}

static void
kelvin_histogram_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  gboolean horizontal = orientation == GTK_ORIENTATION_HORIZONTAL;

  *minimum = horizontal ? LEAST_WIDTH : LEAST_HEIGHT;
  *natural = horizontal ? LEAST_WIDTH * 2 : NATURAL_HEIGHT;
}

static guint
find_tallest (const KelvinBins *bins)
{
  guint tallest = 0;

  for (guint i = 1; i < bins->n_bins; i++)
    if (bins->counts[i] > bins->counts[tallest])
      tallest = i;

  return tallest;
}

static void
place_note (KelvinHistogram *self, Series *series, float width)
{
  graphene_rect_t bar =
      kelvin_bins_get_bar (&series->bins, find_tallest (&series->bins), &self->axis, &self->plot);
  int note_width, note_height;

  series->note_visible = graphene_rect_intersection (&bar, &self->plot, NULL);
  pango_layout_get_pixel_size (series->note, &note_width, &note_height);
  float x = bar.origin.x + bar.size.width / 2 - note_width / 2.f;
  series->note_point.x = CLAMP (x, 0, MAX (width - note_width, 0));
  series->note_point.y = bar.origin.y - note_height - NOTE_GAP;
}

/* Two notes side by side: the left one moves left, the right one right, as far as they must. */
static void
part_notes (KelvinHistogram *self, float width)
{
  int left_width;

  if (self->n_series < 2)
    return;

  Series *left = &self->series[0];
  Series *right = &self->series[1];
  if (left->note_point.x > right->note_point.x)
    {
      left = &self->series[1];
      right = &self->series[0];
    }
  pango_layout_get_pixel_size (left->note, &left_width, NULL);
  float overlap = left->note_point.x + left_width + 8 - right->note_point.x;
  if (overlap <= 0)
    return;

  float moved = MIN (overlap, left->note_point.x);
  left->note_point.x -= moved;
  right->note_point.x += overlap - moved;
}

static void
kelvin_histogram_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (widget);
  float marks_height = kelvin_axis_marks_measure (widget);
  float note_height = marks_height; /* a line of the same type, and its gap */

  self->axis = kelvin_chart_fit_axis (KELVIN_CHART (self), self->high * 1.02,
                                      kelvin_axis_marks_count (width));
  self->plot = GRAPHENE_RECT_INIT (0, note_height, width, height - marks_height - note_height);
  kelvin_axis_marks_place (&self->marks, widget, &self->axis, 0, height - marks_height, width,
                           width);
  for (guint i = 0; i < self->n_series; i++)
    place_note (self, &self->series[i], width);
  part_notes (self, width);

  GTK_WIDGET_CLASS (kelvin_histogram_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
kelvin_histogram_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (widget);
  KelvinChart *chart = KELVIN_CHART (widget);
  GdkRGBA color, line, dim;

  if (self->n_series == 0)
    return;

  gtk_snapshot_push_clip (snapshot, &self->plot);
  for (guint i = 0; i < self->bars->len; i++)
    {
      graphene_rect_t area = kelvin_histogram_get_item_area (chart, i);
      kelvin_chart_get_hue (chart, self->series[g_array_index (self->bars, Bar, i).series].hue,
                            &color);
      gtk_snapshot_append_color (snapshot, &color, &area);
    }

  gtk_snapshot_pop (snapshot);

  kelvin_chart_get_line_color (chart, &line);
  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  for (guint i = 0; i < self->n_series; i++)
    if (self->series[i].note_visible)
      kelvin_chart_append_text (snapshot, self->series[i].note, &self->series[i].note_point, &dim);
  kelvin_chart_append_cursor (chart, snapshot);
}

static void
kelvin_histogram_finalize (GObject *object)
{
  KelvinHistogram *self = KELVIN_HISTOGRAM (object);

  clear_series (self);
  g_array_unref (self->bars);
  kelvin_axis_marks_clear (&self->marks);

  G_OBJECT_CLASS (kelvin_histogram_parent_class)->finalize (object);
}

static void
kelvin_histogram_class_init (KelvinHistogramClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_histogram_finalize;
  widget_class->measure = kelvin_histogram_measure;
  widget_class->size_allocate = kelvin_histogram_size_allocate;
  widget_class->snapshot = kelvin_histogram_snapshot;
  chart_class->get_plot = kelvin_histogram_get_plot;
  chart_class->get_n_items = kelvin_histogram_get_n_items;
  chart_class->get_item_area = kelvin_histogram_get_item_area;
  chart_class->find_item = kelvin_histogram_find_item;
  chart_class->dup_item_text = kelvin_histogram_dup_item_text;
  chart_class->create_table = kelvin_histogram_create_table;
}

static void
kelvin_histogram_init (KelvinHistogram *self)
{
  self->bars = g_array_new (FALSE, FALSE, sizeof (Bar));
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Histogram"));
}

GtkWidget *
kelvin_histogram_new (void)
{
  return g_object_new (KELVIN_TYPE_HISTOGRAM, NULL);
}

static void
add_series (KelvinHistogram *self, const KelvinHistogramSeries *from)
{
  guint index = self->n_series++;
  Series *series = &self->series[index];

  *series = (Series){ .label = g_strdup (from->label),
                      .hue = from->hue,
                      .bins = kelvin_bins_of (from->samples, from->n),
                      .summary = kelvin_summary_of (from->samples, from->n) };
  /* Translators: the tallest bar of a histogram: its number of calls, and all calls */
  g_autofree char *note =
      g_strdup_printf (_ ("%u of %" G_GSIZE_FORMAT), series->bins.most, from->n);
  series->note = gtk_widget_create_pango_layout (GTK_WIDGET (self), note);
  self->high = MAX (self->high, kelvin_bins_get_high (&series->bins, series->bins.n_bins - 1));

  for (guint i = 0; i < series->bins.n_bins; i++)
    {
      Bar bar = { index, i };
      if (series->bins.counts[i] > 0)
        g_array_append_val (self->bars, bar);
    }
}

static void
describe_series (GString *text, const Series *series)
{
  g_autofree char *median = kelvin_format_duration (series->summary.p50);
  g_autofree char *least = kelvin_format_duration (series->summary.min);
  g_autofree char *most = kelvin_format_duration (series->summary.max);

  if (text->len > 0)
    g_string_append (text, "; ");
  /* Translators: kind of call, how many, and times with their units */
  g_string_append_printf (text, _ ("%s: %" G_GSIZE_FORMAT " calls, median %s, from %s to %s"),
                          series->label, series->summary.count, median, least, most);
}

static void
update_description (KelvinHistogram *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->n_series; i++)
    describe_series (text, &self->series[i]);
  if (text->len == 0)
    g_string_append (text, _ ("Nothing measured yet"));
  kelvin_chart_set_description (KELVIN_CHART (self), text->str);
}

void
kelvin_histogram_set_series (KelvinHistogram *self, const KelvinHistogramSeries *series, guint n)
{
  g_return_if_fail (KELVIN_IS_HISTOGRAM (self));
  g_return_if_fail (n <= KELVIN_HISTOGRAM_MOST_SERIES);

  clear_series (self);
  for (guint i = 0; i < n; i++)
    if (series[i].n > 0)
      add_series (self, &series[i]);

  update_description (self);
  kelvin_chart_items_changed (KELVIN_CHART (self));
}
