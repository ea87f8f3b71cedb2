#include "ui/charts/waterfall-layout.h"

#include "ui/charts/legend.h"
#include "ui/charts/waterfall.h"

static const KelvinPhases COLD = { { -1, 2210, 15930, 107720, 37200, 0 } };
static const KelvinPhases WARM = { { -1, -1, -1, -1, 36900, 60 } };

typedef struct {
  GArray *segments;
  KelvinWaterfallNeeds needs;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->segments = g_array_new (FALSE, FALSE, sizeof (KelvinWaterfallSegment));
  kelvin_waterfall_add_segments (f->segments, 0, &COLD, 0);
  kelvin_waterfall_add_segments (f->segments, 1, &WARM, 0);
  f->needs = (KelvinWaterfallNeeds){
    .n_rows = 2, .end_us = 163060, .label_width = 70, .label_height = 15, .total_width = 60
  };
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_array_unref (f->segments);
}

static graphene_rect_t
area_of (Fixture *f, const KelvinWaterfallLayout *layout, guint index)
{
  return kelvin_waterfall_layout_get_area (
      layout, &g_array_index (f->segments, KelvinWaterfallSegment, index));
}

static void
test_only_phases_that_took_time_have_segments (Fixture *f, gconstpointer data)
{
  g_assert_cmpuint (f->segments->len, ==, 6);
  g_assert_cmpint (g_array_index (f->segments, KelvinWaterfallSegment, 4).phase, ==,
                   KELVIN_PHASE_HANDLER);
}

static void
test_segments_of_a_row_touch (Fixture *f, gconstpointer data)
{
  KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, 900);

  for (guint i = 1; i < 4; i++)
    {
      graphene_rect_t left = area_of (f, &layout, i - 1);
      graphene_rect_t right = area_of (f, &layout, i);
      g_assert_cmpfloat_with_epsilon (left.origin.x + left.size.width, right.origin.x, .01);
    }
}

static void
test_rows_share_one_scale (Fixture *f, gconstpointer data)
{
  KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, 900);
  graphene_rect_t cold = area_of (f, &layout, 3);
  graphene_rect_t warm = area_of (f, &layout, 4);

  g_assert_cmpfloat_with_epsilon (warm.size.width / cold.size.width, 36900. / 37200, .001);
  g_assert_cmpfloat_with_epsilon (warm.origin.x, layout.bars_x, .01);
}

static void
test_totals_stay_within_the_width (Fixture *f, gconstpointer data)
{
  for (float width = 240; width < 2000; width += 77)
    {
      KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, width);
      graphene_rect_t last = area_of (f, &layout, 3);

      g_assert_cmpfloat (last.origin.x + last.size.width + f->needs.total_width, <=, width);
    }
}

static void
test_narrow_rows_have_their_label_above (Fixture *f, gconstpointer data)
{
  KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, 320);

  g_assert_true (layout.stacked);
  g_assert_cmpfloat (layout.bars_x, ==, 0);
  g_assert_cmpfloat (kelvin_waterfall_layout_get_bar_y (&layout, 0), >=, f->needs.label_height);
}

static void
test_the_middle_of_each_segment_finds_it (Fixture *f, gconstpointer data)
{
  KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, 900);

  for (guint i = 0; i < f->segments->len - 1; i++)
    {
      graphene_rect_t area = area_of (f, &layout, i);
      float x = area.origin.x + area.size.width / 2;
      float y = area.origin.y + area.size.height / 2;
      g_assert_cmpint (kelvin_waterfall_layout_find (&layout, f->segments, x, y), ==, (int) i);
    }
}

static void
test_a_thin_segment_can_be_pointed_at (Fixture *f, gconstpointer data)
{
  KelvinWaterfallLayout layout = kelvin_waterfall_layout_fit (&f->needs, 900);
  graphene_rect_t response = area_of (f, &layout, 5);

  g_assert_cmpfloat (response.size.width, <, 1);
  g_assert_cmpint (kelvin_waterfall_layout_find (&layout, f->segments, response.origin.x + 1.5f,
                                                 response.origin.y + 3),
                   ==, 5);
  g_assert_cmpint (kelvin_waterfall_layout_find (&layout, f->segments, 890, 3), ==, -1);
}

static void
test_legend_flows_over_lines (void)
{
  static const float widths[] = { 80, 80, 80 };
  graphene_point_t points[3];

  g_assert_cmpuint (kelvin_legend_flow (widths, 3, 400, 16, points), ==, 1);
  g_assert_cmpuint (kelvin_legend_flow (widths, 3, 190, 16, points), ==, 2);
  g_assert_cmpfloat (points[2].x, ==, 0);
  g_assert_cmpfloat (points[2].y, ==, 16);
}

static void
test_says_each_phase_and_the_sum (void)
{
  const KelvinWaterfallRow rows[] = {
    { .label = "this run", .phases = COLD },
    { .label = "last warm", .phases = WARM, .note = "2 min ago" },
  };
  g_autofree char *text = kelvin_waterfall_describe (rows, G_N_ELEMENTS (rows));
  g_autofree char *empty = kelvin_waterfall_describe (NULL, 0);

  g_assert_cmpstr (text, ==,
                   "this run: sandbox 2.21 ms, runtime 15.93 ms, init 107.72 ms, handler 37.20 ms, "
                   "response 0.00 ms, in all 163.06 ms; last warm: handler 36.90 ms, response "
                   "0.06 ms, in all 36.96 ms (2 min ago)");
  g_assert_cmpstr (empty, ==, "No run yet");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/ui/waterfall-layout/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("only-phases-that-took-time-have-segments", test_only_phases_that_took_time_have_segments);
  ADD ("segments-of-a-row-touch", test_segments_of_a_row_touch);
  ADD ("rows-share-one-scale", test_rows_share_one_scale);
  ADD ("totals-stay-within-the-width", test_totals_stay_within_the_width);
  ADD ("narrow-rows-have-their-label-above", test_narrow_rows_have_their_label_above);
  ADD ("the-middle-of-each-segment-finds-it", test_the_middle_of_each_segment_finds_it);
  ADD ("a-thin-segment-can-be-pointed-at", test_a_thin_segment_can_be_pointed_at);
  g_test_add_func ("/ui/waterfall/says-each-phase-and-the-sum", test_says_each_phase_and_the_sum);
  g_test_add_func ("/ui/legend/flows-over-lines", test_legend_flows_over_lines);

  return g_test_run ();
}
