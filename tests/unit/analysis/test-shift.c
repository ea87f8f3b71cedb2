#include "engine/analysis/shift.h"

#include <math.h>

static KelvinShift
compare (const double *a, gsize n_a, const double *b, gsize n_b)
{
  g_autoptr (KelvinLogSamples) logs_a = kelvin_log_samples_new (a, n_a);
  g_autoptr (KelvinLogSamples) logs_b = kelvin_log_samples_new (b, n_b);

  return kelvin_shift_of (logs_a, logs_b);
}

static void
test_known_answer (void)
{
  /* U = 50 of 64 pairs, two of them ties, which count half; by the normal approximation with both
   * corrections. */
  const double a[] = { 12, 15, 11, 14, 13, 17, 10, 16 };
  const double b[] = { 14, 18, 17, 19, 13.5, 20, 15.5, 16.5 };
  KelvinShift shift = compare (a, 8, b, 8);
  double u = 0;

  for (int i = 0; i < 8; i++)
    for (int j = 0; j < 8; j++)
      u += b[j] > a[i] ? 1 : b[j] == a[i] ? 0.5 : 0;
  g_assert_cmpfloat_with_epsilon (shift.superiority, u / 64, 1e-12);
  double deviation = sqrt (64.0 / 12 * (17 - 2 * 6.0 / (16 * 15)));
  g_assert_cmpfloat_with_epsilon (shift.p, erfc ((u - 32 - 0.5) / deviation / G_SQRT2), 1e-9);
  g_assert_true (shift.low < shift.ratio && shift.ratio < shift.high);
}

static void
test_a_factor_is_found (void)
{
  g_autofree double *a = g_new (double, 1000);
  g_autofree double *b = g_new (double, 1000);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (int i = 0; i < 1000; i++)
    {
      a[i] = 100 + g_rand_double_range (rand, 0, 10);
      b[i] = a[i] * 1.25;
    }
  KelvinShift shift = compare (a, 1000, b, 1000);
  g_assert_cmpfloat_with_epsilon (shift.ratio, 1.25, 0.002);
  g_assert_true (shift.low > 1.24 && shift.high < 1.26 && shift.p < 1e-9);
}

static void
test_equal_samples_show_nothing (void)
{
  const double same[] = { 38, 38, 38, 38, 38, 38, 38 };
  const double more[] = { 40, 40, 40, 40, 40, 40, 40 };
  KelvinShift shift = compare (same, 7, same, 7);

  g_assert_cmpfloat (shift.ratio, ==, 1);
  g_assert_cmpfloat (shift.p, ==, 1);
  g_assert_cmpfloat (shift.superiority, ==, 0.5);
  shift = compare (same, 7, more, 7);
  g_assert_cmpfloat_with_epsilon (shift.low, 40.0 / 38, 1e-6);
  g_assert_true (shift.p < 0.01);
}

static void
test_few_samples_carry_no_interval (void)
{
  const double five[] = { 1, 2, 3, 4, NAN };
  KelvinShift shift = compare (five, 5, five, 5);

  g_assert_cmpuint (shift.n_a, ==, 4);
  g_assert_true (isnan (shift.low) && isnan (shift.p));
  g_assert_cmpfloat_with_epsilon (shift.ratio, 1, 1e-6);
  g_assert_true (isnan (compare (five, 0, five, 5).ratio));
}

/* 95 % intervals hold the true ratio about as often as they say. */
static void
test_interval_holds_what_it_says (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  int held = 0;

  for (int round = 0; round < 1000; round++)
    {
      double a[20], b[20];

      for (int i = 0; i < 20; i++)
        {
          /* skewed, as times are: exponential on top of a floor */
          a[i] = 10 - log (1 - g_rand_double (rand));
          b[i] = 1.1 * (10 - log (1 - g_rand_double (rand)));
        }
      KelvinShift shift = compare (a, 20, b, 20);
      held += shift.low <= 1.1 && 1.1 <= shift.high;
    }
  g_assert_cmpint (held, >=, 930);
  g_assert_cmpint (held, <=, 975);
}

static void
test_holm_steps_down (void)
{
  double p[] = { 0.01, 0.04, NAN, 0.03 };

  kelvin_adjust_by_holm (p, G_N_ELEMENTS (p));
  g_assert_cmpfloat_with_epsilon (p[0], 0.03, 1e-12);
  g_assert_cmpfloat_with_epsilon (p[3], 0.06, 1e-12);
  g_assert_cmpfloat_with_epsilon (p[1], 0.06, 1e-12);
  g_assert_true (isnan (p[2]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/analysis/shift/known-answer", test_known_answer);
  g_test_add_func ("/analysis/shift/a-factor-is-found", test_a_factor_is_found);
  g_test_add_func ("/analysis/shift/equal-samples-show-nothing", test_equal_samples_show_nothing);
  g_test_add_func ("/analysis/shift/few-samples-carry-no-interval",
                   test_few_samples_carry_no_interval);
  g_test_add_func ("/analysis/shift/interval-holds-what-it-says", test_interval_holds_what_it_says);
  g_test_add_func ("/analysis/shift/holm-steps-down", test_holm_steps_down);
  return g_test_run ();
}
