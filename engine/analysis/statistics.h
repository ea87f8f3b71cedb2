#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Summaries of samples of time. Samples are milliseconds or any other one unit; nothing here knows
 * a clock. A sample that is NAN (a phase that did not happen) is left out and not counted. A figure
 * that the samples can't carry is NAN (null in JSON): see kelvin_percentile_needs. */
typedef struct {
  gsize count;
  double min, max, mean, stddev; /* stddev: n - 1 in the divisor; NAN for n < 2 */
  double p50, p90, p95, p99;
  double p50_low, p50_high; /* 95 % confidence interval of the median, by order statistics */
} KelvinSummary;

/* Percentiles by linear interpolation of order statistics (Hyndman and Fan 1996, type 7); the
 * median's interval by the binomial order-statistic method (Conover 1999, §3.2). @samples need not
 * be sorted. */
KelvinSummary kelvin_summary_of (const double *samples, gsize n);
/* How many samples the median's 95 % interval needs: the whole range of 5 is sure to 93.75 % alone.
 */
#define KELVIN_SAMPLES_FOR_INTERVAL 6
/* How many samples a percentile (50, 90, 95, 99) needs before it is shown: 1, 10, 20, 100. */
gsize kelvin_percentile_needs (guint percentile);
/* Index of the sample nearest to the median: "a real median start". n > 0. */
gsize kelvin_median_index (const double *samples, gsize n);
/* {"min": …, "p50": …, …, "p50CI95": [low, high]} and, unless @samples is NULL, "samples" in their
 * order. */
JsonNode *kelvin_summary_to_json (const KelvinSummary *summary, const double *samples,
                                  gsize n_samples);

/* Bars of a histogram over [low, high] with @n_bins equal bins; counts into @out_counts. A sample
 * on a border belongs to the bin above it, @high to the last one; what lies outside is not counted.
 */
void kelvin_bin_samples (const double *samples, gsize n, double low, double high, guint n_bins,
                         guint *out_counts);

G_END_DECLS
