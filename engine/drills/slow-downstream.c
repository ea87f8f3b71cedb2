#include "engine/drills/drill.h"

#define DELAY_MS 400
#define STEP_MS 500
#define RESERVED 4
#define DEMAND 10 /* a step */
#define STEPS 4

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  self->play.needs_door = TRUE;
  self->play.door_faults.delay_ms = DELAY_MS;
  self->request.reserved_concurrency = variant == KELVIN_DRILL_WITH_FIX ? DEMAND : RESERVED;
  kelvin_drill_plan_say (self, 0, "what is behind the door answers %d ms late", DELAY_MS);
  kelvin_drill_plan_say (self, 0, "the function has a reserved concurrency of %d",
                         self->request.reserved_concurrency);
  kelvin_drill_plan_say (self, 0, "%d events are due every %d ms, which each takes now", DEMAND,
                         STEP_MS);
  kelvin_drill_plan_repeat (self, 0, STEPS, DEMAND);
}

static gboolean
is_harmed (const KelvinLoadResult *load)
{
  return load->completed < load->offered;
}

static char *
explain (const KelvinLoadResult *load)
{
  if (!is_harmed (load))
    return g_strdup_printf ("%u environments waited at once, which its concurrency allows",
                            load->peak_concurrency);
  if (load->throttled == 0)
    return g_strdup ("the function failed: does it give up before its first door answers?");
  return g_strdup_printf (
      "an environment that waits for an answer is busy: %d events every %d ms need %d environments "
      "and %d are reserved, so %" G_GUINT64_FORMAT " events were throttled",
      DEMAND, STEP_MS, DEMAND, RESERVED, load->throttled);
}

const KelvinDrill kelvin_drill_slow_downstream = {
  .info = { .name = "slow-downstream",
            .summary = "what is behind the function's first door answers late",
            .fix = "a reserved concurrency of rate × the duration when it is slow" },
  .step_ms = STEP_MS,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
