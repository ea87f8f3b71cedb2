#include "engine/analysis/reservoir.h"

#define LARGEST_SAMPLE 1000000

struct _KelvinReservoir {
  GArray *samples; /* of double: what the statistics take */
  guint64 seen;
  GRand *random;
};

KelvinReservoir *
kelvin_reservoir_new (void)
{
  KelvinReservoir *self = g_new0 (KelvinReservoir, 1);

  self->samples = g_array_new (FALSE, FALSE, sizeof (double));
  self->random = g_rand_new_with_seed (1);

  return self;
}

void
kelvin_reservoir_free (KelvinReservoir *self)
{
  g_array_unref (self->samples);
  g_rand_free (self->random);
  g_free (self);
}

void
kelvin_reservoir_add (KelvinReservoir *self, double sample)
{
  self->seen++;
  if (self->samples->len < LARGEST_SAMPLE)
    {
      g_array_append_val (self->samples, sample);
      return;
    }

  double slot = g_rand_double (self->random) * (double) self->seen;

  if (slot < LARGEST_SAMPLE)
    g_array_index (self->samples, double, (guint) slot) = sample;
}

KelvinSummary
kelvin_reservoir_summarise (const KelvinReservoir *self)
{
  KelvinSummary summary =
      kelvin_summary_of ((const double *) (void *) self->samples->data, self->samples->len);

  summary.count = self->seen;
  return summary;
}
