#include "config.h"

#include "ui/charts/lanes-private.h"

#include <math.h>

/* More bars than this are drawn with square corners, which cost a fraction. */
#define MOST_ROUNDED 400
#define LEAST_ROUNDED 8
#define LEAST_CROSS 14
#define TICK_WIDTH 1.5f
#define LINE 2

typedef struct {
  KelvinLanes *lanes;
  GtkSnapshot *snapshot;
  const KelvinLanesLayout *layout;
  GdkRGBA hues[KELVIN_N_HUES];
  gboolean rounded;
} Drawing;

static void
append_part (Drawing *drawing, KelvinHue hue, float x, float end, float y, float height)
{
  float first = MAX (x, drawing->layout->plot_x);
  float last = MIN (end, drawing->layout->plot_x + drawing->layout->plot_width);

  if (last > first)
    gtk_snapshot_append_color (drawing->snapshot, &drawing->hues[hue],
                               &GRAPHENE_RECT_INIT (first, y, last - first, height));
}

static KelvinHue
get_hue (const KelvinLaneBar *bar)
{
  return kelvin_lane_bar_is_failed (bar) ? KELVIN_HUE_FAILED : KELVIN_HUE_HANDLER;
}

static void
append_cross (Drawing *drawing, float x, float width, float y, float height)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  int cross_width, cross_height;

  pango_layout_get_pixel_size (drawing->lanes->cross, &cross_width, &cross_height);
  kelvin_chart_append_text (
      drawing->snapshot, drawing->lanes->cross,
      &GRAPHENE_POINT_INIT (x + (width - cross_width) / 2, y + (height - cross_height) / 2),
      &white);
}

static void
append_phases (Drawing *drawing, const KelvinLaneBar *bar, float x, float width, float y,
               float height)
{
  const KelvinLanesLayout *layout = drawing->layout;
  float init = kelvin_lanes_layout_place (layout, bar->init_ns);
  float handler = kelvin_lanes_layout_place (layout, bar->handler_ns);

  append_part (drawing, KELVIN_HUE_RUNTIME, x, init, y, height);
  append_part (drawing, KELVIN_HUE_INIT, init, handler, y, height);
  append_part (drawing, get_hue (bar), handler, x + width, y, height);
  if (kelvin_lane_bar_is_failed (bar) && width >= LEAST_CROSS)
    append_cross (drawing, handler, x + width - handler, y, height);
}

/* A gap of a pixel after what is wide enough, so that bars stay apart. */
static void
append_bar (Drawing *drawing, const KelvinLaneBar *bar, const KelvinLaneShape *shape, float y,
            float height)
{
  float width = shape->width > 3 ? shape->width - 1 : shape->width;
  GskRoundedRect outline;

  if (!drawing->rounded || width < LEAST_ROUNDED)
    {
      append_phases (drawing, bar, shape->x, width, y, height);
      return;
    }

  gsk_rounded_rect_init_from_rect (&outline, &GRAPHENE_RECT_INIT (shape->x, y, width, height),
                                   2.5f);
  gtk_snapshot_push_rounded_clip (drawing->snapshot, &outline);
  append_phases (drawing, bar, shape->x, width, y, height);
  gtk_snapshot_pop (drawing->snapshot);
}

/* Shapes of one pixel column that touch and look alike are one. */
typedef struct {
  KelvinHue hue;
  float x, end;
} Pending;

static void
flush (Drawing *drawing, Pending *pending, float y, float height)
{
  append_part (drawing, pending->hue, pending->x, pending->end, y, height);
  pending->end = pending->x = -1;
}

static KelvinHue
get_shared_hue (const KelvinLaneData *data, const KelvinLane *lane, const KelvinLaneShape *shape)
{
  guint last = MIN (shape->last, shape->first + 8);

  for (guint i = shape->first; i < last; i++)
    if (kelvin_lane_bar_is_failed (
            kelvin_lane_data_get_bar (data, g_array_index (lane->bars, guint32, i))))
      return KELVIN_HUE_FAILED;
  return KELVIN_HUE_HANDLER;
}

