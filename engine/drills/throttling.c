#include "engine/drills/drill.h"

#define RESERVED 5
#define DEMAND 10
#define STEPS 20

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  self->request.reserved_concurrency = variant == KELVIN_DRILL_WITH_FIX ? DEMAND : RESERVED;
  kelvin_drill_plan_say (self, 0, "the function has a reserved concurrency of %d",
                         self->request.reserved_concurrency);
  kelvin_drill_plan_say (
      self, 0, "%d events are due every 100 ms, which each takes; nobody tries again", DEMAND);
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
  guint64 refused = load->throttled_attempts[KELVIN_THROTTLE_RESERVED_CONCURRENCY];

  if (!is_harmed (load))
    return g_strdup_printf ("at most %u environments were busy, which its concurrency allows",
                            load->peak_concurrency);
  if (refused == 0)
    return g_strdup ("the function failed");
  return g_strdup_printf (
      "%" G_GUINT64_FORMAT " events met the limit of reserved concurrency (%s): events a second × "
      "seconds that each takes are %d, more than the %d reserved",
      refused, kelvin_throttle_get_reason (KELVIN_THROTTLE_RESERVED_CONCURRENCY), DEMAND, RESERVED);
}

const KelvinDrill kelvin_drill_throttling = {
  .info = { .name = "throttling",
            .summary = "twice as many events as the reserved concurrency carries",
            .fix = "a reserved concurrency of rate × duration" },
  .step_ms = 100,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
