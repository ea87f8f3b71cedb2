#include "engine/analysis/shift.h"

#include <math.h>
#include <stdlib.h>

#include "engine/analysis/statistics.h"

#define NORMAL_975 1.959963984540054
/* Steps of a bisection: enough for a thousandth of a percent over nine decades. */
#define MOST_STEPS 54
#define MOST_GUESSES 12
/* A share of the pairs that is nothing: less than one of them up to 10,000 samples. */
#define CLOSE_PAIRS 1e-8
/* A time of nothing has no logarithm: below the nanosecond nothing is told apart. */
#define SMALLEST 1e-6

struct _KelvinLogSamples {
  double *values; /* sorted */
  gsize n;
  double median; /* of the samples themselves */
};

static int
compare_doubles (const void *a, const void *b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

KelvinLogSamples *
kelvin_log_samples_new (const double *samples, gsize n)
{
  KelvinLogSamples *self = g_new0 (KelvinLogSamples, 1);

  self->values = g_new (double, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      if (isfinite (samples[i]))
        self->values[self->n++] = samples[i];
    }
  qsort (self->values, self->n, sizeof *self->values, compare_doubles);
  self->median =
      self->n > 0 ? (self->values[(self->n - 1) / 2] + self->values[self->n / 2]) / 2 : NAN;
  for (gsize i = 0; i < self->n; i++)
    self->values[i] = log (MAX (self->values[i], SMALLEST));

  return self;
}

double
kelvin_log_samples_get_median (const KelvinLogSamples *self)
{
  return self->median;
}

void
kelvin_log_samples_free (KelvinLogSamples *self)
{
  g_free (self->values);
  g_free (self);
}

typedef struct {
  double below; /* pairs whose difference B − A is less */
  double equal;
} PairCounts;

/* Both are sorted: one walk. */
static PairCounts
count_pairs (const KelvinLogSamples *a, const KelvinLogSamples *b, double difference)
{
  PairCounts counts = { 0, 0 };
  gsize less = 0;
  gsize not_more = 0;

  for (gsize i = 0; i < a->n; i++)
    {
      double border = a->values[i] + difference;

      while (less < b->n && b->values[less] < border)
        less++;
      not_more = MAX (not_more, less);
      while (not_more < b->n && b->values[not_more] <= border)
        not_more++;
      counts.below += (double) less;
      counts.equal += (double) (not_more - less);
    }
  return counts;
}

/* Σ (t³ − t) over groups of equal values of both, B moved down by @difference. */
static double
count_ties (const KelvinLogSamples *a, const KelvinLogSamples *b, double difference)
{
  double ties = 0;
  gsize i = 0;
  gsize j = 0;

  while (i < a->n || j < b->n)
    {
      double next_a = i < a->n ? a->values[i] : INFINITY;
      double next_b = j < b->n ? b->values[j] - difference : INFINITY;
      double value = MIN (next_a, next_b);
      double t = 0;

      for (; i < a->n && a->values[i] <= value; i++)
        t++;
      for (; j < b->n && b->values[j] - difference <= value; j++)
        t++;
      ties += t * t * t - t;
    }
  return ties;
}

/* Standard deviation of U under equal distributions, with the correction for ties. */
static double
deviation_of_u (const KelvinLogSamples *a, const KelvinLogSamples *b, double ties)
{
  double n = (double) (a->n + b->n);
  double pairs = (double) a->n * (double) b->n;
  double variance = pairs / 12 * (n + 1 - ties / (n * (n - 1)));

  return sqrt (MAX (variance, 0));
}

static gboolean
is_carried (const KelvinLogSamples *a, const KelvinLogSamples *b)
{
  return MIN (a->n, b->n) >= KELVIN_SAMPLES_FOR_INTERVAL;
}

/* How far U is above what equal distributions make it, in pairs. */
static double
excess_of_u (const KelvinLogSamples *a, const KelvinLogSamples *b, double difference)
{
  double pairs = (double) a->n * (double) b->n;
  PairCounts counts = count_pairs (a, b, difference);

  return pairs / 2 - counts.below - counts.equal / 2;
}

double
kelvin_shift_p_above (const KelvinLogSamples *a, const KelvinLogSamples *b, double factor)
{
  double difference = log (factor);

  if (!is_carried (a, b))
    return NAN;
  double excess = excess_of_u (a, b, difference);
  double deviation = deviation_of_u (a, b, count_ties (a, b, difference));
  if (deviation <= 0)
    return excess > 0 ? 0 : 1;

  return erfc ((excess - 0.5) / deviation / G_SQRT2) / 2;
}

static double
two_sided_p (const KelvinLogSamples *a, const KelvinLogSamples *b)
{
  double excess = fabs (excess_of_u (a, b, 0));
  double deviation = deviation_of_u (a, b, count_ties (a, b, 0));

  if (deviation <= 0)
    return 1;
  return MIN (erfc (MAX (excess - 0.5, 0) / deviation / G_SQRT2), 1);
}

/* The difference of which @rank pairs (from 0) are less, between those that all and none are: by
 * regula falsi with the Illinois rule (Dowell and Jarratt 1971), as the count of many pairs is
 * smooth, and by bisection where that doesn't get there. */
static double
find_difference (const KelvinLogSamples *a, const KelvinLogSamples *b, double rank)
{
  double low = b->values[0] - a->values[a->n - 1];
  double high = b->values[b->n - 1] - a->values[0];
  double at_low = -rank - 1;
  double at_high = (double) a->n * (double) b->n - rank;
  double close = (double) a->n * (double) b->n * CLOSE_PAIRS;
  gboolean low_moved = FALSE;
  gboolean high_moved = FALSE;

  for (guint step = 0; step < MOST_STEPS && high - low > 1e-7; step++)
    {
      double middle = step < MOST_GUESSES ? low - at_low * (high - low) / (at_high - at_low)
                                          : low + (high - low) / 2;
      PairCounts counts = count_pairs (a, b, middle);

      if (counts.below <= rank && counts.below + counts.equal > rank)
        return middle;
      if (fabs (counts.below - rank) < close)
        return middle;
      if (counts.below > rank)
        {
          high = middle;
          at_high = counts.below - rank;
          at_low = high_moved ? at_low / 2 : at_low;
          high_moved = TRUE;
          low_moved = FALSE;
        }
      else
        {
          low = middle;
          at_low = counts.below + counts.equal - rank - 1;
          at_high = low_moved ? at_high / 2 : at_high;
          low_moved = TRUE;
          high_moved = FALSE;
        }
    }
  return low + (high - low) / 2;
}

KelvinShift
kelvin_shift_of (const KelvinLogSamples *a, const KelvinLogSamples *b)
{
  KelvinShift shift = { a->n, b->n, NAN, NAN, NAN, NAN, NAN };
  double pairs = (double) a->n * (double) b->n;

  if (pairs == 0)
    return shift;
  shift.superiority = 0.5 + excess_of_u (a, b, 0) / pairs;
  shift.ratio = exp (find_difference (a, b, floor (pairs / 2)));
  if (!is_carried (a, b))
    return shift;

  /* The ranks as without ties: the interval is then rather too wide. */
  double outside = floor (pairs / 2 - NORMAL_975 * deviation_of_u (a, b, 0));
  outside = CLAMP (outside, 0, pairs - 1);
  shift.low = exp (find_difference (a, b, outside));
  shift.high = exp (find_difference (a, b, pairs - 1 - outside));
  shift.p = two_sided_p (a, b);

  return shift;
}

typedef struct {
  double p;
  gsize place;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  return compare_doubles (&((const Ranked *) a)->p, &((const Ranked *) b)->p);
}

void
kelvin_adjust_by_holm (double *p, gsize n)
{
  g_autofree Ranked *ranked = g_new (Ranked, n + 1);
  gsize n_known = 0;
  double largest = 0;

  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (p[i]))
        ranked[n_known++] = (Ranked){ p[i], i };
    }
  qsort (ranked, n_known, sizeof *ranked, compare_ranked);
  for (gsize i = 0; i < n_known; i++)
    {
      largest = MAX (largest, MIN (ranked[i].p * (double) (n_known - i), 1));
      p[ranked[i].place] = largest;
    }
}
