#include "engine/drills/drill.h"

/* Events at one instant need as many environments. */
#define BURST 10
#define BURST_AT_MS 1000

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  self->play.burst_from_ns = BURST_AT_MS * G_GINT64_CONSTANT (1000000);
  self->request.admission = KELVIN_ADMISSION_FREE;
  kelvin_drill_plan_say (self, 0, "no environment is there");
  if (variant == KELVIN_DRILL_WITH_FIX)
    {
      kelvin_drill_plan_say (self, 0, "%d warm-up events make a warm pool", BURST);
      kelvin_drill_plan_add (self, 0, BURST);
    }
  kelvin_drill_plan_say (self, BURST_AT_MS, "%d events are due at once", BURST);
  kelvin_drill_plan_add (self, BURST_AT_MS, BURST);
}

static gboolean
is_harmed (const KelvinLoadResult *load)
{
  return load->burst_cold_starts > 0 || load->completed < load->offered;
}

static char *
explain (const KelvinLoadResult *load)
{
  if (!is_harmed (load))
    return g_strdup_printf ("all %d events of the burst found an idle environment", BURST);
  if (load->burst_cold_starts == 0)
    return g_strdup ("the function failed");
  return g_strdup_printf ("%" G_GUINT64_FORMAT
                          " of the %d events of the burst found no idle environment: each waited "
                          "for the sandbox, the runtime and the init of one of its own",
                          load->burst_cold_starts, BURST);
}

const KelvinDrill kelvin_drill_cold_burst = {
  .info = { .name = "cold-burst",
            .summary = "ten events at once for a function that has no environment",
            .fix = "warm-up events before the burst, as many as it has" },
  .step_ms = 100,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
