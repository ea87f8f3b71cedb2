#include "engine/analysis/statistics.h"

#include <math.h>

#define EPSILON 1e-9

static double *
one_to (gsize n)
{
  double *samples = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    samples[i] =
        (double) ((i * 7 + 3) % n + 1); /* not sorted: 7 and these n have no common factor */
  return samples;
}

static void
test_percentiles_interpolate (void)
{
  g_autofree double *samples = one_to (100);
  KelvinSummary summary = kelvin_summary_of (samples, 100);

  g_assert_cmpuint (summary.count, ==, 100);
  g_assert_cmpfloat (summary.min, ==, 1);
  g_assert_cmpfloat (summary.max, ==, 100);
  g_assert_cmpfloat_with_epsilon (summary.mean, 50.5, EPSILON);
  g_assert_cmpfloat_with_epsilon (summary.stddev, sqrt (100 * 101 / 12.0), EPSILON);
  g_assert_cmpfloat_with_epsilon (summary.p50, 50.5, EPSILON);
  g_assert_cmpfloat_with_epsilon (summary.p90, 90.1, EPSILON);
  g_assert_cmpfloat_with_epsilon (summary.p95, 95.05, EPSILON);
  g_assert_cmpfloat_with_epsilon (summary.p99, 99.01, EPSILON);
}

/* Ranks of the binomial order-statistic interval, as tabulated. */
static const struct {
  gsize n, low, high;
} known_intervals[] = {
  { 6, 1, 6 },    { 9, 2, 8 },     { 10, 2, 9 },       { 20, 6, 15 },
  { 51, 19, 33 }, { 100, 40, 61 }, { 1000, 469, 532 },
};

static void
test_median_interval_has_known_ranks (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (known_intervals); i++)
    {
      g_autofree double *samples = one_to (known_intervals[i].n);
      KelvinSummary summary = kelvin_summary_of (samples, known_intervals[i].n);

      g_assert_cmpfloat (summary.p50_low, ==, known_intervals[i].low);
      g_assert_cmpfloat (summary.p50_high, ==, known_intervals[i].high);
    }
}

static void
test_few_samples_carry_few_figures (void)
{
  g_autofree double *samples = one_to (101);
  KelvinSummary one = kelvin_summary_of (samples, 1);

  g_assert_cmpfloat (one.p50, ==, samples[0]);
  g_assert_true (isnan (one.stddev) && isnan (one.p90) && isnan (one.p50_low));
  g_assert_true (isnan (kelvin_summary_of (samples, 5).p50_high));
  g_assert_true (isnan (kelvin_summary_of (samples, 9).p90));
  g_assert_false (isnan (kelvin_summary_of (samples, 10).p90));
  g_assert_true (isnan (kelvin_summary_of (samples, 19).p95));
  g_assert_false (isnan (kelvin_summary_of (samples, 20).p95));
  g_assert_true (isnan (kelvin_summary_of (samples, 99).p99));
  g_assert_false (isnan (kelvin_summary_of (samples, 100).p99));
  g_assert_cmpuint (kelvin_percentile_needs (99), ==, 100);
}

static void
test_what_did_not_happen_is_not_counted (void)
{
  const double samples[] = { 4, NAN, 2, NAN };
  KelvinSummary summary = kelvin_summary_of (samples, G_N_ELEMENTS (samples));
  KelvinSummary empty = kelvin_summary_of (samples, 0);

  g_assert_cmpuint (summary.count, ==, 2);
  g_assert_cmpfloat (summary.p50, ==, 3);
  g_assert_cmpuint (empty.count, ==, 0);
  g_assert_true (isnan (empty.min) && isnan (empty.p50) && isnan (empty.mean));
}

static void
test_median_index_is_a_real_sample (void)
{
  const double odd[] = { 9, 1, 5, 7, 3 };
  const double even[] = { NAN, 10, 1, 4, 6.5 };

  g_assert_cmpuint (kelvin_median_index (odd, G_N_ELEMENTS (odd)), ==, 2);
  g_assert_cmpuint (kelvin_median_index (even, G_N_ELEMENTS (even)), ==, 3);
  g_assert_cmpuint (kelvin_median_index (even, 1), ==, 0);
}

static void
test_json_says_null_for_the_unknown (void)
{
  const double samples[] = { 2, 1, NAN };
  KelvinSummary summary = kelvin_summary_of (samples, 2);
  g_autoptr (JsonNode) node = kelvin_summary_to_json (&summary, samples, 3);
  g_autoptr (JsonNode) bare = kelvin_summary_to_json (&summary, NULL, 0);
  g_autofree char *text = json_to_string (node, FALSE);

  g_assert_true (g_str_has_prefix (text, "{\"min\":1.0,\"p50\":1.5,\"p90\":null,\"p95\":null,"
                                         "\"p99\":null,\"max\":2.0,\"mean\":1.5,\"stddev\":0.7"));
  g_assert_true (g_str_has_suffix (text, "\"p50CI95\":[null,null],\"samples\":[2.0,1.0,null]}"));
  g_assert_false (json_object_has_member (json_node_get_object (bare), "samples"));
}

static void
test_bins_count_each_sample_once (void)
{
  const double samples[] = { 0, 0.9, 1, 2.5, 4, 4.1, -0.1, NAN };
  guint counts[4];

  kelvin_bin_samples (samples, G_N_ELEMENTS (samples), 0, 4, 4, counts);
  g_assert_cmpuint (counts[0], ==, 2);
  g_assert_cmpuint (counts[1], ==, 1);
  g_assert_cmpuint (counts[2], ==, 1);
  g_assert_cmpuint (counts[3], ==, 1);
}

static void
test_bins_of_equal_samples (void)
{
  const double samples[] = { 3, 3, 3 };
  guint counts[2];

  kelvin_bin_samples (samples, G_N_ELEMENTS (samples), 3, 3, 2, counts);
  g_assert_cmpuint (counts[0], ==, 3);
  g_assert_cmpuint (counts[1], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/analysis/statistics/percentiles-interpolate", test_percentiles_interpolate);
  g_test_add_func ("/analysis/statistics/median-interval-has-known-ranks",
                   test_median_interval_has_known_ranks);
  g_test_add_func ("/analysis/statistics/few-samples-carry-few-figures",
                   test_few_samples_carry_few_figures);
  g_test_add_func ("/analysis/statistics/what-did-not-happen-is-not-counted",
                   test_what_did_not_happen_is_not_counted);
  g_test_add_func ("/analysis/statistics/median-index-is-a-real-sample",
                   test_median_index_is_a_real_sample);
  g_test_add_func ("/analysis/statistics/json-says-null-for-the-unknown",
                   test_json_says_null_for_the_unknown);
  g_test_add_func ("/analysis/statistics/bins-count-each-sample-once",
                   test_bins_count_each_sample_once);
  g_test_add_func ("/analysis/statistics/bins-of-equal-samples", test_bins_of_equal_samples);
  return g_test_run ();
}
