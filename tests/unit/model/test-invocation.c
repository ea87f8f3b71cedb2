#include "engine/model/invocation.h"

#include <string.h>

#include "engine/model/json-text.h"
#include "engine/model/machine.h"
#include "engine/model/run.h"
#include "engine/model/transition.h"

static KelvinInvocation *
make_invocation (const char *payload)
{
  KelvinInvocation *invocation = kelvin_invocation_new ();

  invocation->run_id = g_strdup ("0192a0b0-0000-7000-8000-000000000001");
  invocation->function_name = g_strdup ("hello");
  invocation->version = g_strdup ("abc");
  invocation->status = KELVIN_STATUS_OK;
  invocation->start = KELVIN_START_COLD;
  invocation->status_code = 200;
  invocation->phases.us[KELVIN_PHASE_QUEUE] = 100;
  invocation->phases.us[KELVIN_PHASE_HANDLER] = 250;
  invocation->init_duration_us = 16700;
  invocation->duration_us = 250;
  invocation->billed_duration_ms = 17;
  invocation->memory_size_mb = 128;
  invocation->memory_peak_bytes = 13002342;
  invocation->cost_pico_usd = 235400;
  invocation->payload = g_bytes_new (payload, strlen (payload));
  invocation->log = g_strdup ("START\n");
  return invocation;
}

static char *
payload_text (const char *payload)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation (payload);
  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);
  JsonNode *member = json_object_get_member (json_node_get_object (node), "payload");

  return kelvin_json_to_text (member, KELVIN_JSON_COMPACT);
}

static void
test_json_has_the_fields_of_the_contract (void)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation ("{\"any\":\"json\"}");
  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);
  g_autofree char *text = kelvin_json_to_text (node, KELVIN_JSON_COMPACT);

  g_assert_cmpstr (
      text, ==,
      "{\"runId\":\"0192a0b0-0000-7000-8000-000000000001\","
      "\"requestId\":\"00000000-0000-0000-0000-000000000000\",\"functionName\":\"hello\","
      "\"version\":\"abc\",\"environment\":null,\"startedAt\":\"1970-01-01T00:00:00.000Z\","
      "\"status\":\"ok\",\"statusCode\":200,\"functionError\":null,\"payload\":{\"any\":\"json\"},"
      "\"start\":\"cold\",\"sandboxParked\":false,\"phases\":{\"queueMs\":0.1,\"handlerMs\":0.25},"
      "\"initDurationMs\":16.7,"
      "\"durationMs\":0.25,\"billedDurationMs\":17,\"cpuMs\":null,\"throttledMs\":null,"
      "\"memorySizeMB\":128,"
      "\"maxMemoryUsedMB\":12.4,\"initMaxMemoryUsedMB\":null,"
      "\"environmentMaxMemoryUsedMB\":null,\"ephemeralStorageUsedMB\":null,"
      "\"estimatedCostUSD\":2.354e-07,\"isolation\":null,\"limits\":null,"
      "\"connections\":[],\"refusedDestinations\":[],\"note\":null,"
      "\"log\":\"START\\n\"}");
}

static void
test_falsy_payloads_are_results (void)
{
  static const char *const payloads[] = { "0", "false", "null", "\"\"", "[]", "{}" };

  for (guint i = 0; i < G_N_ELEMENTS (payloads); i++)
    {
      g_autofree char *text = payload_text (payloads[i]);

      g_assert_cmpstr (text, ==, payloads[i]);
    }
}

static void
test_a_payload_that_is_not_json_is_a_string (void)
{
  g_autofree char *words = payload_text ("hello there");
  g_autofree char *binary = payload_text ("\xff\xfe");
  g_autofree char *brackets = g_strnfill (200000, '[');
  g_autofree char *deep = payload_text (brackets);

  g_assert_cmpstr (words, ==, "\"hello there\"");
  g_assert_cmpstr (binary, ==, "\"\357\277\275\357\277\275\"");
  g_assert_cmpuint (strlen (deep), ==, 200002);
}

static void
test_a_payload_that_was_not_kept_is_absent (void)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation ("1");

  g_clear_pointer (&invocation->payload, g_bytes_unref);
  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);
  g_assert_false (json_object_has_member (json_node_get_object (node), "payload"));
}

