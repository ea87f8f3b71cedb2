#include "engine/dispatch/tally.h"

#include <math.h>

#include "engine/analysis/statistics.h"

/* Waits of one kind, in microseconds as doubles: what the statistics take. */
typedef struct {
  GArray *samples;
  guint64 seen;
} Waits;

struct _KelvinTally {
  KelvinRun *run;
  GRand *random;
  Waits all;
  Waits cold;
  Waits warm;
};

#define LARGEST_SAMPLE 1000000

static void
waits_add (Waits *waits, GRand *random, double wait_us)
{
  waits->seen++;
  if (waits->samples->len < LARGEST_SAMPLE)
    {
      g_array_append_val (waits->samples, wait_us);
      return;
    }

  double slot = g_rand_double (random) * (double) waits->seen;

  if (slot < LARGEST_SAMPLE)
    g_array_index (waits->samples, double, (guint) slot) = wait_us;
}

static KelvinSummary
waits_summarise (const Waits *waits)
{
  return kelvin_summary_of ((const double *) (void *) waits->samples->data, waits->samples->len);
}

KelvinTally *
kelvin_tally_new (KelvinRun *run)
{
  KelvinTally *self = g_new0 (KelvinTally, 1);

  self->run = run;
  self->random = g_rand_new_with_seed (1);
  self->all.samples = g_array_new (FALSE, FALSE, sizeof (double));
  self->cold.samples = g_array_new (FALSE, FALSE, sizeof (double));
  self->warm.samples = g_array_new (FALSE, FALSE, sizeof (double));

  return self;
}

void
kelvin_tally_free (KelvinTally *self)
{
  g_array_unref (self->all.samples);
  g_array_unref (self->cold.samples);
  g_array_unref (self->warm.samples);
  g_rand_free (self->random);
  g_free (self);
}

static void
add_wait (KelvinTally *self, const KelvinInvocation *invocation)
{
  double wait_us = (double) kelvin_phases_get_total_us (&invocation->phases);

  waits_add (&self->all, self->random, wait_us);
  if (invocation->start == KELVIN_START_COLD)
    waits_add (&self->cold, self->random, wait_us);
  else if (invocation->start == KELVIN_START_WARM)
    waits_add (&self->warm, self->random, wait_us);
}

void
kelvin_tally_add (KelvinTally *self, const KelvinInvocation *invocation)
{
  KelvinRun *run = self->run;

  run->invocations++;
  run->cost_pico_usd += invocation->cost_pico_usd;
  if (invocation->start == KELVIN_START_COLD)
    run->cold_starts++;
  if (invocation->status == KELVIN_STATUS_OK)
    {
      add_wait (self, invocation);
      return;
    }
  if (invocation->status != KELVIN_STATUS_CANCELLED)
    run->errors++;
  if (run->status == KELVIN_STATUS_RUNNING)
    run->status = invocation->status;
}

static gint64
whole_us (double us)
{
  return isnan (us) ? -1 : (gint64) round (us);
}

void
kelvin_tally_set_percentiles (KelvinTally *self)
{
  KelvinSummary all = waits_summarise (&self->all);

  self->run->p50_us = whole_us (all.p50);
  self->run->p99_us = whole_us (all.p99);
  self->run->cold_p50_us = whole_us (waits_summarise (&self->cold).p50);
  self->run->warm_p50_us = whole_us (waits_summarise (&self->warm).p50);
}

void
kelvin_tally_end_run (KelvinTally *self, gint64 now_us)
{
  kelvin_tally_set_percentiles (self);
  self->run->ended_at_us = now_us;
  if (self->run->status == KELVIN_STATUS_RUNNING)
    self->run->status = KELVIN_STATUS_OK;
}
