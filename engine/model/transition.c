#include "engine/model/transition.h"

static const char *const names[] = {
  [KELVIN_STATE_PARKED] = "parked",
  [KELVIN_STATE_STARTING] = "starting",
  [KELVIN_STATE_INITIALISING] = "initialising",
  [KELVIN_STATE_IDLE] = "idle",
  [KELVIN_STATE_BUSY] = "busy",
  [KELVIN_STATE_STOPPING] = "stopping",
  [KELVIN_STATE_DEAD] = "dead",
};

const char *
kelvin_state_to_string (KelvinState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (names), "");

  return names[state];
}
