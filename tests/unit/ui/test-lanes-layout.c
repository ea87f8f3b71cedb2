#include "config.h"

#include "ui/charts/lanes-layout.h"

#define MS 1000000

static KelvinLaneBar
make_bar (guint64 environment, guint64 event, gint64 start_ms, gint64 end_ms)
{
  return (KelvinLaneBar){ .event = event,
                          .environment = environment,
                          .attempt = 1,
                          .start = KELVIN_START_WARM,
                          .status = KELVIN_STATUS_OK,
                          .due_ns = start_ms * MS,
                          .start_ns = start_ms * MS,
                          .init_ns = start_ms * MS,
                          .handler_ns = start_ms * MS,
                          .end_ns = end_ms * MS };
}

static void
add (KelvinLaneData *data, guint64 environment, guint64 event, gint64 start_ms, gint64 end_ms)
{
  KelvinLaneBar bar = make_bar (environment, event, start_ms, end_ms);

  kelvin_lane_data_add_bar (data, &bar);
}

static KelvinLanesLayout
fit (const KelvinLaneData *data, double high_ms)
{
  const KelvinLanesNeeds needs = { .width = 1000 + 12 + 10 + 50,
                                   .label_width = 50,
                                   .legend_height = 20,
                                   .axis_height = 20,
                                   .n_rows = data->lanes->len };
  KelvinLanesLayout layout = kelvin_lanes_layout_fit (&needs);

  layout.axis = kelvin_axis_fit (0, high_ms, 8);
  return layout;
}

static void
test_lanes_grow_with_many_environments (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();

  for (guint i = 1; i <= 1000; i++)
    kelvin_lane_data_add_step (data, i, KELVIN_STATE_STARTING, i * MS);
  kelvin_lane_data_add_step (data, 1, KELVIN_STATE_DEAD, 2000 * MS);

  g_assert_cmpuint (data->lanes->len, ==, 1000);
  g_assert_cmpint (kelvin_lane_data_get_lane (data, 0)->dead_ns, ==, 2000 * (gint64) MS);
  g_assert_cmpint (kelvin_lane_data_get_lane (data, 999)->born_ns, ==, 1000 * (gint64) MS);
}

static void
test_wide_bars_are_shapes_of_their_own (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();
  KelvinLaneShape shape;

  add (data, 1, 1, 0, 100);
  add (data, 1, 2, 100, 300);
  KelvinLanesLayout layout = fit (data, 1000);
  const KelvinLane *lane = kelvin_lane_data_get_lane (data, 0);

  g_assert_true (kelvin_lanes_layout_next_shape (&layout, data, lane, 0, &shape));
  g_assert_cmpfloat_with_epsilon (shape.width, 100, .1);
  g_assert_cmpuint (shape.last, ==, 1);
  g_assert_true (kelvin_lanes_layout_next_shape (&layout, data, lane, 1, &shape));
  g_assert_cmpfloat_with_epsilon (shape.width, 200, .1);
  g_assert_false (kelvin_lanes_layout_next_shape (&layout, data, lane, 2, &shape));
}

static void
test_thin_bars_share_a_pixel_column (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();
  KelvinLaneShape shape;
  guint shapes = 0;

  for (guint i = 0; i < 100000; i++)
    add (data, 1, i + 1, i, i + 1);
  KelvinLanesLayout layout = fit (data, 100000);
  const KelvinLane *lane = kelvin_lane_data_get_lane (data, 0);

  for (guint position = 0; kelvin_lanes_layout_next_shape (&layout, data, lane, position, &shape);
       position = shape.last)
    shapes++;
  g_assert_cmpuint (shapes, <=, 1002);
  g_assert_cmpuint (shapes, >=, 990);
}

static void
test_a_bar_is_found_where_it_is_drawn (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();

  add (data, 7, 1, 100, 200);
  add (data, 9, 2, 300, 400);
  KelvinLanesLayout layout = fit (data, 1000);
  float first = kelvin_lanes_layout_get_row_middle (&layout, 0);
  float second = kelvin_lanes_layout_get_row_middle (&layout, 1);
  float x = kelvin_lanes_layout_place (&layout, 350 * MS);

  g_assert_cmpint (kelvin_lanes_layout_find_bar (&layout, data, x, second), ==, 1);
  g_assert_cmpint (kelvin_lanes_layout_find_bar (&layout, data, x, first), ==, -1);
  x = kelvin_lanes_layout_place (&layout, 150 * MS);
  g_assert_cmpint (kelvin_lanes_layout_find_bar (&layout, data, x, first), ==, 0);
  g_assert_cmpint (kelvin_lanes_layout_find_bar (&layout, data, x, 0), ==, -1);
}