static void
append_shapes (Drawing *drawing, const KelvinLane *lane, float y, float height)
{
  const KelvinLaneData *data = drawing->lanes->data;
  const KelvinLanesLayout *layout = drawing->layout;
  Pending pending = { KELVIN_HUE_HANDLER, -1, -1 };
  KelvinLaneShape shape;

  guint position = kelvin_lane_data_find_in_lane (
      data, lane, kelvin_lanes_layout_time_at (layout, layout->plot_x));
  for (; kelvin_lanes_layout_next_shape (layout, data, lane, position, &shape);
       position = shape.last)
    {
      if (shape.width > 1)
        {
          const KelvinLaneBar *bar =
              kelvin_lane_data_get_bar (data, g_array_index (lane->bars, guint32, position));
          flush (drawing, &pending, y, height);
          append_bar (drawing, bar, &shape, y, height);
          continue;
        }

      KelvinHue hue = get_shared_hue (data, lane, &shape);
      if (pending.end < shape.x || pending.hue != hue)
        {
          flush (drawing, &pending, y, height);
          pending = (Pending){ hue, shape.x, shape.x };
        }
      pending.end = shape.x + shape.width;
    }
  flush (drawing, &pending, y, height);
}

/* What an environment does just now, of which there is no record yet. */
static void
append_present (Drawing *drawing, const KelvinLane *lane, float y, float height)
{
  const KelvinLanesLayout *layout = drawing->layout;
  float born = kelvin_lanes_layout_place (layout, lane->born_ns);
  float since = kelvin_lanes_layout_place (layout, lane->since_ns);
  float now = kelvin_lanes_layout_place (layout, drawing->lanes->data->now_ns);

  if (lane->state == KELVIN_STATE_STARTING)
    append_part (drawing, KELVIN_HUE_RUNTIME, since, now, y, height);
  else if (lane->state == KELVIN_STATE_BUSY)
    append_part (drawing, KELVIN_HUE_HANDLER, since, now, y, height);
  else if (lane->state == KELVIN_STATE_INITIALISING)
    {
      if (lane->bars->len == 0)
        append_part (drawing, KELVIN_HUE_RUNTIME, born, since, y, height);
      append_part (drawing, KELVIN_HUE_INIT, since, now, y, height);
    }
}

static void
append_lane (Drawing *drawing, guint row)
{
  const KelvinLane *lane = kelvin_lane_data_get_lane (drawing->lanes->data, row);
  const KelvinLanesLayout *layout = drawing->layout;
  float middle = kelvin_lanes_layout_get_row_middle (layout, row);
  float height = kelvin_lanes_layout_get_bar_height (layout);
  float y = roundf (middle - height / 2);
  float thin = MAX (roundf (height * .4f), 2);
  gint64 end_ns = lane->dead_ns >= 0 ? lane->dead_ns : drawing->lanes->data->now_ns;

  append_part (drawing, KELVIN_HUE_IDLE, kelvin_lanes_layout_place (layout, lane->born_ns),
               kelvin_lanes_layout_place (layout, end_ns), roundf (middle - thin / 2), thin);
  append_shapes (drawing, lane, y, height);
  if (lane->dead_ns < 0)
    append_present (drawing, lane, y, height);
}

static guint
count_seen_bars (KelvinLanes *self, guint first, guint last)
{
  gint64 from_ns = kelvin_lanes_layout_time_at (&self->layout, self->layout.plot_x);
  gint64 to_ns =
      kelvin_lanes_layout_time_at (&self->layout, self->layout.plot_x + self->layout.plot_width);
  guint n = 0;

  for (guint row = first; row < last; row++)
    {
      const KelvinLane *lane = kelvin_lane_data_get_lane (self->data, row);

      n += kelvin_lane_data_find_in_lane (self->data, lane, to_ns) -
           kelvin_lane_data_find_in_lane (self->data, lane, from_ns);
    }
  return n;
}

