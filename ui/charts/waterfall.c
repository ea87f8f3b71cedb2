#include "config.h"

#include "ui/charts/waterfall.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/axis-marks.h"
#include "ui/charts/duration.h"
#include "ui/charts/legend.h"
#include "ui/charts/waterfall-layout.h"

#define LEAST_WIDTH 240
#define NATURAL_WIDTH 640
#define AXIS_GAP 8
#define LEGEND_GAP 8
#define NOTE_GAP 24

typedef struct {
  char *label;
  char *note;
  KelvinPhases phases;
  gint64 start_us;
  PangoLayout *label_layout;
  PangoLayout *total_layout;
} Row;

typedef struct {
  KelvinWaterfallLayout layout;
  float axis_y;
  graphene_point_t legend;
  graphene_point_t note;
  float height;
} Places;

struct _KelvinWaterfall {
  KelvinChart parent_instance;

  GArray *rows;     /* of Row */
  GArray *segments; /* of KelvinWaterfallSegment: the items of the chart */
  KelvinWaterfallNeeds needs;
  KelvinLegend legend;
  PangoLayout *note_layout; /* nullable */
  float note_width;

  Places places; /* set when the size is, as the marks */
  KelvinAxisMarks marks;
};

G_DEFINE_FINAL_TYPE (KelvinWaterfall, kelvin_waterfall, KELVIN_TYPE_CHART)

static void
clear_row (gpointer data)
{
  Row *row = data;

  g_free (row->label);
  g_free (row->note);
  g_object_unref (row->label_layout);
  g_object_unref (row->total_layout);
}

static const Row *
get_row (KelvinWaterfall *self, guint index)
{
  return &g_array_index (self->rows, Row, index);
}

static const KelvinWaterfallSegment *
get_segment (KelvinWaterfall *self, guint index)
{
  return &g_array_index (self->segments, KelvinWaterfallSegment, index);
}

static gboolean
has_phase (KelvinWaterfall *self, KelvinPhase phase)
{
  for (guint i = 0; i < self->rows->len; i++)
    if (get_row (self, i)->phases.us[phase] >= 0)
      return TRUE;

  return FALSE;
}

static void
update_legend (KelvinWaterfall *self)
{
  kelvin_legend_clear (&self->legend);
  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      KelvinPhase phase = (KelvinPhase) i;
      if (has_phase (self, phase))
        kelvin_legend_add (&self->legend, GTK_WIDGET (self), kelvin_phase_get_hue (phase),
                           kelvin_phase_get_title (phase));
    }
}

static void
update_note (KelvinWaterfall *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  int width;

  g_clear_object (&self->note_layout);
  self->note_width = 0;
  for (guint i = 0; i < self->rows->len; i++)
    if (get_row (self, i)->note != NULL)
      g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", get_row (self, i)->note);
  if (text->len == 0)
    return;

  self->note_layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text->str);
  pango_layout_get_pixel_size (self->note_layout, &width, NULL);
  pango_layout_set_ellipsize (self->note_layout, PANGO_ELLIPSIZE_END);
  self->note_width = width;
}

static void
update_needs (KelvinWaterfall *self)
{
  self->needs = (KelvinWaterfallNeeds){ .n_rows = self->rows->len };
  for (guint i = 0; i < self->rows->len; i++)
    {
      const Row *row = get_row (self, i);
      int label_width, total_width, height;

      pango_layout_get_pixel_size (row->label_layout, &label_width, &height);
      pango_layout_get_pixel_size (row->total_layout, &total_width, NULL);
      self->needs.label_width = MAX (self->needs.label_width, label_width);
      self->needs.total_width = MAX (self->needs.total_width, total_width);
      self->needs.label_height = height;
      self->needs.end_us =
          MAX (self->needs.end_us, row->start_us + kelvin_phases_get_total_us (&row->phases));
    }
}

static guint
kelvin_waterfall_get_n_items (KelvinChart *chart)
{
  return KELVIN_WATERFALL (chart)->segments->len;
}

static graphene_rect_t
kelvin_waterfall_get_item_area (KelvinChart *chart, guint index)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (chart);

  return kelvin_waterfall_layout_get_area (&self->places.layout, get_segment (self, index));
}

static graphene_rect_t
kelvin_waterfall_get_plot (KelvinChart *chart)
{
  return kelvin_waterfall_layout_get_plot (&KELVIN_WATERFALL (chart)->places.layout);
}

static int
kelvin_waterfall_find_item (KelvinChart *chart, double x, double y)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (chart);

  return kelvin_waterfall_layout_find (&self->places.layout, self->segments, (float) x, (float) y);
}

