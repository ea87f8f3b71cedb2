#include "engine/drills/drill.h"

#define RESERVED 5
#define DEMAND 4
#define STEPS 60
#define PAUSE_FROM_MS 1000
#define PAUSE_TO_MS 2000
#define RETRIES 60
#define BASE_MS 2000
#define MS G_GINT64_CONSTANT (1000000)

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  gboolean fixed = variant == KELVIN_DRILL_WITH_FIX;
  KelvinCaller *caller = &self->request.caller;

  self->request.reserved_concurrency = RESERVED;
  self->play.pause_from_ns = PAUSE_FROM_MS * MS;
  self->play.pause_to_ns = PAUSE_TO_MS * MS;
  caller->retries = RETRIES;
  caller->backoff = fixed ? KELVIN_BACKOFF_FULL_JITTER : KELVIN_BACKOFF_NONE;
  caller->backoff_base_ns = BASE_MS * MS;
  kelvin_drill_plan_say (self, 0, "%d events are due every 100 ms; %d environments may be busy",
                         DEMAND, RESERVED);
  kelvin_drill_plan_say (self, 0, "callers try again %s, at most %d times",
                         fixed ? "by exponential back-off from 2 s with full jitter"
                               : "100 ms later, without back-off",
                         RETRIES);
  kelvin_drill_plan_say (self, PAUSE_FROM_MS,
                         "others use all concurrency: everything is throttled");
  kelvin_drill_plan_say (self, PAUSE_TO_MS, "the concurrency is free again");
  kelvin_drill_plan_repeat (self, 0, STEPS, DEMAND);
}

static double
amplification (const KelvinLoadResult *load)
{
  return load->offered > 0 ? (double) load->attempts / (double) load->offered : 0.0;
}

static gboolean
is_harmed (const KelvinLoadResult *load)
{
  return amplification (load) >= 2.0 || load->completed < load->offered;
}

static char *
explain (const KelvinLoadResult *load)
{
  return g_strdup_printf (
      "%" G_GUINT64_FORMAT " events became %" G_GUINT64_FORMAT
      " attempts, of which %" G_GUINT64_FORMAT
      " were throttled: what a pause of %d ms left over %s",
      load->offered, load->attempts, load->attempts - MIN (load->attempts, load->completed),
      PAUSE_TO_MS - PAUSE_FROM_MS,
      is_harmed (load) ? "came again all at once, step after step" : "came again spread over time");
}

const KelvinDrill kelvin_drill_caller_retry_storm = {
  .info = { .name = "caller-retry-storm",
            .summary = "a pause of a second, and callers that try again until they are served",
            .fix = "exponential back-off with full jitter in the callers" },
  .step_ms = 100,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
