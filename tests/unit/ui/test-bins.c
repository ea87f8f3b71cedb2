#include "ui/charts/bins.h"
#include "ui/charts/number-table.h"
#include "ui/charts/swarm.h"
#include "ui/columns.h"

static guint
sum_of (const KelvinBins *bins)
{
  guint sum = 0;

  for (guint i = 0; i < bins->n_bins; i++)
    sum += bins->counts[i];

  return sum;
}

static void
test_every_sample_is_in_a_slice (void)
{
  double samples[200];

  for (guint round = 0; round < 50; round++)
    {
      gsize n = (gsize) g_test_rand_int_range (1, G_N_ELEMENTS (samples));
      double scale = g_test_rand_double_range (.01, 1000);
      for (gsize i = 0; i < n; i++)
        samples[i] = g_test_rand_double_range (scale, scale * 3);

      KelvinBins bins = kelvin_bins_of (samples, n);
      g_assert_cmpuint (sum_of (&bins), ==, n);
      g_assert_cmpuint (bins.n_bins, <=, 121);
      g_assert_cmpuint (bins.most, >, 0);
      kelvin_bins_clear (&bins);
    }
}

static void
test_equal_samples_share_a_slice (void)
{
  static const double samples[] = { 5, 5, 5, 5 };
  KelvinBins bins = kelvin_bins_of (samples, G_N_ELEMENTS (samples));

  g_assert_cmpuint (bins.most, ==, 4);
  g_assert_cmpfloat (bins.low, <=, 5);
  g_assert_cmpfloat (kelvin_bins_get_high (&bins, bins.n_bins - 1), >=, 5);
  kelvin_bins_clear (&bins);
}

static void
test_no_samples_no_slices (void)
{
  KelvinBins bins = kelvin_bins_of (NULL, 0);

  g_assert_cmpuint (bins.n_bins, ==, 0);
  kelvin_bins_clear (&bins);
}

static void
test_an_outlier_makes_no_more_than_120_slices (void)
{
  double samples[100];

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    samples[i] = 10 + i * .001;
  samples[99] = 900;

  KelvinBins bins = kelvin_bins_of (samples, G_N_ELEMENTS (samples));
  g_assert_cmpuint (bins.n_bins, <=, 121);
  g_assert_cmpuint (bins.counts[bins.n_bins - 1], ==, 1);
  kelvin_bins_clear (&bins);
}

static void
test_the_tallest_bar_fills_the_plot (void)
{
  static const double samples[] = { 1, 2, 2, 2, 3, 4 };
  KelvinBins bins = kelvin_bins_of (samples, G_N_ELEMENTS (samples));
  KelvinAxis axis = kelvin_axis_fit (0, 5, 5);
  graphene_rect_t plot = GRAPHENE_RECT_INIT (0, 20, 500, 100);
  float highest = 0;

  for (guint i = 0; i < bins.n_bins; i++)
    {
      graphene_rect_t bar = kelvin_bins_get_bar (&bins, i, &axis, &plot);
      highest = MAX (highest, bar.size.height);
      g_assert_cmpfloat (bar.size.width, >=, 2);
      g_assert_cmpfloat_with_epsilon (bar.origin.y + bar.size.height, 120, .001);
    }
  g_assert_cmpfloat_with_epsilon (highest, 100, .001);
  kelvin_bins_clear (&bins);
}

static void
test_dots_do_not_cover_one_another (void)
{
  static const float xs[] = { 10, 11, 12, 30, 31 };
  static const int expected[] = { 0, 1, -1, 0, 1 };
  int levels[5];

  kelvin_swarm_place (xs, 5, 6, 5, levels);
  for (guint i = 0; i < 5; i++)
    g_assert_cmpint (levels[i], ==, expected[i]);
}

static void
test_dots_share_the_last_level (void)
{
  static const float xs[] = { 10, 10, 10, 10, 10 };
  int levels[5];

  kelvin_swarm_place (xs, 5, 6, 3, levels);
  g_assert_cmpint (levels[2], ==, -1);
  g_assert_cmpint (levels[3], ==, -1);
  g_assert_cmpint (levels[4], ==, -1);
}

static void
test_columns_fold_when_narrow (void)
{
  g_assert_cmpint (kelvin_columns_split (360, 760), ==, 0);
  g_assert_cmpint (kelvin_columns_split (1016, 760), ==, 350);
  g_assert_cmpint (kelvin_columns_split (3840, 760), ==, 760);
}

static void
test_columns_that_do_not_fit_are_left_out (void)
{
  static const int widths[] = { 90, 70, 110, 60 };

  g_assert_cmpuint (kelvin_number_table_count_fitting (widths, 4, 400, 18), ==, 4);
  g_assert_cmpuint (kelvin_number_table_count_fitting (widths, 4, 383, 18), ==, 3);
  g_assert_cmpuint (kelvin_number_table_count_fitting (widths, 4, 10, 18), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/ui/bins/every-sample-is-in-a-slice", test_every_sample_is_in_a_slice);
  g_test_add_func ("/ui/bins/equal-samples-share-a-slice", test_equal_samples_share_a_slice);
  g_test_add_func ("/ui/bins/no-samples-no-slices", test_no_samples_no_slices);
  g_test_add_func ("/ui/bins/an-outlier-makes-no-more-than-120-slices",
                   test_an_outlier_makes_no_more_than_120_slices);
  g_test_add_func ("/ui/bins/the-tallest-bar-fills-the-plot", test_the_tallest_bar_fills_the_plot);
  g_test_add_func ("/ui/swarm/dots-do-not-cover-one-another", test_dots_do_not_cover_one_another);
  g_test_add_func ("/ui/swarm/dots-share-the-last-level", test_dots_share_the_last_level);
  g_test_add_func ("/ui/columns/fold-when-narrow", test_columns_fold_when_narrow);
  g_test_add_func ("/ui/number-table/columns-that-do-not-fit-are-left-out",
                   test_columns_that_do_not_fit_are_left_out);

  return g_test_run ();
}
