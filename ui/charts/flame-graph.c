#include "config.h"

#include "ui/charts/flame-graph.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/axis-marks.h"
#include "ui/charts/chart-private.h"
#include "ui/charts/duration.h"
#include "ui/charts/flame-layout.h"

#define LEAST_WIDTH 220
#define NATURAL_WIDTH 480
#define ROW_HEIGHT 24
#define GAP 1
#define AXIS_GAP 4
#define TEXT_INDENT 6
/* Narrower frames bear no text. */
#define LEAST_TEXT_WIDTH 36
/* In the description. */
#define MOST_DESCRIBED 5

typedef struct {
  char *name;
  char *detail;
  double self_ms;
  KelvinHue hue;
  PangoLayout *layout; /* nullable: made when the frame is first wide enough to bear it */
} Frame;

struct _KelvinFlameGraph {
  KelvinChart parent_instance;

  GArray *frames; /* of Frame */
  GArray *spans;  /* of KelvinFlameSpan, one for each */
  KelvinFlameLayout layout;
  GdkRGBA hues[KELVIN_N_HUES];

  /* Set when the size is: */
  KelvinAxis axis;
  KelvinAxisMarks marks;
  float width;
};

enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinFlameGraph, kelvin_flame_graph, KELVIN_TYPE_CHART)

static void
clear_frame (gpointer data)
{
  Frame *frame = data;

  g_free (frame->name);
  g_free (frame->detail);
  g_clear_object (&frame->layout);
}

static guint
count_rows (KelvinFlameGraph *self)
{
  return MIN (self->layout.n_rows, KELVIN_FLAME_MOST_ROWS);
}

static guint
kelvin_flame_graph_get_n_items (KelvinChart *chart)
{
  return KELVIN_FLAME_GRAPH (chart)->frames->len;
}

static graphene_rect_t
kelvin_flame_graph_get_item_area (KelvinChart *chart, guint index)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (chart);
  graphene_rect_t area =
      kelvin_flame_layout_get_area (&self->layout, index, &self->axis, self->width, ROW_HEIGHT);

  area.size.height -= GAP;
  return area;
}

static graphene_rect_t
kelvin_flame_graph_get_plot (KelvinChart *chart)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (chart);

  return GRAPHENE_RECT_INIT (0, 0, self->width, count_rows (self) * ROW_HEIGHT);
}

static int
kelvin_flame_graph_find_item (KelvinChart *chart, double x, double y)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (chart);
  double ms = kelvin_axis_value_at (&self->axis, x / MAX (self->width, 1));
  double pixel_ms = (self->axis.high - self->axis.low) / MAX (self->width, 1);

  if (y < 0 || y >= count_rows (self) * ROW_HEIGHT)
    return KELVIN_CHART_NO_ITEM;
  return kelvin_flame_layout_find (&self->layout, (guint) (y / ROW_HEIGHT), ms, pixel_ms);
}

static char *
kelvin_flame_graph_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (chart);
  const Frame *frame = &g_array_index (self->frames, Frame, index);
  const KelvinFlameSpan *span = &g_array_index (self->spans, KelvinFlameSpan, index);
  g_autofree char *whole = kelvin_format_duration (span->end_ms - span->start_ms);
  g_autofree char *own = kelvin_format_duration (frame->self_ms);
  /* Translators: a module, its time with all that it loads, and its time alone */
  g_autofree char *figures =
      g_strdup_printf (_ ("%s: %s, %s of it itself"), frame->name, whole, own);

  return frame->detail != NULL ? g_strdup_printf ("%s\n%s", figures, frame->detail)
                               : g_steal_pointer (&figures);
}

