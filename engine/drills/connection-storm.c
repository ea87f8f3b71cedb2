#include "engine/drills/drill.h"

/* The database takes so many connections. */
#define CAP 5

static void
plan (KelvinDrillPlan *self, KelvinDrillVariant variant)
{
  gboolean fixed = variant == KELVIN_DRILL_WITH_FIX;

  self->play.needs_door = TRUE;
  self->play.door_faults.cap = CAP;
  /* Answers that take a while: all connections are open at once, however fast this machine is. */
  self->play.door_faults.delay_ms = 1000;
  kelvin_drill_plan_say (self, 0, "the database behind the door takes %d connections at once", CAP);
  if (fixed)
    {
      self->request.reserved_concurrency = CAP;
      self->request.caller.retries = 20;
      self->request.caller.backoff = KELVIN_BACKOFF_FULL_JITTER;
      kelvin_drill_plan_say (
          self, 0, "the function has a reserved concurrency of %d; callers try again", CAP);
    }
  kelvin_drill_plan_say (self, 0, "%d events are due at once: each environment connects", CAP + 1);
  kelvin_drill_plan_add (self, 0, CAP + 1);
}

static gboolean
is_harmed (const KelvinLoadResult *load)
{
  return load->refused_connections > 0 || load->completed < load->offered;
}

static char *
explain (const KelvinLoadResult *load)
{
  if (load->refused_connections > 0)
    return g_strdup_printf ("each environment opens a connection of its own: %u environments for "
                            "%d connections, and the last were refused",
                            load->environments, CAP);
  if (is_harmed (load))
    return g_strdup ("the function failed, though no connection was refused: does it use its first "
                     "door?");
  return g_strdup_printf ("no more than %u environments were there to connect", load->environments);
}

const KelvinDrill kelvin_drill_connection_storm = {
  .info = { .name = "connection-storm",
            .summary = "one environment more than the database behind the first door takes "
                       "connections",
            .fix = "a reserved concurrency of as many as there are connections, and callers that "
                   "try again" },
  .step_ms = 1000,
  .plan = plan,
  .is_harmed = is_harmed,
  .explain = explain,
};
