#include "engine/analysis/statistics.h"

#include <math.h>

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* A phase that did not happen is NAN in a list of samples: no figure may count it. */
static GArray *
sorted_copy (const double *samples, gsize n)
{
  GArray *sorted = g_array_sized_new (FALSE, FALSE, sizeof (double), n);

  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (samples[i]))
        g_array_append_val (sorted, samples[i]);
    }
  g_array_sort (sorted, compare_doubles);
  return sorted;
}

/* Hyndman and Fan, "Sample Quantiles in Statistical Packages", 1996: definition 7. */
static double
quantile (const double *sorted, gsize n, double share)
{
  double position = share * (double) (n - 1);
  gsize below = (gsize) position;
  gsize above = MIN (below + 1, n - 1);

  return sorted[below] + (position - (double) below) * (sorted[above] - sorted[below]);
}

static double
percentile_if_carried (const double *sorted, gsize n, guint percentile)
{
  if (n < kelvin_percentile_needs (percentile))
    return NAN;
  return quantile (sorted, n, percentile / 100.0);
}

/* How many of the lowest (and of the highest) order statistics lie outside of the median's 95 %
 * interval: the number of samples below the true median is binomial (n, 1/2), so this is the
 * largest r with P (at most r - 1 below) ≤ 2.5 % (Conover, "Practical Nonparametric Statistics",
 * 1999, §3.2). 0 where even the whole range isn't sure enough, which is so for n < 6. */
static gsize
median_interval_rank (gsize n)
{
  double log_probability = -(double) n * G_LN2; /* of none below */
  double cumulative = 0;
  gsize rank = 0;

  while (rank < n)
    {
      cumulative += exp (log_probability);
      if (cumulative > 0.025)
        break;
      log_probability += log ((double) (n - rank) / (double) (rank + 1));
      rank++;
    }
  return rank;
}

static void
summarise_spread (KelvinSummary *summary, const double *sorted, gsize n)
{
  double sum = 0;
  double squares = 0;

  for (gsize i = 0; i < n; i++)
    sum += sorted[i];
  summary->mean = sum / (double) n;
  for (gsize i = 0; i < n; i++)
    squares += (sorted[i] - summary->mean) * (sorted[i] - summary->mean);
  if (n > 1)
    summary->stddev = sqrt (squares / (double) (n - 1));
}

KelvinSummary
kelvin_summary_of (const double *samples, gsize n)
{
  g_autoptr (GArray) array = sorted_copy (samples, n);
  const double *sorted = (const double *) (const void *) array->data;
  gsize count = array->len;
  KelvinSummary summary = { count, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN, NAN };

  if (count == 0)
    return summary;

  summary.min = sorted[0];
  summary.max = sorted[count - 1];
  summarise_spread (&summary, sorted, count);
  summary.p50 = percentile_if_carried (sorted, count, 50);
  summary.p90 = percentile_if_carried (sorted, count, 90);
  summary.p95 = percentile_if_carried (sorted, count, 95);
  summary.p99 = percentile_if_carried (sorted, count, 99);

  gsize rank = median_interval_rank (count);
  if (rank > 0)
    {
      summary.p50_low = sorted[rank - 1];
      summary.p50_high = sorted[count - rank];
    }
  return summary;
}

gsize
kelvin_percentile_needs (guint percentile)
{
  if (percentile <= 50)
    return 1;
  /* One sample in expectation at or above it: below that, it would be the maximum by another name.
   */
  return (gsize) ceil (100.0 / (100.0 - MIN (percentile, 99)));
}

gsize
kelvin_median_index (const double *samples, gsize n)
{
  g_return_val_if_fail (n > 0, 0);

  g_autoptr (GArray) array = sorted_copy (samples, n);
  gsize nearest = 0;
  double distance = INFINITY;

  if (array->len == 0)
    return 0;
  double median = quantile ((const double *) (const void *) array->data, array->len, 0.5);
  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (samples[i]) && fabs (samples[i] - median) < distance)
        {
          nearest = i;
          distance = fabs (samples[i] - median);
        }
    }
  return nearest;
}

/* JSON has no NAN: what isn't known is null. */
static JsonNode *
number_node (double value)
{
  JsonNode *node = json_node_alloc ();

  return isfinite (value) ? json_node_init_double (node, value) : json_node_init_null (node);
}

static JsonArray *
numbers_array (const double *values, gsize n)
{
  JsonArray *array = json_array_sized_new ((guint) n);

  for (gsize i = 0; i < n; i++)
    json_array_add_element (array, number_node (values[i]));
  return array;
}

JsonNode *
kelvin_summary_to_json (const KelvinSummary *summary, const double *samples, gsize n_samples)
{
  g_autoptr (JsonObject) object = json_object_new ();
  const double interval[] = { summary->p50_low, summary->p50_high };

  json_object_set_member (object, "min", number_node (summary->min));
  json_object_set_member (object, "p50", number_node (summary->p50));
  json_object_set_member (object, "p90", number_node (summary->p90));
  json_object_set_member (object, "p95", number_node (summary->p95));
  json_object_set_member (object, "p99", number_node (summary->p99));
  json_object_set_member (object, "max", number_node (summary->max));
  json_object_set_member (object, "mean", number_node (summary->mean));
  json_object_set_member (object, "stddev", number_node (summary->stddev));
  json_object_set_array_member (object, "p50CI95", numbers_array (interval, 2));
  if (samples != NULL)
    json_object_set_array_member (object, "samples", numbers_array (samples, n_samples));
  return json_node_init_object (json_node_alloc (), object);
}

void
kelvin_bin_samples (const double *samples, gsize n, double low, double high, guint n_bins,
                    guint *out_counts)
{
  g_return_if_fail (n_bins > 0);

  double width = (high - low) / n_bins;

  memset (out_counts, 0, n_bins * sizeof *out_counts);
  for (gsize i = 0; i < n; i++)
    {
      if (!(samples[i] >= low && samples[i] <= high))
        continue;
      guint bin = width > 0 ? (guint) ((samples[i] - low) / width) : 0;
      out_counts[MIN (bin, n_bins - 1)]++; /* the upper end belongs to the last one */
    }
}
