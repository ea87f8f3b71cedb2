#include "config.h"

#include "ui/charts/lanes-layout.h"

#include <math.h>

#define LABEL_GAP 12
#define BAND_GAP 10
#define SCROLLBAR_ROOM 10
/* Few lanes are tall and easy to read; many are thin, and more than fit are scrolled. */
#define TALLEST_ROW 29
#define THINNEST_ROW 9
#define MOST_ROWS_HEIGHT 348
#define LEAST_ROWS_HEIGHT 58
#define NS_PER_MS 1e6
/* A bar narrower than this shares its pixel column. */
#define LEAST_BAR 1.f
/* How far from a thin bar the pointer still means it. */
#define REACH 3

KelvinLanesLayout
kelvin_lanes_layout_fit (const KelvinLanesNeeds *needs)
{
  KelvinLanesLayout self = { .n_rows = needs->n_rows,
                             .with_throttles = needs->with_throttles,
                             .with_door = needs->with_door };
  float y = 0;

  self.plot_x = needs->label_width + LABEL_GAP;
  self.plot_width = MAX (needs->width - self.plot_x - SCROLLBAR_ROOM, 1);
  self.legend_y = y;
  y += needs->legend_height + BAND_GAP;
  self.due_y = y;
  y += KELVIN_LANES_DUE_HEIGHT + BAND_GAP;
  self.rows_y = y;
  self.row_height =
      CLAMP (MOST_ROWS_HEIGHT / (float) MAX (needs->n_rows, 1), THINNEST_ROW, TALLEST_ROW);
  self.rows_height = CLAMP (self.row_height * needs->n_rows, LEAST_ROWS_HEIGHT, MOST_ROWS_HEIGHT);
  y += self.rows_height + BAND_GAP / 2.f;
  self.throttles_y = y;
  y += needs->with_throttles ? KELVIN_LANES_THROTTLES_HEIGHT + BAND_GAP / 2.f : 0;
  self.door_y = y;
  y += needs->with_door ? KELVIN_LANES_DOOR_HEIGHT + BAND_GAP / 2.f : 0;
  self.axis_y = y;
  self.height = y + needs->axis_height;
  return self;
}

float
kelvin_lanes_layout_place (const KelvinLanesLayout *self, gint64 ns)
{
  return self->plot_x +
         self->plot_width * (float) kelvin_axis_place (&self->axis, (double) ns / NS_PER_MS);
}

gint64
kelvin_lanes_layout_time_at (const KelvinLanesLayout *self, float x)
{
  double place = (x - self->plot_x) / self->plot_width;

  return (gint64) (kelvin_axis_value_at (&self->axis, place) * NS_PER_MS);
}

double
kelvin_lanes_layout_get_most_scroll (const KelvinLanesLayout *self)
{
  return MAX (self->n_rows * self->row_height - self->rows_height, 0);
}

graphene_rect_t
kelvin_lanes_layout_get_rows_area (const KelvinLanesLayout *self)
{
  return GRAPHENE_RECT_INIT (self->plot_x, self->rows_y, self->plot_width, self->rows_height);
}

float
kelvin_lanes_layout_get_row_middle (const KelvinLanesLayout *self, guint row)
{
  return self->rows_y + (row + .5f) * self->row_height - (float) self->scroll;
}

float
kelvin_lanes_layout_get_bar_height (const KelvinLanesLayout *self)
{
  return MAX (roundf (self->row_height * .69f), 3);
}

void
kelvin_lanes_layout_get_seen_rows (const KelvinLanesLayout *self, guint *out_first, guint *out_last)
{
  double first = floor (self->scroll / self->row_height);
  double last = ceil ((self->scroll + self->rows_height) / self->row_height);

  *out_first = MIN ((guint) MAX (first, 0), self->n_rows);
  *out_last = MIN ((guint) MAX (last, 0), self->n_rows);
}

int
kelvin_lanes_layout_find_row (const KelvinLanesLayout *self, float y)
{
  if (y < self->rows_y || y >= self->rows_y + self->rows_height)
    return -1;

  int row = (int) ((y - self->rows_y + self->scroll) / self->row_height);
  return row < (int) self->n_rows ? row : -1;
}

static const KelvinLaneBar *
get_lane_bar (const KelvinLaneData *data, const KelvinLane *lane, guint position)
{
  return kelvin_lane_data_get_bar (data, g_array_index (lane->bars, guint32, position));
}

