#include "engine/model/phase.h"

static const char *const names[KELVIN_N_PHASES] = {
  [KELVIN_PHASE_QUEUE] = "queue",     [KELVIN_PHASE_SANDBOX] = "sandbox",
  [KELVIN_PHASE_RUNTIME] = "runtime", [KELVIN_PHASE_INIT] = "init",
  [KELVIN_PHASE_HANDLER] = "handler", [KELVIN_PHASE_RESPONSE] = "response",
};

const char *
kelvin_phase_get_name (KelvinPhase phase)
{
  g_return_val_if_fail (phase < KELVIN_N_PHASES, "");

  return names[phase];
}

gint64
kelvin_phases_get_total_us (const KelvinPhases *phases)
{
  gint64 total = 0;

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    total += MAX (phases->us[i], 0);

  return total;
}