static void
append_curve (cairo_t *cairo, float x, float y, float to_x, float to_y)
{
  float bend = MAX (fabsf (to_x - x) * .6f, 14);

  cairo_move_to (cairo, x, y);
  cairo_curve_to (cairo, x + bend, y, to_x - bend, to_y, to_x, to_y);
  cairo_stroke (cairo);
}

static float
get_try_y (const Drawing *drawing, const KelvinLanesTry *try)
{
  const KelvinLanesLayout *layout = drawing->layout;

  if (try->bar < 0)
    return layout->throttles_y + KELVIN_LANES_THROTTLES_HEIGHT / 2.f;
  return kelvin_lanes_layout_get_row_middle (
      layout, kelvin_lane_data_get_bar (drawing->lanes->data, (guint) try->bar)->lane);
}

/* From the end of each try to the beginning of the next, for the event that is pointed at alone. */
static void
append_links (Drawing *drawing)
{
  KelvinLanes *self = drawing->lanes;
  const KelvinLanesLayout *layout = drawing->layout;
  float bottom = layout->throttles_y + KELVIN_LANES_THROTTLES_HEIGHT;

  if (self->n_tries < 2)
    return;

  cairo_t *cairo = gtk_snapshot_append_cairo (
      drawing->snapshot, &GRAPHENE_RECT_INIT (layout->plot_x, layout->rows_y, layout->plot_width,
                                              bottom - layout->rows_y));
  gdk_cairo_set_source_rgba (cairo, &drawing->hues[KELVIN_HUE_LINK]);
  cairo_set_line_width (cairo, 2);
  for (guint i = 1; i < self->n_tries; i++)
    {
      const KelvinLanesTry *from = &self->tries[i - 1];
      const KelvinLanesTry *to = &self->tries[i];
      gint64 from_ns = from->bar < 0
                           ? from->at_ns
                           : kelvin_lane_data_get_bar (self->data, (guint) from->bar)->end_ns;

      append_curve (cairo, kelvin_lanes_layout_place (layout, from_ns), get_try_y (drawing, from),
                    kelvin_lanes_layout_place (layout, to->at_ns), get_try_y (drawing, to));
    }
  cairo_destroy (cairo);
}

static void
append_rows (Drawing *drawing)
{
  graphene_rect_t area = kelvin_lanes_layout_get_rows_area (drawing->layout);
  guint first, last;

  kelvin_lanes_layout_get_seen_rows (drawing->layout, &first, &last);
  drawing->rounded = count_seen_bars (drawing->lanes, first, last) <= MOST_ROUNDED;
  gtk_snapshot_push_clip (drawing->snapshot, &area);
  for (guint row = first; row < last; row++)
    append_lane (drawing, row);
  gtk_snapshot_pop (drawing->snapshot);
}

static void
append_labels (Drawing *drawing, const GdkRGBA *color)
{
  KelvinLanes *self = drawing->lanes;
  const KelvinLanesLayout *layout = drawing->layout;
  guint each = MAX ((guint) ceilf (self->label_height / layout->row_height), 1);
  guint first, last;

  kelvin_lanes_layout_get_seen_rows (layout, &first, &last);
  gtk_snapshot_push_clip (drawing->snapshot, &GRAPHENE_RECT_INIT (0, layout->rows_y, layout->plot_x,
                                                                  layout->rows_height));
  for (guint row = (first + each - 1) / each * each; row < MIN (last, self->labels->len);
       row += each)
    kelvin_chart_append_text (
        drawing->snapshot, self->labels->pdata[row],
        &GRAPHENE_POINT_INIT (0, kelvin_lanes_layout_get_row_middle (layout, row) -
                                     self->label_height / 2),
        color);
  gtk_snapshot_pop (drawing->snapshot);
}

static double
get_bin_rate (KelvinLanes *self, gint64 from_ns)
{
  guint n = kelvin_lane_data_count_due (self->data, from_ns, from_ns + self->bin_ns);

  return n * 1e9 / (double) self->bin_ns;
}

static gint64
get_first_bin (KelvinLanes *self)
{
  gint64 low_ns = kelvin_lanes_layout_time_at (&self->layout, self->layout.plot_x);

  return MAX (low_ns, 0) / self->bin_ns * self->bin_ns;
}

