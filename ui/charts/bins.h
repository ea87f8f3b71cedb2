#pragma once

#include <graphene.h>

#include "ui/charts/axis.h"

G_BEGIN_DECLS

/* How many samples fell into each of @n_bins equal slices from @low on. */
typedef struct {
  double low;
  double width;
  guint n_bins;
  guint *counts;
  guint most; /* the largest count */
  gsize n_samples;
} KelvinBins;

/* Slices of a round width by the rule of Freedman and Diaconis (1981), at most 120 of them; their
 * edges are multiples of the width. @samples need not be sorted. */
KelvinBins kelvin_bins_of (const double *samples, gsize n);
void kelvin_bins_clear (KelvinBins *self);

double kelvin_bins_get_low (const KelvinBins *self, guint index);
double kelvin_bins_get_high (const KelvinBins *self, guint index);

/* Where the bar of a slice stands in a plot whose tallest bar takes the whole of @plot: never
 * thinner than two pixels, with a gap of one where there is room. */
graphene_rect_t kelvin_bins_get_bar (const KelvinBins *self, guint index, const KelvinAxis *axis,
                                     const graphene_rect_t *plot);

G_END_DECLS
