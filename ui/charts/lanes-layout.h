#pragma once

#include <graphene.h>

#include "ui/charts/axis.h"
#include "ui/charts/lane-data.h"

G_BEGIN_DECLS

/* Where lanes stand: due events above, a row an environment, throttles and connections below, all
 * on one time axis. Pure: drawing, pointer and tests ask the same functions. */
typedef struct {
  KelvinAxis axis; /* milliseconds */
  float plot_x, plot_width;
  float legend_y, due_y, rows_y, throttles_y, door_y, axis_y; /* tops */
  float rows_height; /* of the part that is seen; the rest is scrolled to */
  float row_height;
  double scroll; /* pixels that are above the part that is seen */
  guint n_rows;
  gboolean with_throttles, with_door;
  float height;
} KelvinLanesLayout;

typedef struct {
  float width;
  float label_width;
  float legend_height;
  float axis_height;
  guint n_rows;
  gboolean with_throttles, with_door;
} KelvinLanesNeeds;

#define KELVIN_LANES_DUE_HEIGHT 52
#define KELVIN_LANES_THROTTLES_HEIGHT 14
#define KELVIN_LANES_DOOR_HEIGHT 24

/* Without the axis, which the caller sets. */
KelvinLanesLayout kelvin_lanes_layout_fit (const KelvinLanesNeeds *needs);

float kelvin_lanes_layout_place (const KelvinLanesLayout *self, gint64 ns);
gint64 kelvin_lanes_layout_time_at (const KelvinLanesLayout *self, float x);
/* How far down the rows can be scrolled. */
double kelvin_lanes_layout_get_most_scroll (const KelvinLanesLayout *self);
graphene_rect_t kelvin_lanes_layout_get_rows_area (const KelvinLanesLayout *self);
/* The middle of a row, wherever it is scrolled to. */
float kelvin_lanes_layout_get_row_middle (const KelvinLanesLayout *self, guint row);
float kelvin_lanes_layout_get_bar_height (const KelvinLanesLayout *self);
/* The rows that are seen: [*out_first, *out_last). */
void kelvin_lanes_layout_get_seen_rows (const KelvinLanesLayout *self, guint *out_first,
                                        guint *out_last);
/* The row at @y, or -1. */
int kelvin_lanes_layout_find_row (const KelvinLanesLayout *self, float y);

/* What one drawn shape of a row stands for. */
typedef struct {
  float x, width;
  guint first, last; /* positions in the lane's bars: [first, last) share the shape */
} KelvinLaneShape;

/* The next shape of a lane from @position on: a bar that is wide enough alone, or all that end
 * within one pixel column together. FALSE where nothing more is seen. At most one shape a pixel
 * column comes of it, however many bars there are. */
gboolean kelvin_lanes_layout_next_shape (const KelvinLanesLayout *self, const KelvinLaneData *data,
                                         const KelvinLane *lane, guint position,
                                         KelvinLaneShape *out_shape);

/* The bar at a point, or -1. */
int kelvin_lanes_layout_find_bar (const KelvinLanesLayout *self, const KelvinLaneData *data,
                                  float x, float y);
/* The bar that an arrow key goes to from @bar (-1: none yet): along the lane by @across, to the
 * nearest in time of the next lane with bars by @down; -1 where there is none. */
int kelvin_lanes_find_neighbour (const KelvinLaneData *data, int bar, int across, int down);

/* The width in nanoseconds of the histogram's bins: round, and at least @least_pixels wide. */
gint64 kelvin_lanes_layout_get_bin_ns (const KelvinLanesLayout *self, float least_pixels);

G_END_DECLS