static void
test_arrows_go_along_a_lane_and_to_the_next (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();

  add (data, 1, 1, 0, 100);   /* 0 */
  add (data, 2, 2, 0, 100);   /* 1 */
  add (data, 1, 3, 200, 300); /* 2 */
  add (data, 2, 4, 200, 300); /* 3 */

  g_assert_cmpint (kelvin_lanes_find_neighbour (data, -1, 1, 0), ==, 0);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 0, 1, 0), ==, 2);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 2, 1, 0), ==, -1);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 2, 0, 1), ==, 3);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 3, -1, 0), ==, 1);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 1, 0, -1), ==, 0);
  g_assert_cmpint (kelvin_lanes_find_neighbour (data, 0, 0, -1), ==, -1);
}

static void
test_more_lanes_than_fit_are_scrolled_to (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();
  guint first, last;

  for (guint i = 1; i <= 1000; i++)
    add (data, i, i, 0, 10);
  KelvinLanesLayout layout = fit (data, 100);

  g_assert_cmpfloat (kelvin_lanes_layout_get_most_scroll (&layout), >, 0);
  layout.scroll = kelvin_lanes_layout_get_most_scroll (&layout);
  kelvin_lanes_layout_get_seen_rows (&layout, &first, &last);
  g_assert_cmpuint (last, ==, 1000);
  g_assert_cmpuint (last - first, <, 60);
}

static void
test_due_events_throttles_and_connections_are_counted (void)
{
  g_autoptr (KelvinLaneData) data = kelvin_lane_data_new ();
  const gint64 due_ns[] = { 0, 10 * MS, 10 * MS, 1000 * MS };

  kelvin_lane_data_add_due (data, due_ns, G_N_ELEMENTS (due_ns));
  kelvin_lane_data_add_throttle (data, 1, 20 * MS);
  kelvin_lane_data_add_throttle (data, 2, 15 * MS); /* told late */
  kelvin_lane_data_add_door (data, 0, 2, 5 * MS);
  kelvin_lane_data_add_door (data, 1, 3, 6 * MS);
  kelvin_lane_data_add_door (data, 0, 0, 7 * MS);

  g_assert_cmpuint (kelvin_lane_data_count_due (data, 0, 1000 * MS), ==, 3);
  g_assert_cmpuint (kelvin_lane_data_count_due (data, 10 * MS, 11 * MS), ==, 2);
  g_assert_cmpuint (kelvin_lane_data_find_throttle (data, 16 * MS), ==, 0);
  g_assert_cmpuint (kelvin_lane_data_find_throttle (data, 21 * MS), ==, 2);
  g_assert_cmpuint (kelvin_lane_data_count_open (data, 4 * MS), ==, 0);
  g_assert_cmpuint (kelvin_lane_data_count_open (data, 6 * MS), ==, 5);
  g_assert_cmpuint (kelvin_lane_data_count_open (data, 8 * MS), ==, 3);
  g_assert_cmpuint (data->most_open, ==, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/charts/lanes/grow-with-many-environments",
                   test_lanes_grow_with_many_environments);
  g_test_add_func ("/ui/charts/lanes/wide-bars-are-shapes-of-their-own",
                   test_wide_bars_are_shapes_of_their_own);
  g_test_add_func ("/ui/charts/lanes/thin-bars-share-a-pixel-column",
                   test_thin_bars_share_a_pixel_column);
  g_test_add_func ("/ui/charts/lanes/a-bar-is-found-where-it-is-drawn",
                   test_a_bar_is_found_where_it_is_drawn);
  g_test_add_func ("/ui/charts/lanes/arrows-go-along-a-lane-and-to-the-next",
                   test_arrows_go_along_a_lane_and_to_the_next);
  g_test_add_func ("/ui/charts/lanes/more-than-fit-are-scrolled-to",
                   test_more_lanes_than_fit_are_scrolled_to);
  g_test_add_func ("/ui/charts/lanes/due-throttled-and-open-are-counted",
                   test_due_events_throttles_and_connections_are_counted);
  return g_test_run ();
}
