#include "engine/dispatch/tally.h"

#include <math.h>

#include "engine/analysis/reservoir.h"

struct _KelvinTally {
  KelvinRun *run;
  KelvinReservoir *all; /* waits in microseconds */
  KelvinReservoir *cold;
  KelvinReservoir *warm;
};

KelvinTally *
kelvin_tally_new (KelvinRun *run)
{
  KelvinTally *self = g_new0 (KelvinTally, 1);

  self->run = run;
  self->all = kelvin_reservoir_new ();
  self->cold = kelvin_reservoir_new ();
  self->warm = kelvin_reservoir_new ();

  return self;
}

void
kelvin_tally_free (KelvinTally *self)
{
  kelvin_reservoir_free (self->all);
  kelvin_reservoir_free (self->cold);
  kelvin_reservoir_free (self->warm);
  g_free (self);
}

static void
add_wait (KelvinTally *self, const KelvinInvocation *invocation)
{
  double wait_us = (double) kelvin_phases_get_total_us (&invocation->phases);

  kelvin_reservoir_add (self->all, wait_us);
  if (invocation->start == KELVIN_START_COLD)
    kelvin_reservoir_add (self->cold, wait_us);
  else if (invocation->start == KELVIN_START_WARM)
    kelvin_reservoir_add (self->warm, wait_us);
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
  KelvinSummary all = kelvin_reservoir_summarise (self->all);

  self->run->p50_us = whole_us (all.p50);
  self->run->p99_us = whole_us (all.p99);
  self->run->cold_p50_us = whole_us (kelvin_reservoir_summarise (self->cold).p50);
  self->run->warm_p50_us = whole_us (kelvin_reservoir_summarise (self->warm).p50);
}

void
kelvin_tally_end_run (KelvinTally *self, gint64 now_us)
{
  kelvin_tally_set_percentiles (self);
  self->run->ended_at_us = now_us;
  if (self->run->status == KELVIN_STATUS_RUNNING)
    self->run->status = KELVIN_STATUS_OK;
}