static GtkWidget *
kelvin_flame_graph_create_table (KelvinChart *chart)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (chart);
  const char *titles[] = { _ ("Module"), _ ("Self"), _ ("With its own"), _ ("From"), NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  for (guint i = 0; i < self->frames->len; i++)
    {
      const Frame *frame = &g_array_index (self->frames, Frame, i);
      const KelvinFlameSpan *span = &g_array_index (self->spans, KelvinFlameSpan, i);
      g_autofree char *name =
          g_strdup_printf ("%*s%s", (int) MIN (span->depth, 10) * 2, "", frame->name);
      g_autofree char *own = kelvin_format_duration (frame->self_ms);
      g_autofree char *whole = kelvin_format_duration (span->end_ms - span->start_ms);
      g_autofree char *from = kelvin_format_duration (span->start_ms);
      const char *cells[] = { name, own, whole, from, NULL };

      kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
    }
  return table;
}

static void
kelvin_flame_graph_measure (GtkWidget *widget, GtkOrientation orientation, int for_size,
                            int *minimum, int *natural, int *minimum_baseline,
                            int *natural_baseline)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }
  *minimum = *natural =
      (int) ceilf (count_rows (self) * ROW_HEIGHT + AXIS_GAP + kelvin_axis_marks_measure (widget));
}

/* --- what bears text is laid out when the size or the view changes, never while drawing --- */

static void
ensure_text (KelvinFlameGraph *self, guint index)
{
  Frame *frame = &g_array_index (self->frames, Frame, index);
  const KelvinFlameSpan *span = &g_array_index (self->spans, KelvinFlameSpan, index);

  if (frame->layout != NULL)
    return;

  g_autofree char *time = kelvin_format_duration (span->end_ms - span->start_ms);
  g_autofree char *text = g_strdup_printf ("%s %s", frame->name, time);
  frame->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
}

static void
ensure_texts (KelvinFlameGraph *self)
{
  double least_ms = (self->axis.high - self->axis.low) * LEAST_TEXT_WIDTH / MAX (self->width, 1);

  for (guint row = 0; row < count_rows (self); row++)
    {
      guint place = kelvin_flame_layout_find_place (&self->layout, row, self->axis.low);

      for (; place < self->layout.row_start[row + 1]; place++)
        {
          guint index = self->layout.by_row[place];
          const KelvinFlameSpan *span = &self->layout.spans[index];

          if (span->start_ms > self->axis.high)
            break;
          if (span->end_ms - span->start_ms >= least_ms)
            ensure_text (self, index);
        }
    }
}

static void
kelvin_flame_graph_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (widget);

  self->width = width;
  self->axis = kelvin_chart_fit_axis (KELVIN_CHART (self), MAX (self->layout.end_ms, 0.001),
                                      kelvin_axis_marks_count (width));
  kelvin_axis_marks_place (&self->marks, widget, &self->axis, 0,
                           count_rows (self) * ROW_HEIGHT + AXIS_GAP, width, width);
  ensure_texts (self);

  GTK_WIDGET_CLASS (kelvin_flame_graph_parent_class)
      ->size_allocate (widget, width, height, baseline);
}

/* --- drawing --- */

static void
append_text (KelvinFlameGraph *self, GtkSnapshot *snapshot, guint index,
             const graphene_rect_t *area)
{
  const Frame *frame = &g_array_index (self->frames, Frame, index);
  const GdkRGBA *under = &self->hues[frame->hue];
  /* Rec. 709: dark text on light colours, and the other way round. */
  float light = 0.2126f * under->red + 0.7152f * under->green + 0.0722f * under->blue;
  GdkRGBA color = light > 0.4f ? (GdkRGBA){ 0, 0, 0, 0.87f } : (GdkRGBA){ 1, 1, 1, 1 };
  float x = MAX (area->origin.x, 0) + TEXT_INDENT;
  int text_height;

  pango_layout_get_pixel_size (frame->layout, NULL, &text_height);
  gtk_snapshot_push_clip (snapshot, area);
  kelvin_chart_append_text (
      snapshot, frame->layout,
      &GRAPHENE_POINT_INIT (x, area->origin.y + (area->size.height - text_height) / 2), &color);
  gtk_snapshot_pop (snapshot);
}

