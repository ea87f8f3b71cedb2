#include "engine/history/codes.h"

/* Databases hold these numbers: a test that fails here says that old ones would be misread. */
static void
test_statuses_never_change (void)
{
  const KelvinStatus statuses[] = {
    KELVIN_STATUS_RUNNING,       KELVIN_STATUS_OK,
    KELVIN_STATUS_ERROR,         KELVIN_STATUS_TIMEOUT,
    KELVIN_STATUS_OUT_OF_MEMORY, KELVIN_STATUS_THROTTLED,
    KELVIN_STATUS_CANCELLED,     KELVIN_STATUS_INTERRUPTED,
  };

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      KelvinStatus status = KELVIN_STATUS_RUNNING;

      g_assert_cmpint (kelvin_code_of_status (statuses[i]), ==, (int) i + 1);
      g_assert_true (kelvin_code_to_status ((int) i + 1, &status));
      g_assert_cmpint (status, ==, statuses[i]);
    }
}

static void
test_starts_never_change (void)
{
  const KelvinStart starts[] = { KELVIN_START_NONE, KELVIN_START_COLD, KELVIN_START_WARM,
                                 KELVIN_START_PROVISIONED, KELVIN_START_RESTORED };

  for (guint i = 0; i < G_N_ELEMENTS (starts); i++)
    {
      KelvinStart start = KELVIN_START_NONE;

      g_assert_cmpint (kelvin_code_of_start (starts[i]), ==, (int) i);
      g_assert_true (kelvin_code_to_start ((int) i, &start));
      g_assert_cmpint (start, ==, starts[i]);
    }
}

static void
test_kinds_never_change (void)
{
  const KelvinRunKind kinds[] = { KELVIN_RUN_INVOKE, KELVIN_RUN_PROFILE, KELVIN_RUN_LOAD,
                                  KELVIN_RUN_TUNE,   KELVIN_RUN_DRILL,   KELVIN_RUN_SERVE };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      KelvinRunKind kind = KELVIN_RUN_INVOKE;

      g_assert_cmpint (kelvin_code_of_run_kind (kinds[i]), ==, (int) i + 1);
      g_assert_true (kelvin_code_to_run_kind ((int) i + 1, &kind));
      g_assert_cmpint (kind, ==, kinds[i]);
    }
}

static void
test_states_never_change (void)
{
  const KelvinState states[] = {
    KELVIN_STATE_PARKED, KELVIN_STATE_STARTING, KELVIN_STATE_INITIALISING, KELVIN_STATE_IDLE,
    KELVIN_STATE_BUSY,   KELVIN_STATE_STOPPING, KELVIN_STATE_DEAD,
  };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      KelvinState state = KELVIN_STATE_PARKED;

      g_assert_cmpint (kelvin_code_of_state (states[i]), ==, (int) i + 1);
      g_assert_true (kelvin_code_to_state ((int) i + 1, &state));
      g_assert_cmpint (state, ==, states[i]);
    }
}

static void
test_ends_of_connections_never_change (void)
{
  const KelvinDoorEnd ends[] = {
    KELVIN_DOOR_END_OPEN,        KELVIN_DOOR_END_FUNCTION,    KELVIN_DOOR_END_DESTINATION,
    KELVIN_DOOR_END_ENVIRONMENT, KELVIN_DOOR_END_UNREACHABLE, KELVIN_DOOR_END_REFUSED,
    KELVIN_DOOR_END_CAPPED,      KELVIN_DOOR_END_CUT,
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      KelvinDoorEnd end = KELVIN_DOOR_END_OPEN;

      g_assert_cmpint (kelvin_code_of_door_end (ends[i]), ==, (int) i + 1);
      g_assert_true (kelvin_code_to_door_end ((int) i + 1, &end));
      g_assert_cmpint (end, ==, ends[i]);
    }
}

static void
test_unknown_numbers_are_refused (void)
{
  const int unknown[] = { -1, 9, 1000 };

  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    {
      KelvinStatus status = KELVIN_STATUS_OK;
      KelvinStart start = KELVIN_START_COLD;
      KelvinRunKind kind = KELVIN_RUN_LOAD;
      KelvinState state = KELVIN_STATE_BUSY;
      KelvinDoorEnd end = KELVIN_DOOR_END_CUT;

      g_assert_false (kelvin_code_to_status (unknown[i], &status));
      g_assert_false (kelvin_code_to_start (unknown[i], &start));
      g_assert_false (kelvin_code_to_run_kind (unknown[i], &kind));
      g_assert_false (kelvin_code_to_state (unknown[i], &state));
      g_assert_false (kelvin_code_to_door_end (unknown[i], &end));
      g_assert_cmpint (status, ==, KELVIN_STATUS_OK); /* untouched */
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/history/codes/statuses-never-change", test_statuses_never_change);
  g_test_add_func ("/history/codes/starts-never-change", test_starts_never_change);
  g_test_add_func ("/history/codes/kinds-never-change", test_kinds_never_change);
  g_test_add_func ("/history/codes/states-never-change", test_states_never_change);
  g_test_add_func ("/history/codes/ends-of-connections-never-change",
                   test_ends_of_connections_never_change);
  g_test_add_func ("/history/codes/unknown-numbers-are-refused", test_unknown_numbers_are_refused);

  return g_test_run ();
}
