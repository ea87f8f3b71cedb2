#include "engine/history/codes.h"

static const int status_codes[] = {
  [KELVIN_STATUS_RUNNING] = 1,       [KELVIN_STATUS_OK] = 2,
  [KELVIN_STATUS_ERROR] = 3,         [KELVIN_STATUS_TIMEOUT] = 4,
  [KELVIN_STATUS_OUT_OF_MEMORY] = 5, [KELVIN_STATUS_THROTTLED] = 6,
  [KELVIN_STATUS_CANCELLED] = 7,     [KELVIN_STATUS_INTERRUPTED] = 8,
};

static const int start_codes[] = {
  [KELVIN_START_NONE] = 0,        [KELVIN_START_COLD] = 1,     [KELVIN_START_WARM] = 2,
  [KELVIN_START_PROVISIONED] = 3, [KELVIN_START_RESTORED] = 4,
};

static const int run_kind_codes[] = {
  [KELVIN_RUN_INVOKE] = 1, [KELVIN_RUN_PROFILE] = 2, [KELVIN_RUN_LOAD] = 3,
  [KELVIN_RUN_TUNE] = 4,   [KELVIN_RUN_DRILL] = 5,   [KELVIN_RUN_SERVE] = 6,
};

static const int state_codes[] = {
  [KELVIN_STATE_PARKED] = 1, [KELVIN_STATE_STARTING] = 2, [KELVIN_STATE_INITIALISING] = 3,
  [KELVIN_STATE_IDLE] = 4,   [KELVIN_STATE_BUSY] = 5,     [KELVIN_STATE_STOPPING] = 6,
  [KELVIN_STATE_DEAD] = 7,
};

static const int door_end_codes[] = {
  [KELVIN_DOOR_END_OPEN] = 1,        [KELVIN_DOOR_END_FUNCTION] = 2,
  [KELVIN_DOOR_END_DESTINATION] = 3, [KELVIN_DOOR_END_ENVIRONMENT] = 4,
  [KELVIN_DOOR_END_UNREACHABLE] = 5, [KELVIN_DOOR_END_REFUSED] = 6,
  [KELVIN_DOOR_END_CAPPED] = 7,      [KELVIN_DOOR_END_CUT] = 8,
};

static gboolean
find (const int *codes, guint n, int code, guint *out_index)
{
  for (guint i = 0; i < n; i++)
    if (codes[i] == code)
      {
        *out_index = i;
        return TRUE;
      }
  return FALSE;
}

int
kelvin_code_of_status (KelvinStatus status)
{
  return status_codes[status];
}

int
kelvin_code_of_start (KelvinStart start)
{
  return start_codes[start];
}

int
kelvin_code_of_run_kind (KelvinRunKind kind)
{
  return run_kind_codes[kind];
}

int
kelvin_code_of_state (KelvinState state)
{
  return state_codes[state];
}

int
kelvin_code_of_door_end (KelvinDoorEnd end)
{
  return door_end_codes[end];
}

gboolean
kelvin_code_to_status (int code, KelvinStatus *out_status)
{
  return find (status_codes, G_N_ELEMENTS (status_codes), code, out_status);
}

gboolean
kelvin_code_to_start (int code, KelvinStart *out_start)
{
  return find (start_codes, G_N_ELEMENTS (start_codes), code, out_start);
}

gboolean
kelvin_code_to_run_kind (int code, KelvinRunKind *out_kind)
{
  return find (run_kind_codes, G_N_ELEMENTS (run_kind_codes), code, out_kind);
}

gboolean
kelvin_code_to_state (int code, KelvinState *out_state)
{
  return find (state_codes, G_N_ELEMENTS (state_codes), code, out_state);
}

gboolean
kelvin_code_to_door_end (int code, KelvinDoorEnd *out_end)
{
  return find (door_end_codes, G_N_ELEMENTS (door_end_codes), code, out_end);
}
