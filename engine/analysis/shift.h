#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far one set of samples lies above another, as a ratio: times vary in proportion to their
 * length. Pure functions of positive samples in any one unit; what is NAN is left out. The samples
 * of a set are taken to be independent of each other, which starts that follow each other on one
 * machine are only nearly. */
typedef struct {
  gsize n_a, n_b;
  double ratio; /* of B to A: Hodges and Lehmann's shift of the logarithms; NAN without samples */
  double low, high;   /* its 95 % confidence interval; NAN where either set has less than 6 */
  double p;           /* Mann–Whitney, two-sided; NAN likewise */
  double superiority; /* Vargha and Delaney's A: share of pairs in which B is larger, ties half */
} KelvinShift;

/* The logarithms of some samples, sorted once and used for several questions. */
typedef struct _KelvinLogSamples KelvinLogSamples;

KelvinLogSamples *kelvin_log_samples_new (const double *samples, gsize n);
/* Of the samples, not of their logarithms; NAN without any. */
double kelvin_log_samples_get_median (const KelvinLogSamples *self);
void kelvin_log_samples_free (KelvinLogSamples *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinLogSamples, kelvin_log_samples_free)

/* Mann–Whitney U by its normal approximation with the correction for ties and for continuity
 * (Conover, "Practical Nonparametric Statistics", 1999, §5.1); ratio and interval by inversion of
 * the same test (Hodges and Lehmann 1963; Hollander, Wolfe and Chicken, "Nonparametric Statistical
 * Methods", 2014, §4.2–4.3); effect by Vargha and Delaney 2000. n log n. */
KelvinShift kelvin_shift_of (const KelvinLogSamples *a, const KelvinLogSamples *b);

/* One-sided: the probability to see B this far up if it were at most @factor times A. NAN where
 * either has less than 6 samples. */
double kelvin_shift_p_above (const KelvinLogSamples *a, const KelvinLogSamples *b, double factor);

/* Holm, "A Simple Sequentially Rejective Multiple Test Procedure", 1979: @p is replaced by its
 * values adjusted for their number. NAN stays and isn't counted. */
void kelvin_adjust_by_holm (double *p, gsize n);

G_END_DECLS
