#include "ui/strip-range.h"

#define S G_USEC_PER_SEC

static void
assert_times (const KelvinStripRange *range, gint64 since_us, gint64 until_us)
{
  gint64 since = -1, until = -1;

  g_assert_true (kelvin_strip_range_get_times (range, 0, 10 * S, &since, &until));
  g_assert_cmpint (since, ==, since_us);
  g_assert_cmpint (until, ==, until_us);
}

static void
test_keys_begin_at_the_end (void)
{
  KelvinStripRange range = { .n = 10, .anchor = -1 };

  g_assert_true (kelvin_strip_range_is_empty (&range));
  kelvin_strip_range_step (&range, KELVIN_STRIP_MOVE, -1);
  assert_times (&range, 9 * S, 10 * S);
  kelvin_strip_range_step (&range, KELVIN_STRIP_MOVE, -1);
  assert_times (&range, 8 * S, 9 * S);
  kelvin_strip_range_step (&range, KELVIN_STRIP_EXTEND, -3);
  assert_times (&range, 5 * S, 9 * S);
  kelvin_strip_range_step (&range, KELVIN_STRIP_EXTEND, 100);
  assert_times (&range, 8 * S, 10 * S);
  kelvin_strip_range_step (&range, KELVIN_STRIP_MOVE, -100);
  assert_times (&range, 0, S);
}

static void
test_a_span_goes_either_way (void)
{
  KelvinStripRange range = { .n = 10, .anchor = -1 };

  kelvin_strip_range_span (&range, 0.25, 0.5);
  assert_times (&range, 2 * S, 6 * S);
  kelvin_strip_range_span (&range, 0.5, 0.25);
  assert_times (&range, 2 * S, 6 * S);
  kelvin_strip_range_span (&range, -3, 7);
  assert_times (&range, 0, 10 * S);
}

static void
test_a_range_is_found_again (void)
{
  KelvinStripRange range = { .n = 10, .anchor = 6, .cursor = 2 };

  kelvin_strip_range_set_times (&range, 0, 20 * S, 4 * S, 8 * S);
  g_assert_cmpint (range.anchor, ==, 3);
  g_assert_cmpint (range.cursor, ==, 2);
  kelvin_strip_range_set_times (&range, 0, 20 * S, -1, -1);
  g_assert_cmpint (range.anchor, ==, 9);
  g_assert_cmpint (range.cursor, ==, 0);
}

static void
test_without_slices_nothing_is_chosen (void)
{
  KelvinStripRange range = { .n = 0, .anchor = -1 };
  gint64 since = -7, until = -7;

  kelvin_strip_range_step (&range, KELVIN_STRIP_EXTEND, 1);
  kelvin_strip_range_span (&range, 0, 1);
  g_assert_false (kelvin_strip_range_get_times (&range, 0, 10 * S, &since, &until));
  g_assert_cmpint (since, ==, -7);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/strip-range/keys-begin-at-the-end", test_keys_begin_at_the_end);
  g_test_add_func ("/ui/strip-range/a-span-goes-either-way", test_a_span_goes_either_way);
  g_test_add_func ("/ui/strip-range/a-range-is-found-again", test_a_range_is_found_again);
  g_test_add_func ("/ui/strip-range/without-slices-nothing-is-chosen",
                   test_without_slices_nothing_is_chosen);
  return g_test_run ();
}