static void
test_the_log_is_its_last_64_kb (void)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation ("1");
  GString *log = g_string_new (NULL);

  while (log->len < 200000)
    g_string_append (log, "a line of 20 bytés\n");
  g_string_append (log, "REPORT\n");
  g_free (invocation->log);
  invocation->log = g_string_free (log, FALSE);

  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);
  const char *kept = json_object_get_string_member (json_node_get_object (node), "log");
  g_assert_cmpuint (strlen (kept), <=, 65536);
  g_assert_cmpuint (strlen (kept), >, 65000);
  g_assert_true (g_str_has_prefix (kept, "a line"));
  g_assert_true (g_str_has_suffix (kept, "REPORT\n"));
}

static void
test_a_log_of_one_long_line_is_cut_between_characters (void)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation ("1");
  GString *log = g_string_new ("x");

  while (log->len < 100000)
    g_string_append (log, "é");
  g_free (invocation->log);
  invocation->log = g_string_free (log, FALSE);

  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);
  const char *kept = json_object_get_string_member (json_node_get_object (node), "log");
  g_assert_true (g_utf8_validate (kept, -1, NULL));
  g_assert_cmpuint (strlen (kept), >=, 65535);
}

static void
test_attempts_begin_with_the_record_itself (void)
{
  g_autoptr (KelvinInvocation) invocation = make_invocation ("1");
  KelvinAttempt second = { .number = 2,
                           .start = KELVIN_START_WARM,
                           .status = KELVIN_STATUS_OK,
                           .started_at_us = 1500,
                           .phases = KELVIN_PHASES_NONE };

  invocation->attempts = g_array_new (FALSE, FALSE, sizeof second);
  g_array_append_val (invocation->attempts, second);
  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, TRUE);
  JsonNode *member = json_object_get_member (json_node_get_object (node), "attempts");
  g_autofree char *text = kelvin_json_to_text (member, KELVIN_JSON_COMPACT);

  g_assert_cmpstr (text, ==,
                   "[{\"number\":1,\"start\":\"cold\",\"startedAt\":\"1970-01-01T00:00:00.000Z\","
                   "\"phases\":{\"queueMs\":0.1,\"handlerMs\":0.25},\"status\":\"error\"},"
                   "{\"number\":2,\"start\":\"warm\",\"startedAt\":\"1970-01-01T00:00:00.001Z\","
                   "\"phases\":{},\"status\":\"ok\"}]");
}

static void
test_total_counts_the_phases_that_happened (void)
{
  KelvinPhases none = KELVIN_PHASES_NONE;
  KelvinPhases some = { { 1, -1, 20, 300, -1, 4000 } };

  g_assert_cmpint (kelvin_phases_get_total_us (&none), ==, 0);
  g_assert_cmpint (kelvin_phases_get_total_us (&some), ==, 4321);
}

static void
test_words_read_back (void)
{
  for (int i = KELVIN_STATUS_RUNNING; i <= KELVIN_STATUS_INTERRUPTED; i++)
    {
      KelvinStatus status;

      g_assert_true (kelvin_status_from_string (kelvin_status_to_string (i), &status));
      g_assert_cmpint (status, ==, i);
    }
  for (int i = KELVIN_START_COLD; i <= KELVIN_START_RESTORED; i++)
    {
      KelvinStart start;

      g_assert_true (kelvin_start_from_string (kelvin_start_to_string (i), &start));
      g_assert_cmpint (start, ==, i);
    }
  for (int i = KELVIN_RUN_INVOKE; i <= KELVIN_RUN_SERVE; i++)
    {
      KelvinRunKind kind;

      g_assert_true (kelvin_run_kind_from_string (kelvin_run_kind_to_string (i), &kind));
      g_assert_cmpint (kind, ==, i);
    }
  g_assert_false (kelvin_status_from_string ("fine", &(KelvinStatus){ 0 }));
  g_assert_false (kelvin_start_from_string (NULL, &(KelvinStart){ 0 }));
  g_assert_null (kelvin_start_to_string (KELVIN_START_NONE));
  g_assert_cmpstr (kelvin_status_to_string (KELVIN_STATUS_OUT_OF_MEMORY), ==, "out-of-memory");
  g_assert_cmpstr (kelvin_state_to_string (KELVIN_STATE_INITIALISING), ==, "initialising");
}