double
kelvin_lanes_find_most_due (KelvinLanes *self)
{
  gint64 high_ns =
      kelvin_lanes_layout_time_at (&self->layout, self->layout.plot_x + self->layout.plot_width);
  double most = 0;

  for (gint64 at_ns = get_first_bin (self); at_ns < high_ns; at_ns += self->bin_ns)
    most = MAX (most, get_bin_rate (self, at_ns));
  return most;
}

static void
append_at_right (Drawing *drawing, PangoLayout *layout, float y, const GdkRGBA *color)
{
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  kelvin_chart_append_text (drawing->snapshot, layout,
                            &GRAPHENE_POINT_INIT (drawing->layout->plot_x - width - 6, y), color);
}

static void
append_due (Drawing *drawing, const GdkRGBA *dim, const GdkRGBA *line)
{
  KelvinLanes *self = drawing->lanes;
  const KelvinLanesLayout *layout = drawing->layout;
  float bottom = layout->due_y + KELVIN_LANES_DUE_HEIGHT;
  float right = layout->plot_x + layout->plot_width;
  gint64 high_ns = kelvin_lanes_layout_time_at (layout, right);
  GdkRGBA color = *dim;

  color.alpha *= .66f;
  for (gint64 at_ns = get_first_bin (self); self->most_due > 0 && at_ns < high_ns;
       at_ns += self->bin_ns)
    {
      double rate = get_bin_rate (self, at_ns);
      float x = MAX (kelvin_lanes_layout_place (layout, at_ns), layout->plot_x);
      float end = MIN (kelvin_lanes_layout_place (layout, at_ns + self->bin_ns), right);
      float height = (float) (rate / self->most_due) * KELVIN_LANES_DUE_HEIGHT;

      if (rate > 0 && end > x)
        gtk_snapshot_append_color (
            drawing->snapshot, &color,
            &GRAPHENE_RECT_INIT (x, bottom - height, MAX (end - x - 1, 1), height));
    }
  gtk_snapshot_append_color (drawing->snapshot, line,
                             &GRAPHENE_RECT_INIT (layout->plot_x, bottom, layout->plot_width, 1));
  kelvin_chart_append_text (drawing->snapshot, self->due_label,
                            &GRAPHENE_POINT_INIT (0, layout->due_y + KELVIN_LANES_DUE_HEIGHT / 2.f -
                                                         self->label_height / 2),
                            dim);
  append_at_right (drawing, self->due_most, layout->due_y - 2, dim);
  append_at_right (drawing, self->due_none, bottom - self->label_height + 3, dim);
}

static void
append_throttles (Drawing *drawing, const GdkRGBA *dim)
{
  const KelvinLaneData *data = drawing->lanes->data;
  const KelvinLanesLayout *layout = drawing->layout;
  float right = layout->plot_x + layout->plot_width;
  guint i =
      kelvin_lane_data_find_throttle (data, kelvin_lanes_layout_time_at (layout, layout->plot_x));

  while (i < data->throttles->len)
    {
      float x = kelvin_lanes_layout_place (
          layout, g_array_index (data->throttles, KelvinLaneThrottle, i).at_ns);

      if (x > right)
        break;
      gtk_snapshot_append_color (
          drawing->snapshot, &drawing->hues[KELVIN_HUE_FAILED],
          &GRAPHENE_RECT_INIT (x, layout->throttles_y, TICK_WIDTH, KELVIN_LANES_THROTTLES_HEIGHT));
      /* The next one that is seen apart from this one. */
      guint next = kelvin_lane_data_find_throttle (
          data, kelvin_lanes_layout_time_at (layout, x + TICK_WIDTH));
      i = MAX (next, i + 1);
    }
  kelvin_chart_append_text (drawing->snapshot, drawing->lanes->throttles_label,
                            &GRAPHENE_POINT_INIT (0, layout->throttles_y - 1), dim);
}