static char *
kelvin_waterfall_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (chart);
  const KelvinWaterfallSegment *segment = get_segment (self, index);
  const Row *row = get_row (self, segment->row);
  g_autofree char *length = kelvin_format_duration (segment->length_us / 1000.);
  double share = 100. * segment->length_us / kelvin_phases_get_total_us (&row->phases);

  /* Translators: row, phase, its length with unit, its share of the row's whole time */
  return g_strdup_printf (_ ("%s, %s: %s, %.1f %%"), row->label,
                          kelvin_phase_get_title (segment->phase), length, share);
}

static void
add_table_row (KelvinWaterfall *self, GtkWidget *table, const char *title, int phase)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, title);
  for (guint i = 0; i < self->rows->len; i++)
    {
      const KelvinPhases *phases = &get_row (self, i)->phases;
      gint64 us = phase < 0 ? kelvin_phases_get_total_us (phases) : phases->us[phase];
      g_autofree char *text = us < 0 ? g_strdup ("–") : g_strdup_printf ("%.2f ms", us / 1000.);
      g_strv_builder_add (builder, text);
    }

  g_auto (GStrv) cells = g_strv_builder_end (builder);
  kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), (const char *const *) cells);
}

static GtkWidget *
kelvin_waterfall_create_table (KelvinChart *chart)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (chart);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, _ ("Phase"));
  for (guint i = 0; i < self->rows->len; i++)
    g_strv_builder_add (builder, get_row (self, i)->label);
  g_auto (GStrv) titles = g_strv_builder_end (builder);

  GtkWidget *table = kelvin_number_table_new ((const char *const *) titles);
  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    if (has_phase (self, (KelvinPhase) i))
      add_table_row (self, table, kelvin_phase_get_title ((KelvinPhase) i), (int) i);
  add_table_row (self, table, _ ("in all"), -1);
  return table;
}

/* Where everything stands at a width; changes nothing, so that measuring may ask too. */
static Places
compute_places (KelvinWaterfall *self, float width)
{
  Places places = { .layout = kelvin_waterfall_layout_fit (&self->needs, width) };
  const KelvinWaterfallLayout *layout = &places.layout;
  float legend_end;

  places.axis_y = kelvin_waterfall_layout_get_height (layout) + AXIS_GAP;
  float y = places.axis_y + kelvin_axis_marks_measure (GTK_WIDGET (self)) + LEGEND_GAP;
  places.legend = GRAPHENE_POINT_INIT (layout->bars_x, y);
  y += kelvin_legend_measure (&self->legend, width - layout->bars_x, &legend_end);
  if (self->note_layout == NULL)
    {
      places.height = y;
      return places;
    }

  gboolean beside = layout->bars_x + legend_end + NOTE_GAP + self->note_width <= width;
  if (beside)
    y -= self->legend.line_height;
  places.note = GRAPHENE_POINT_INIT (beside ? width - self->note_width : layout->bars_x, y + 2);
  places.height = y + self->legend.line_height;
  return places;
}

static GtkSizeRequestMode
kelvin_waterfall_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
kelvin_waterfall_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }

  float width = for_size < 0 ? LEAST_WIDTH : for_size;
  float height = self->rows->len > 0 ? compute_places (self, width).height : 0;
  *minimum = *natural = (int) ceilf (height);
}

static void
kelvin_waterfall_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (widget);
  const KelvinWaterfallLayout *layout = &self->places.layout;

  self->places = compute_places (self, width);
  self->places.layout.axis =
      kelvin_chart_fit_axis (KELVIN_CHART (self), self->needs.end_us / 1000.,
                             kelvin_axis_marks_count (self->places.layout.bars_width));
  kelvin_axis_marks_place (&self->marks, widget, &layout->axis, layout->bars_x, self->places.axis_y,
                           layout->bars_width, width);
  kelvin_legend_place (&self->legend, width - layout->bars_x);
  if (self->note_layout != NULL)
    pango_layout_set_width (self->note_layout,
                            (int) ceilf (width - self->places.note.x) * PANGO_SCALE);

  GTK_WIDGET_CLASS (kelvin_waterfall_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
snapshot_texts (KelvinWaterfall *self, guint index, GtkSnapshot *snapshot, const GdkRGBA *text)
{
  const KelvinWaterfallLayout *layout = &self->places.layout;
  const Row *row = get_row (self, index);
  float bar_y = kelvin_waterfall_layout_get_bar_y (layout, index);
  float middle = bar_y + (layout->bar_height - layout->label_height) / 2;
  float label_y = layout->stacked ? bar_y - layout->label_height - 1 : middle;
  gint64 end_us = row->start_us + kelvin_phases_get_total_us (&row->phases);
  float bars_end = layout->bars_x + layout->bars_width;
  float end = CLAMP (kelvin_waterfall_layout_place (layout, end_us), layout->bars_x, bars_end);

  kelvin_chart_append_text (snapshot, row->label_layout, &GRAPHENE_POINT_INIT (0, label_y), text);
  kelvin_chart_append_text (snapshot, row->total_layout, &GRAPHENE_POINT_INIT (end + 10, middle),
                            text);
}

static void
snapshot_segments (KelvinWaterfall *self, GtkSnapshot *snapshot)
{
  graphene_rect_t plot = kelvin_waterfall_layout_get_plot (&self->places.layout);

  gtk_snapshot_push_clip (snapshot, &plot);
  for (guint i = 0; i < self->segments->len; i++)
    {
      const KelvinWaterfallSegment *segment = get_segment (self, i);
      graphene_rect_t area = kelvin_waterfall_layout_get_area (&self->places.layout, segment);

      /* A phase that happened is seen, be it ever so short. */
      area.size.width = MAX (area.size.width, 1);
      kelvin_chart_append_bar (KELVIN_CHART (self), snapshot, kelvin_phase_get_hue (segment->phase),
                               &area);
    }
  gtk_snapshot_pop (snapshot);
}

static void
kelvin_waterfall_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (widget);
  KelvinChart *chart = KELVIN_CHART (widget);
  GdkRGBA text, dim, line;

  if (self->rows->len == 0)
    return;

  kelvin_chart_get_text_color (chart, &text);
  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_chart_get_line_color (chart, &line);
  snapshot_segments (self, snapshot);
  for (guint i = 0; i < self->rows->len; i++)
    snapshot_texts (self, i, snapshot, &text);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  kelvin_legend_snapshot (&self->legend, chart, snapshot, self->places.legend.x,
                          self->places.legend.y);
  if (self->note_layout != NULL)
    kelvin_chart_append_text (snapshot, self->note_layout, &self->places.note, &dim);
  kelvin_chart_append_cursor (chart, snapshot);
}

