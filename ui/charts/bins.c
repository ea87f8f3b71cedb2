#include "config.h"

#include "ui/charts/bins.h"

#include <math.h>
#include <string.h>

#include "engine/analysis/statistics.h"

#define MOST_BINS 120
#define THINNEST 2
#define ROOM_FOR_A_GAP 4

static int
compare_doubles (const void *a, const void *b)
{
  double left = *(const double *) a;
  double right = *(const double *) b;

  return (left > right) - (left < right);
}

/* The largest of 1, 2, 5 times a power of ten that isn't above @width. */
static double
round_down (double width)
{
  double power = pow (10, floor (log10 (width) + 1e-9));
  double digit = width / power * (1 + 1e-9);

  if (digit >= 5)
    return 5 * power;
  return digit >= 2 ? 2 * power : power;
}

static double
choose_width (const double *sorted, gsize n)
{
  double range = sorted[n - 1] - sorted[0];
  double quartiles = sorted[n * 3 / 4] - sorted[n / 4];
  double width = 2 * quartiles / cbrt ((double) n);
  double least = MAX (range / MOST_BINS * 2.5, 0.001); /* rounding down takes at most 2.5 */

  /* Samples alike but for a few: the quartiles say nothing. */
  if (width <= 0)
    width = range / 20;

  return round_down (MAX (width, least));
}

KelvinBins
kelvin_bins_of (const double *samples, gsize n)
{
  KelvinBins self = { .n_samples = n };

  if (n == 0)
    return self;

  g_autofree double *sorted = g_memdup2 (samples, n * sizeof *samples);
  qsort (sorted, n, sizeof *sorted, compare_doubles);
  self.width = choose_width (sorted, n);
  self.low = floor (sorted[0] / self.width) * self.width;
  self.n_bins = (guint) floor ((sorted[n - 1] - self.low) / self.width) + 1;
  self.counts = g_new0 (guint, self.n_bins);
  kelvin_bin_samples (samples, n, self.low, self.low + self.n_bins * self.width, self.n_bins,
                      self.counts);
  for (guint i = 0; i < self.n_bins; i++)
    self.most = MAX (self.most, self.counts[i]);

  return self;
}

void
kelvin_bins_clear (KelvinBins *self)
{
  g_free (self->counts);
  *self = (KelvinBins){ 0 };
}

double
kelvin_bins_get_low (const KelvinBins *self, guint index)
{
  return self->low + index * self->width;
}

double
kelvin_bins_get_high (const KelvinBins *self, guint index)
{
  return self->low + (index + 1) * self->width;
}

graphene_rect_t
kelvin_bins_get_bar (const KelvinBins *self, guint index, const KelvinAxis *axis,
                     const graphene_rect_t *plot)
{
  double low = kelvin_axis_place (axis, kelvin_bins_get_low (self, index));
  double high = kelvin_axis_place (axis, kelvin_bins_get_high (self, index));
  float x = plot->origin.x + plot->size.width * (float) low;
  float width = plot->size.width * (float) (high - low);
  float height = self->most > 0 ? plot->size.height * self->counts[index] / self->most : 0;
  float gap = width >= ROOM_FOR_A_GAP ? 1 : 0;

  return GRAPHENE_RECT_INIT (x, plot->origin.y + plot->size.height - height,
                             MAX (width - gap, THINNEST), height);
}