static float
get_door_y (const Drawing *drawing, float x)
{
  const KelvinLaneData *data = drawing->lanes->data;
  guint open = kelvin_lane_data_count_open (data, kelvin_lanes_layout_time_at (drawing->layout, x));
  float share = (float) open / (float) MAX (data->most_open, 1);

  return roundf (drawing->layout->door_y + (KELVIN_LANES_DOOR_HEIGHT - LINE) * (1 - share));
}

/* Steps, a pixel column at most each. */
static void
append_door (Drawing *drawing, const GdkRGBA *dim)
{
  const KelvinLanesLayout *layout = drawing->layout;
  const GdkRGBA *color = &drawing->hues[KELVIN_HUE_LINK];
  float now = kelvin_lanes_layout_place (layout, drawing->lanes->data->now_ns);
  float right = MIN (layout->plot_x + layout->plot_width, now);
  float from = layout->plot_x;
  float y = get_door_y (drawing, from);

  for (float x = from + 1; x <= right; x++)
    {
      float next = get_door_y (drawing, x);

      if (next == y && x + 1 <= right)
        continue;
      gtk_snapshot_append_color (drawing->snapshot, color,
                                 &GRAPHENE_RECT_INIT (from, y, x - from, LINE));
      gtk_snapshot_append_color (
          drawing->snapshot, color,
          &GRAPHENE_RECT_INIT (x, MIN (y, next), LINE, fabsf (next - y) + LINE));
      from = x;
      y = next;
    }
  kelvin_chart_append_text (drawing->snapshot, drawing->lanes->door_label,
                            &GRAPHENE_POINT_INIT (0, layout->door_y + 4), dim);
  append_at_right (drawing, drawing->lanes->door_most, layout->door_y - 4, dim);
}

static void
append_link_label (Drawing *drawing)
{
  KelvinLanes *self = drawing->lanes;
  const KelvinLanesLayout *layout = drawing->layout;
  int width, height;

  if (self->link_label == NULL || self->pointed < 0)
    return;

  const KelvinLaneBar *bar = kelvin_lane_data_get_bar (self->data, (guint) self->pointed);
  pango_layout_get_pixel_size (self->link_label, &width, &height);
  float x = kelvin_lanes_layout_place (layout, bar->start_ns);
  float middle = kelvin_lanes_layout_get_row_middle (layout, bar->lane);
  kelvin_chart_append_text (
      drawing->snapshot, self->link_label,
      &GRAPHENE_POINT_INIT (CLAMP (x, layout->plot_x, layout->plot_x + layout->plot_width - width),
                            MAX (middle - layout->row_height / 2 - height, layout->rows_y - 2)),
      &drawing->hues[KELVIN_HUE_LINK]);
}

void
kelvin_lanes_draw (KelvinLanes *self, GtkSnapshot *snapshot)
{
  KelvinChart *chart = KELVIN_CHART (self);
  Drawing drawing = { .lanes = self, .snapshot = snapshot, .layout = &self->layout };
  GdkRGBA dim, line;
  int width;

  for (guint i = 0; i < KELVIN_N_HUES; i++)
    kelvin_chart_get_hue (chart, (KelvinHue) i, &drawing.hues[i]);
  kelvin_chart_get_dim_color (chart, &dim);
  kelvin_chart_get_line_color (chart, &line);
  kelvin_legend_snapshot (&self->legend, chart, snapshot, 0, self->layout.legend_y);
  append_due (&drawing, &dim, &line);
  append_labels (&drawing, &dim);
  append_rows (&drawing);
  if (self->layout.with_throttles)
    append_throttles (&drawing, &dim);
  if (self->layout.with_door)
    append_door (&drawing, &dim);
  append_links (&drawing);
  append_link_label (&drawing);
  kelvin_axis_marks_snapshot (&self->marks, snapshot, &line, &dim);
  pango_layout_get_pixel_size (self->clock, &width, NULL);
  kelvin_chart_append_text (snapshot, self->clock,
                            &GRAPHENE_POINT_INIT (0, self->layout.axis_y + 6), &dim);
}