static void
kelvin_waterfall_finalize (GObject *object)
{
  KelvinWaterfall *self = KELVIN_WATERFALL (object);

  kelvin_axis_marks_clear (&self->marks);
  kelvin_legend_clear (&self->legend);
  g_clear_object (&self->note_layout);
  g_array_unref (self->rows);
  g_array_unref (self->segments);

  G_OBJECT_CLASS (kelvin_waterfall_parent_class)->finalize (object);
}

static void
kelvin_waterfall_class_init (KelvinWaterfallClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_waterfall_finalize;
  widget_class->get_request_mode = kelvin_waterfall_get_request_mode;
  widget_class->measure = kelvin_waterfall_measure;
  widget_class->size_allocate = kelvin_waterfall_size_allocate;
  widget_class->snapshot = kelvin_waterfall_snapshot;
  chart_class->get_plot = kelvin_waterfall_get_plot;
  chart_class->get_n_items = kelvin_waterfall_get_n_items;
  chart_class->get_item_area = kelvin_waterfall_get_item_area;
  chart_class->find_item = kelvin_waterfall_find_item;
  chart_class->dup_item_text = kelvin_waterfall_dup_item_text;
  chart_class->create_table = kelvin_waterfall_create_table;
}

static void
kelvin_waterfall_init (KelvinWaterfall *self)
{
  self->rows = g_array_new (FALSE, TRUE, sizeof (Row));
  g_array_set_clear_func (self->rows, clear_row);
  self->segments = g_array_new (FALSE, FALSE, sizeof (KelvinWaterfallSegment));
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Waterfall"));
  kelvin_waterfall_set_rows (self, NULL, 0);
}

GtkWidget *
kelvin_waterfall_new (void)
{
  return g_object_new (KELVIN_TYPE_WATERFALL, NULL);
}

static void
add_row (KelvinWaterfall *self, const KelvinWaterfallRow *from)
{
  g_autofree char *total =
      kelvin_format_duration (kelvin_phases_get_total_us (&from->phases) / 1000.);
  Row row = { .label = g_strdup (from->label),
              .note = g_strdup (from->note),
              .phases = from->phases,
              .start_us = from->start_us };

  row.label_layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), from->label);
  row.total_layout = kelvin_chart_create_bold_layout (KELVIN_CHART (self), total);
  kelvin_waterfall_add_segments (self->segments, self->rows->len, &row.phases, row.start_us);
  g_array_append_val (self->rows, row);
}

void
kelvin_waterfall_set_rows (KelvinWaterfall *self, const KelvinWaterfallRow *rows, guint n)
{
  g_return_if_fail (KELVIN_IS_WATERFALL (self));
  g_return_if_fail (rows != NULL || n == 0);

  g_autofree char *description = kelvin_waterfall_describe (rows, n);
  g_array_set_size (self->rows, 0);
  g_array_set_size (self->segments, 0);
  for (guint i = 0; i < n; i++)
    add_row (self, &rows[i]);

  update_needs (self);
  update_legend (self);
  update_note (self);
  kelvin_chart_set_description (KELVIN_CHART (self), description);
  kelvin_chart_items_changed (KELVIN_CHART (self));
}