/* Frames that are narrower than this are drawn as one with their neighbours of the same colour. */
#define LEAST_OWN_WIDTH 2

/* What is drawn when it can't grow any more. */
typedef struct {
  graphene_rect_t area;
  KelvinHue hue;
  gboolean open;
} Stripe;

static void
flush_stripe (KelvinFlameGraph *self, GtkSnapshot *snapshot, Stripe *stripe)
{
  if (stripe->open)
    gtk_snapshot_append_color (snapshot, &self->hues[stripe->hue], &stripe->area);
  stripe->open = FALSE;
}

static void
add_narrow (KelvinFlameGraph *self, GtkSnapshot *snapshot, Stripe *stripe,
            const graphene_rect_t *area, KelvinHue hue)
{
  float end = area->origin.x + MAX (area->size.width, 1);

  if (!stripe->open || stripe->hue != hue ||
      area->origin.x > stripe->area.origin.x + stripe->area.size.width + 1)
    {
      flush_stripe (self, snapshot, stripe);
      *stripe = (Stripe){ *area, hue, TRUE };
    }
  stripe->area.size.width = MAX (stripe->area.size.width, end - stripe->area.origin.x);
}

static void
append_row (KelvinFlameGraph *self, GtkSnapshot *snapshot, guint row)
{
  guint place = kelvin_flame_layout_find_place (&self->layout, row, self->axis.low);
  Stripe stripe = { .open = FALSE };

  for (; place < self->layout.row_start[row + 1]; place++)
    {
      guint index = self->layout.by_row[place];
      const Frame *frame = &g_array_index (self->frames, Frame, index);
      graphene_rect_t area = kelvin_flame_graph_get_item_area (KELVIN_CHART (self), index);

      if (area.origin.x > self->width)
        break;
      if (area.size.width < LEAST_OWN_WIDTH)
        {
          add_narrow (self, snapshot, &stripe, &area, frame->hue);
          continue;
        }
      flush_stripe (self, snapshot, &stripe);
      if (area.size.width > 3)
        area.size.width -= GAP;
      gtk_snapshot_append_color (snapshot, &self->hues[frame->hue], &area);
      if (area.size.width >= LEAST_TEXT_WIDTH && frame->layout != NULL)
        append_text (self, snapshot, index, &area);
    }
  flush_stripe (self, snapshot, &stripe);
}

static void
kelvin_flame_graph_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (widget);
  KelvinChart *chart = KELVIN_CHART (widget);
  graphene_rect_t plot = kelvin_flame_graph_get_plot (chart);
  GdkRGBA dim, line;

  if (self->frames->len == 0)
    return;

  for (guint i = 0; i < KELVIN_N_HUES; i++)
    kelvin_chart_get_hue (chart, (KelvinHue) i, &self->hues[i]);
  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_chart_get_line_color (chart, &line);
  gtk_snapshot_push_clip (snapshot, &plot);
  for (guint row = 0; row < count_rows (self); row++)
    append_row (self, snapshot, row);
  gtk_snapshot_pop (snapshot);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  kelvin_chart_append_cursor (chart, snapshot);
}

/* --- activation --- */

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, KelvinFlameGraph *self)
{
  int item = kelvin_flame_graph_find_item (KELVIN_CHART (self), x, y);

  if (item == KELVIN_CHART_NO_ITEM)
    return;
  kelvin_chart_set_cursor (KELVIN_CHART (self), item);
  g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0, (guint) item);
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  int cursor = kelvin_chart_get_private (KELVIN_CHART (widget))->cursor;

  if (cursor == KELVIN_CHART_NO_ITEM)
    return FALSE;
  g_signal_emit (widget, signals[SIGNAL_ACTIVATED], 0, (guint) cursor);
  return TRUE;
}