static void
test_a_run_that_still_runs_has_no_end_and_no_percentiles (void)
{
  g_autoptr (KelvinRun) run = kelvin_run_new ();

  run->id = g_strdup ("id");
  run->kind = KELVIN_RUN_PROFILE;
  run->function_name = g_strdup ("hello");
  run->version = g_strdup ("abc");
  run->started_at_us = 1767225600123456;
  run->cold_starts = 3;
  g_autoptr (KelvinRun) copy = kelvin_run_copy (run);
  g_autoptr (JsonNode) node = kelvin_run_to_json (copy);
  g_autofree char *text = kelvin_json_to_text (node, KELVIN_JSON_COMPACT);

  g_assert_cmpstr (text, ==,
                   "{\"runId\":\"id\",\"kind\":\"profile\",\"functionName\":\"hello\","
                   "\"version\":\"abc\",\"gitCommit\":null,\"gitBranch\":null,"
                   "\"startedAt\":\"2026-01-01T00:00:00.123Z\",\"endedAt\":null,"
                   "\"status\":\"running\",\"invocations\":0,\"errors\":0,\"coldStarts\":3,"
                   "\"p50Ms\":null,\"p99Ms\":null,\"coldP50Ms\":null,\"warmP50Ms\":null,"
                   "\"estimatedCostUSD\":0.0,\"isolation\":null,\"limits\":null,\"note\":null}");
}

static void
test_a_machine_names_mechanisms_runtimes_and_fixes (void)
{
  g_autoptr (KelvinMachine) machine = kelvin_machine_new ();

  machine->ok = TRUE;
  machine->seccomp = TRUE;
  machine->limits.by[KELVIN_LIMIT_MEMORY] = KELVIN_LIMIT_IS_APPROXIMATED;
  machine->limits.by[KELVIN_LIMIT_CPU] = "cgroup-v1";
  kelvin_machine_add_runtime (machine, "python3.11", "/usr/bin/python3.11", "3.11.2");
  kelvin_machine_add_problem (machine, "no node", "install nodejs");
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_MEMORY, "sampled", "get groups");
  g_autoptr (JsonNode) node = kelvin_machine_to_json (machine);
  g_autofree char *text = kelvin_json_to_text (node, KELVIN_JSON_COMPACT);
  static const char *const parts[] = {
    "{\"ok\":true,\"isolation\":{\"userNamespaces\":false,\"seccomp\":true},",
    "\"limits\":{\"memory\":\"approximated\",\"cpu\":\"cgroup-v1\",\"processes\":null,",
    "\"enforcement\":{\"memory\":\"approximated\",\"cpu\":\"enforced\","
    "\"processes\":\"not enforced\",",
    "\"limitDetails\":{\"memory\":{\"how\":\"sampled\",\"fix\":\"get groups\"},",
    "\"runtimes\":[{\"name\":\"python3.11\",\"path\":\"/usr/bin/python3.11\","
    "\"version\":\"3.11.2\"}],\"problems\":[{\"what\":\"no node\",\"fix\":\"install nodejs\"}]}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    g_assert_nonnull (strstr (text, parts[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/invocation/json-has-the-fields-of-the-contract",
                   test_json_has_the_fields_of_the_contract);
  g_test_add_func ("/model/invocation/falsy-payloads-are-results", test_falsy_payloads_are_results);
  g_test_add_func ("/model/invocation/a-payload-that-is-not-json-is-a-string",
                   test_a_payload_that_is_not_json_is_a_string);
  g_test_add_func ("/model/invocation/a-payload-that-was-not-kept-is-absent",
                   test_a_payload_that_was_not_kept_is_absent);
  g_test_add_func ("/model/invocation/the-log-is-its-last-64-kb", test_the_log_is_its_last_64_kb);
  g_test_add_func ("/model/invocation/a-log-of-one-long-line-is-cut-between-characters",
                   test_a_log_of_one_long_line_is_cut_between_characters);
  g_test_add_func ("/model/invocation/attempts-begin-with-the-record-itself",
                   test_attempts_begin_with_the_record_itself);
  g_test_add_func ("/model/phase/total-counts-the-phases-that-happened",
                   test_total_counts_the_phases_that_happened);
  g_test_add_func ("/model/status/words-read-back", test_words_read_back);
  g_test_add_func ("/model/run/one-that-still-runs-has-no-end-and-no-percentiles",
                   test_a_run_that_still_runs_has_no_end_and_no_percentiles);
  g_test_add_func ("/model/machine/names-mechanisms-runtimes-and-fixes",
                   test_a_machine_names_mechanisms_runtimes_and_fixes);

  return g_test_run ();
}