gboolean
kelvin_lanes_layout_next_shape (const KelvinLanesLayout *self, const KelvinLaneData *data,
                                const KelvinLane *lane, guint position, KelvinLaneShape *out_shape)
{
  if (position >= lane->bars->len)
    return FALSE;

  const KelvinLaneBar *bar = get_lane_bar (data, lane, position);
  float x = kelvin_lanes_layout_place (self, bar->start_ns);
  float end = kelvin_lanes_layout_place (self, bar->end_ns);
  if (x > self->plot_x + self->plot_width)
    return FALSE;

  if (end - x >= LEAST_BAR)
    {
      *out_shape = (KelvinLaneShape){ x, end - x, position, position + 1 };
      return TRUE;
    }

  /* By its end: those that end in one column are told together, so no column is drawn twice. */
  float column = floorf (end);
  guint last = kelvin_lane_data_find_in_lane (
      data, lane, kelvin_lanes_layout_time_at (self, column + LEAST_BAR));
  *out_shape = (KelvinLaneShape){ column, LEAST_BAR, position, MAX (last, position + 1) };
  return TRUE;
}

int
kelvin_lanes_layout_find_bar (const KelvinLanesLayout *self, const KelvinLaneData *data, float x,
                              float y)
{
  int row = kelvin_lanes_layout_find_row (self, y);

  if (row < 0)
    return -1;

  const KelvinLane *lane = kelvin_lane_data_get_lane (data, (guint) row);
  guint position =
      kelvin_lane_data_find_in_lane (data, lane, kelvin_lanes_layout_time_at (self, x - REACH));
  if (position >= lane->bars->len)
    return -1;

  /* The next one may be meant just as well. */
  for (; position + 1 < lane->bars->len; position++)
    if (kelvin_lanes_layout_place (self, get_lane_bar (data, lane, position)->end_ns) >= x)
      break;
  const KelvinLaneBar *bar = get_lane_bar (data, lane, position);
  if (kelvin_lanes_layout_place (self, bar->start_ns) > x + REACH ||
      kelvin_lanes_layout_place (self, bar->end_ns) < x - REACH)
    return -1;
  return (int) g_array_index (lane->bars, guint32, position);
}

static int
find_in_time (const KelvinLaneData *data, const KelvinLane *lane, gint64 at_ns)
{
  guint position = kelvin_lane_data_find_in_lane (data, lane, at_ns);

  return (int) g_array_index (lane->bars, guint32, MIN (position, lane->bars->len - 1));
}

static int
find_across (const KelvinLaneData *data, guint bar, int across)
{
  const KelvinLaneBar *from = kelvin_lane_data_get_bar (data, bar);
  const KelvinLane *lane = kelvin_lane_data_get_lane (data, from->lane);
  int position = (int) kelvin_lane_data_find_in_lane (data, lane, from->end_ns - 1);

  position += across;
  if (position < 0 || position >= (int) lane->bars->len)
    return -1;
  return (int) g_array_index (lane->bars, guint32, position);
}

int
kelvin_lanes_find_neighbour (const KelvinLaneData *data, int bar, int across, int down)
{
  if (data->bars->len == 0)
    return -1;
  if (bar >= 0 && across != 0)
    return find_across (data, (guint) bar, across);

  const KelvinLaneBar *from = bar >= 0 ? kelvin_lane_data_get_bar (data, (guint) bar) : NULL;
  int row = from != NULL ? (int) from->lane + down : 0;
  for (; row >= 0 && row < (int) data->lanes->len; row += down < 0 ? -1 : 1)
    {
      const KelvinLane *lane = kelvin_lane_data_get_lane (data, (guint) row);

      if (lane->bars->len > 0)
        return find_in_time (data, lane, from != NULL ? from->start_ns : 0);
    }
  return -1;
}

gint64
kelvin_lanes_layout_get_bin_ns (const KelvinLanesLayout *self, float least_pixels)
{
  static const double round_ms[] = { 1,     2,      5,      10,     20,      50,      100,
                                     200,   500,    1000,   2000,   5000,    10000,   20000,
                                     60000, 120000, 300000, 600000, 1800000, 3600000, 7200000 };
  double pixel_ms = (self->axis.high - self->axis.low) / self->plot_width;

  for (guint i = 0; i < G_N_ELEMENTS (round_ms); i++)
    if (round_ms[i] >= pixel_ms * least_pixels)
      return (gint64) (round_ms[i] * NS_PER_MS);
  return (gint64) (round_ms[G_N_ELEMENTS (round_ms) - 1] * NS_PER_MS);
}
