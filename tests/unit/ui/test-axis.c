#include "ui/charts/axis.h"
#include "ui/charts/view.h"

static void
test_covers_the_range_exactly (void)
{
  KelvinAxis axis = kelvin_axis_fit (0, 163.27, 8);

  g_assert_cmpfloat (kelvin_axis_place (&axis, 0), ==, 0);
  g_assert_cmpfloat (kelvin_axis_place (&axis, 163.27), ==, 1);
  g_assert_cmpfloat_with_epsilon (kelvin_axis_value_at (&axis, .5), 163.27 / 2, 1e-9);
}

static void
test_ticks_are_round_and_few (void)
{
  static const struct {
    double low, high;
    guint most;
    double first, step;
    guint n;
  } cases[] = {
    { 0, 163.27, 7, 0, 25, 7 },  { 0, 100, 6, 0, 20, 6 },     { 120, 180, 4, 120, 20, 4 },
    { 0, .37, 4, 0, .1, 4 },     { 0, 1, 3, 0, .5, 3 },       { 3, 3, 3, 3, .5, 3 },
    { 0, 12500, 6, 0, 2500, 6 }, { 137, 169, 5, 140, 10, 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KelvinAxis axis = kelvin_axis_fit (cases[i].low, cases[i].high, cases[i].most);

      g_assert_cmpfloat_with_epsilon (axis.first, cases[i].first, 1e-9);
      g_assert_cmpfloat_with_epsilon (axis.step, cases[i].step, 1e-9);
      g_assert_cmpuint (axis.n_ticks, ==, cases[i].n);
    }
}

static void
test_never_has_more_ticks_than_asked (void)
{
  for (double high = .001; high < 1e6; high *= 1.37)
    for (guint most = 2; most <= KELVIN_AXIS_MOST_TICKS; most++)
      {
        KelvinAxis axis = kelvin_axis_fit (0, high, most);

        g_assert_cmpuint (axis.n_ticks, <=, most);
        g_assert_cmpuint (axis.n_ticks, >=, 1);
        g_assert_cmpfloat (kelvin_axis_get_tick (&axis, axis.n_ticks - 1), <=, high * (1 + 1e-6));
      }
}

static void
assert_label (const KelvinAxis *axis, guint index, const char *expected)
{
  g_autofree char *label = kelvin_axis_dup_label (axis, index);

  g_assert_cmpstr (label, ==, expected);
}

static void
test_last_label_has_the_unit (void)
{
  KelvinAxis axis = kelvin_axis_fit (0, 163, 7);

  assert_label (&axis, 0, "0");
  assert_label (&axis, 1, "25");
  assert_label (&axis, 6, "150 ms");
}

static void
test_labels_have_the_decimals_of_the_step (void)
{
  KelvinAxis axis = kelvin_axis_fit (0, 1, 5);

  assert_label (&axis, 0, "0");
  assert_label (&axis, 1, "0.25");
  assert_label (&axis, 4, "1.00 ms");
}

static void
test_counts_seconds_from_ten_on (void)
{
  KelvinAxis axis = kelvin_axis_fit (0, 12500, 6);

  assert_label (&axis, 1, "2.5");
  assert_label (&axis, 5, "12.5 s");
}

static void
test_zooming_keeps_the_place (void)
{
  KelvinView view = kelvin_view_zoom (KELVIN_VIEW_ALL, .5, .25);

  g_assert_cmpfloat_with_epsilon (view.low + (view.high - view.low) * .25, .25, 1e-9);
  g_assert_cmpfloat_with_epsilon (view.high - view.low, .5, 1e-9);
}

static void
test_a_view_stays_within_the_whole (void)
{
  KelvinView view = kelvin_view_pan (kelvin_view_zoom (KELVIN_VIEW_ALL, .5, .5), 10);

  g_assert_cmpfloat_with_epsilon (view.low, .5, 1e-9);
  g_assert_cmpfloat_with_epsilon (view.high, 1, 1e-9);
  view = kelvin_view_zoom (view, 100, .5);
  g_assert_cmpfloat_with_epsilon (view.low, 0, 1e-9);
  g_assert_cmpfloat_with_epsilon (view.high, 1, 1e-9);
  view = kelvin_view_zoom (view, 1e-9, .5);
  g_assert_cmpfloat_with_epsilon (view.high - view.low, .001, 1e-9);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/ui/axis/covers-the-range-exactly", test_covers_the_range_exactly);
  g_test_add_func ("/ui/axis/ticks-are-round-and-few", test_ticks_are_round_and_few);
  g_test_add_func ("/ui/axis/never-has-more-ticks-than-asked",
                   test_never_has_more_ticks_than_asked);
  g_test_add_func ("/ui/axis/last-label-has-the-unit", test_last_label_has_the_unit);
  g_test_add_func ("/ui/axis/labels-have-the-decimals-of-the-step",
                   test_labels_have_the_decimals_of_the_step);
  g_test_add_func ("/ui/axis/counts-seconds-from-ten-on", test_counts_seconds_from_ten_on);
  g_test_add_func ("/ui/view/zooming-keeps-the-place", test_zooming_keeps_the_place);
  g_test_add_func ("/ui/view/stays-within-the-whole", test_a_view_stays_within_the_whole);

  return g_test_run ();
}
