#include "engine/drills/drill.h"

#define BOUND 10
#define STEPS 40
#define CAP_ATTEMPTS 100

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  guint n = 1;

  kelvin_drill_plan_say (self, 0, "one event is due");
  kelvin_drill_plan_say (self, 0, "each event causes two more, 100 ms later");
  for (guint step = 0; step < STEPS; step++)
    {
      kelvin_drill_plan_repeat (self, step * 100, 1, n);
      if (n < BOUND && 2 * n >= BOUND)
        kelvin_drill_plan_say (self, (step + 1) * 100, "a concurrency of %d is all that bounds it",
                               BOUND);
      n = MIN (2 * n, BOUND);
    }
  if (variant == KELVIN_DRILL_AS_IT_IS)
    return;
  self->play.cap_attempts = CAP_ATTEMPTS;
  kelvin_drill_plan_say (self, 0, "spending is capped at what %d attempts cost", CAP_ATTEMPTS);
}

static gboolean
is_harmed (const KelvinLoadResult *load)
{
  return load->stopped_by == NULL;
}

static char *
explain (const KelvinLoadResult *load)
{
  return g_strdup_printf ("one event caused %" G_GUINT64_FORMAT " in %d ms, %s", load->offered,
                          STEPS * 100,
                          is_harmed (load) ? "and nothing but concurrency bounds what that costs"
                                           : "until the cap stopped it");
}

const KelvinDrill kelvin_drill_cost_runaway = {
  .info = { .name = "cost-runaway",
            .summary = "a function whose events cause events of its own",
            .fix = "a cap on what it may spend" },
  .step_ms = 100,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
