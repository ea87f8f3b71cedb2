#include "engine/model/load-plan.h"

#define SECOND G_GINT64_CONSTANT (1000000000)

static gint64
at (GArray *plan, guint index)
{
  return g_array_index (plan, gint64, index);
}

static void
assert_in_order (GArray *plan, gint64 duration_ns)
{
  for (guint i = 0; i < plan->len; i++)
    {
      g_assert_cmpint (at (plan, i), >=, i > 0 ? at (plan, i - 1) : 0);
      g_assert_cmpint (at (plan, i), <, duration_ns);
    }
}

static void
test_steady_has_equal_gaps (void)
{
  g_autoptr (GArray) plan = kelvin_load_plan_new (KELVIN_PATTERN_STEADY, 4, 2 * SECOND, 1);

  g_assert_cmpuint (plan->len, ==, 8);
  g_assert_cmpint (at (plan, 0), ==, 0);
  g_assert_cmpint (at (plan, 7), ==, 7 * SECOND / 4);
}

static void
test_every_pattern_keeps_its_time_and_number (void)
{
  for (KelvinPattern pattern = KELVIN_PATTERN_STEADY; pattern < KELVIN_PATTERN_TIMES; pattern++)
    {
      g_autoptr (GArray) plan = kelvin_load_plan_new (pattern, 100, 10 * SECOND, 7);

      assert_in_order (plan, 10 * SECOND);
      if (pattern == KELVIN_PATTERN_POISSON)
        g_assert_cmpfloat_with_epsilon (plan->len, 1000, 5 * 31.7);
      else
        g_assert_cmpuint (plan->len, ==, 1000);
    }
}

static void
test_one_seed_is_one_plan (void)
{
  g_autoptr (GArray) one = kelvin_load_plan_new (KELVIN_PATTERN_POISSON, 50, 10 * SECOND, 5);
  g_autoptr (GArray) same = kelvin_load_plan_new (KELVIN_PATTERN_POISSON, 50, 10 * SECOND, 5);
  g_autoptr (GArray) other = kelvin_load_plan_new (KELVIN_PATTERN_POISSON, 50, 10 * SECOND, 6);

  g_assert_cmpmem (one->data, one->len * 8, same->data, same->len * 8);
  g_assert_cmpint (at (one, 0), !=, at (other, 0));
}

/* The curve that is drawn is the one that is sent: the mean of each is the rate. */
static void
test_curves_have_a_mean_of_one (void)
{
  for (KelvinPattern pattern = KELVIN_PATTERN_STEADY; pattern <= KELVIN_PATTERN_TIMES; pattern++)
    {
      double sum = 0;

      for (guint i = 0; i < 1000; i++)
        sum += kelvin_pattern_rate_at (pattern, (i + 0.5) / 1000);
      g_assert_cmpfloat_with_epsilon (sum / 1000, 1.0, 0.01);
    }
}

static void
test_ramp_ends_with_most (void)
{
  g_autoptr (GArray) plan = kelvin_load_plan_new (KELVIN_PATTERN_RAMP, 100, 10 * SECOND, 1);
  guint early = 0;

  while (at (plan, early) < 5 * SECOND)
    early++;
  g_assert_cmpfloat_with_epsilon (early, 250, 2);
}

static GArray *
read_plan (const char *text, gsize *out_of_order, GError **error)
{
  return kelvin_load_plan_read (text, strlen (text), out_of_order, error);
}

static void
test_times_are_read_and_put_in_order (void)
{
  g_autoptr (GError) error = NULL;
  gsize out_of_order = 0;
  g_autoptr (GArray) plan = read_plan ("at,what\n1.5,b\n\n0.25,a\r\n2e0\n", &out_of_order, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (plan->len, ==, 3);
  g_assert_cmpint (at (plan, 0), ==, SECOND / 4);
  g_assert_cmpint (at (plan, 2), ==, 2 * SECOND);
  g_assert_cmpuint (out_of_order, ==, 1);
}

static void
test_wrong_times_are_named_by_their_line (void)
{
  static const char *const wrong[] = { "1\n,x\n", "1\n-2\n", "1\nnan\n", "1\nsoon\n", "1\n1e99\n" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize out_of_order = 0;

      g_assert_null (read_plan (wrong[i], &out_of_order, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_nonnull (strstr (error->message, "line 2"));
    }
}

static void
test_no_time_at_all_is_refused (void)
{
  g_autoptr (GError) error = NULL;
  gsize out_of_order = 0;

  g_assert_null (read_plan ("time\n\n", &out_of_order, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

static void
test_backoff_doubles_up_to_its_cap (void)
{
  KelvinCaller caller = { .backoff = KELVIN_BACKOFF_EXPONENTIAL,
                          .backoff_base_ns = SECOND,
                          .backoff_cap_ns = 3 * SECOND };

  g_assert_cmpint (kelvin_caller_backoff_ns (&caller, 2, 1, 1), ==, SECOND);
  g_assert_cmpint (kelvin_caller_backoff_ns (&caller, 3, 1, 1), ==, 2 * SECOND);
  g_assert_cmpint (kelvin_caller_backoff_ns (&caller, 4, 1, 1), ==, 3 * SECOND);
  g_assert_cmpint (kelvin_caller_backoff_ns (&caller, 1000, 1, 1), ==, 3 * SECOND);
}

static void
test_jitter_is_drawn_by_seed_event_and_try (void)
{
  KelvinCaller caller = { .backoff = KELVIN_BACKOFF_FULL_JITTER, .backoff_base_ns = SECOND };
  double sum = 0;

  g_assert_cmpint (kelvin_caller_backoff_ns (&caller, 2, 1, 9), ==,
                   kelvin_caller_backoff_ns (&caller, 2, 1, 9));
  for (guint64 event = 1; event <= 1000; event++)
    {
      gint64 wait_ns = kelvin_caller_backoff_ns (&caller, 2, 1, event);

      g_assert_cmpint (wait_ns, >=, 0);
      g_assert_cmpint (wait_ns, <, SECOND);
      sum += (double) wait_ns;
    }
  g_assert_cmpfloat_with_epsilon (sum / 1000 / SECOND, 0.5, 0.05);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/load-plan/steady-has-equal-gaps", test_steady_has_equal_gaps);
  g_test_add_func ("/model/load-plan/every-pattern-keeps-its-time-and-number",
                   test_every_pattern_keeps_its_time_and_number);
  g_test_add_func ("/model/load-plan/one-seed-is-one-plan", test_one_seed_is_one_plan);
  g_test_add_func ("/model/load-plan/curves-have-a-mean-of-one", test_curves_have_a_mean_of_one);
  g_test_add_func ("/model/load-plan/ramp-ends-with-most", test_ramp_ends_with_most);
  g_test_add_func ("/model/load-plan/times-are-read-and-put-in-order",
                   test_times_are_read_and_put_in_order);
  g_test_add_func ("/model/load-plan/wrong-times-are-named-by-their-line",
                   test_wrong_times_are_named_by_their_line);
  g_test_add_func ("/model/load-plan/no-time-at-all-is-refused", test_no_time_at_all_is_refused);
  g_test_add_func ("/model/load-plan/backoff-doubles-up-to-its-cap",
                   test_backoff_doubles_up_to_its_cap);
  g_test_add_func ("/model/load-plan/jitter-is-drawn-by-seed-event-and-try",
                   test_jitter_is_drawn_by_seed_event_and_try);
  return g_test_run ();
}
