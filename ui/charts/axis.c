#include "config.h"

#include "ui/charts/axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* From here on an axis counts in seconds. */
#define SECONDS_FROM_MS 10000

/* The next round number: 1, 2, 2.5 or 5 times a power of ten. */
static double
next_step (double step)
{
  static const double round[] = { 1, 2, 2.5, 5, 10 };
  double power = pow (10, floor (log10 (step) + 1e-9));

  for (guint i = 0; i < G_N_ELEMENTS (round); i++)
    if (round[i] * power > step * (1 + 1e-9))
      return round[i] * power;

  return 20 * power;
}

static void
set_ticks (KelvinAxis *self, double step)
{
  self->step = step;
  self->first = ceil (self->low / step - 1e-9) * step;
  self->n_ticks = (guint) MAX (floor ((self->high - self->first) / step + 1e-9) + 1, 0);
}

KelvinAxis
kelvin_axis_fit (double low, double high, guint most_ticks)
{
  KelvinAxis self = { .low = low, .high = high > low ? high : low + 1 };
  guint most = CLAMP (most_ticks, 2, KELVIN_AXIS_MOST_TICKS);
  double step = next_step ((self.high - self.low) / (most + 1) / 2);

  set_ticks (&self, step);
  while (self.n_ticks > most)
    {
      step = next_step (step);
      set_ticks (&self, step);
    }

  return self;
}

double
kelvin_axis_place (const KelvinAxis *self, double ms)
{
  return (ms - self->low) / (self->high - self->low);
}

double
kelvin_axis_value_at (const KelvinAxis *self, double place)
{
  return self->low + place * (self->high - self->low);
}

double
kelvin_axis_get_tick (const KelvinAxis *self, guint index)
{
  return self->first + index * self->step;
}

static int
count_decimals (double step)
{
  for (int decimals = 0; decimals < 6; decimals++)
    {
      double scaled = step * pow (10, decimals);
      if (fabs (scaled - round (scaled)) < 1e-6 * scaled)
        return decimals;
    }

  return 6;
}

char *
kelvin_axis_dup_label (const KelvinAxis *self, guint index)
{
  gboolean seconds = self->high >= SECONDS_FROM_MS;
  double divisor = seconds ? 1000 : 1;
  double value = kelvin_axis_get_tick (self, index) / divisor;
  int decimals = count_decimals (self->step / divisor);

  if (index + 1 < self->n_ticks)
    return g_strdup_printf ("%'.*f", value == 0 ? 0 : decimals, value);
  if (seconds)
    return g_strdup_printf (_ ("%'.*f s"), decimals, value);
  return g_strdup_printf (_ ("%'.*f ms"), decimals, value);
}