static void
kelvin_flame_graph_finalize (GObject *object)
{
  KelvinFlameGraph *self = KELVIN_FLAME_GRAPH (object);

  kelvin_flame_layout_clear (&self->layout);
  g_array_unref (self->frames);
  g_array_unref (self->spans);
  kelvin_axis_marks_clear (&self->marks);

  G_OBJECT_CLASS (kelvin_flame_graph_parent_class)->finalize (object);
}

static void
kelvin_flame_graph_class_init (KelvinFlameGraphClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_flame_graph_finalize;
  widget_class->measure = kelvin_flame_graph_measure;
  widget_class->size_allocate = kelvin_flame_graph_size_allocate;
  widget_class->snapshot = kelvin_flame_graph_snapshot;
  chart_class->get_plot = kelvin_flame_graph_get_plot;
  chart_class->get_n_items = kelvin_flame_graph_get_n_items;
  chart_class->get_item_area = kelvin_flame_graph_get_item_area;
  chart_class->find_item = kelvin_flame_graph_find_item;
  chart_class->dup_item_text = kelvin_flame_graph_dup_item_text;
  chart_class->create_table = kelvin_flame_graph_create_table;

  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
}

static void
kelvin_flame_graph_init (KelvinFlameGraph *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  self->frames = g_array_new (FALSE, TRUE, sizeof (Frame));
  g_array_set_clear_func (self->frames, clear_frame);
  self->spans = g_array_new (FALSE, FALSE, sizeof (KelvinFlameSpan));
  kelvin_flame_layout_init (&self->layout, NULL, 0);
  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Flame graph"));
}

GtkWidget *
kelvin_flame_graph_new (void)
{
  return g_object_new (KELVIN_TYPE_FLAME_GRAPH, NULL);
}

static int
compare_self (gconstpointer a, gconstpointer b)
{
  double first = (*(const KelvinFlameFrame *const *) a)->self_ms;
  double second = (*(const KelvinFlameFrame *const *) b)->self_ms;

  return (second > first) - (second < first);
}

static void
update_description (KelvinFlameGraph *self, const KelvinFlameFrame *frames, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GPtrArray) sorted = g_ptr_array_new ();
  g_autofree char *whole = kelvin_format_duration (self->layout.end_ms);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (sorted, (gpointer) &frames[i]);
  g_ptr_array_sort (sorted, compare_self);
  g_string_append_printf (text, ngettext ("%u part in %s", "%u parts in %s", n), n, whole);
  for (guint i = 0; i < MIN (n, MOST_DESCRIBED); i++)
    {
      const KelvinFlameFrame *frame = sorted->pdata[i];
      g_autofree char *own = kelvin_format_duration (frame->self_ms);

      /* Translators: a module and its own time, one of a list */
      g_string_append_printf (text, _ ("; %s itself %s"), frame->name, own);
    }
  kelvin_chart_set_description (KELVIN_CHART (self), text->str);
}

void
kelvin_flame_graph_set_frames (KelvinFlameGraph *self, const KelvinFlameFrame *frames, guint n)
{
  g_return_if_fail (KELVIN_IS_FLAME_GRAPH (self));

  kelvin_flame_layout_clear (&self->layout);
  g_array_set_size (self->frames, 0);
  g_array_set_size (self->spans, 0);
  for (guint i = 0; i < n; i++)
    {
      Frame frame = { g_strdup (frames[i].name), g_strdup (frames[i].detail), frames[i].self_ms,
                      frames[i].hue, NULL };
      KelvinFlameSpan span = { frames[i].start_ms, frames[i].end_ms, frames[i].depth };

      g_array_append_val (self->frames, frame);
      g_array_append_val (self->spans, span);
    }
  kelvin_flame_layout_init (&self->layout, (const KelvinFlameSpan *) (void *) self->spans->data, n);
  update_description (self, frames, n);
  kelvin_chart_items_changed (KELVIN_CHART (self));
}
