/* The state machine against a fake launcher and a fake Runtime API, on a manual clock: what a
 * sandbox would report is called by hand, so that every order of events can be had exactly. */

#include "engine/environment/environment.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tests/unit/fakes/fake-sandbox.h"

#define MS G_GINT64_CONSTANT (1000000)
#define MB G_GINT64_CONSTANT (1048576)

/* The newest ones: these tests have one environment at a time. */
#define sandbox (fake_sandbox_newest ())
#define api (fake_api_newest ())

/* --- fixture --- */

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinEnvironmentHost host;
  KelvinTarget *target;
  KelvinEnvironment *environment;
  KelvinDelivery *delivery;
  GString *moves;
  guint responded;
  guint settled;
  gboolean dead;
} Fixture;

static void
moved_cb (KelvinEnvironment *environment, const KelvinTransition *transition, gpointer user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->moves, "%s%s", f->moves->len > 0 ? " " : "",
                          kelvin_state_to_string (transition->to));
}

static void
responded_cb (KelvinEnvironment *environment, KelvinDelivery *delivery, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_true (delivery == f->delivery);
  f->responded++;
}

static void
settled_cb (KelvinEnvironment *environment, KelvinDelivery *delivery, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_true (delivery == f->delivery);
  f->settled++;
}

static void
dead_cb (KelvinEnvironment *environment, gpointer user_data)
{
  Fixture *f = user_data;

  f->dead = TRUE;
}

static const KelvinEnvironmentEvents events = {
  .moved = moved_cb,
  .responded = responded_cb,
  .settled = settled_cb,
  .dead = dead_cb,
};

static void
give_event (Fixture *f)
{
  g_autoptr (GBytes) event = g_bytes_new_static ("{}", 2);

  g_clear_pointer (&f->delivery, kelvin_delivery_free);
  f->delivery = kelvin_delivery_new (event, kelvin_clock_now_ns (f->clock));
  kelvin_environment_serve (f->environment, f->delivery);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->clock = kelvin_clock_new (NULL, KELVIN_CLOCK_MANUAL);
  f->host = (KelvinEnvironmentHost){ f->poller, f->clock, NULL };
  f->target = fake_target_new ("abc");
  f->moves = g_string_new (NULL);
  f->environment = kelvin_environment_new (&f->host, f->target, 1, &events, f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (sandbox != NULL)
    {
      kelvin_environment_stop (f->environment, "over");
      sandbox->events.gone (sandbox, sandbox->user_data);
    }
  kelvin_environment_free (f->environment);
  g_clear_pointer (&f->delivery, kelvin_delivery_free);
  kelvin_target_unref (f->target);
  kelvin_clock_free (f->clock);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  g_string_free (f->moves, TRUE);
  fake_sandbox_fail_to_plan (NULL);
}

static void
report_ready (Fixture *f)
{
  fake_sandbox_report_ready (sandbox, kelvin_clock_now_ns (f->clock));
}

static void
ask_next (Fixture *f)
{
  fake_api_ask_next (api, kelvin_clock_now_ns (f->clock));
}

static void
give_response (Fixture *f, const char *text)
{
  fake_api_respond (api, text, kelvin_clock_now_ns (f->clock));
}

static void
give_all_usages (Fixture *f, gint64 cpu_us, gint64 memory_bytes)
{
  fake_sandbox_answer_usages (sandbox, cpu_us, memory_bytes);
}

static void
report_cleared (Fixture *f)
{
  fake_sandbox_report_cleared (sandbox);
}

static void
report_started_again (Fixture *f)
{
  fake_sandbox_report_started_again (sandbox, kelvin_clock_now_ns (f->clock));
}

static void
give_init_error (Fixture *f, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  api->events.init_error (api, body, "Runtime.ImportModuleError", kelvin_clock_now_ns (f->clock),
                          api->user_data);
}

static void
report_mark (Fixture *f)
{
  sandbox->events.init_started (sandbox, kelvin_clock_now_ns (f->clock), sandbox->user_data);
}

static void
assert_log_has (Fixture *f, const char *text)
{
  g_autofree char *log = kelvin_attempt_log_to_text (f->delivery->log);

  if (strstr (log, text) == NULL)
    g_error ("\"%s\" isn't in the log:\n%s", text, log);
}

static void
assert_log_lacks (Fixture *f, const char *text)
{
  g_autofree char *log = kelvin_attempt_log_to_text (f->delivery->log);

  g_assert_null (strstr (log, text));
}

/* 2 ms of sandbox, 15 of runtime, 3 of init */
static void
come_up (Fixture *f)
{
  give_event (f);
  kelvin_clock_advance (f->clock, 2 * MS);
  report_ready (f);
  kelvin_clock_advance (f->clock, 15 * MS);
  sandbox->events.init_started (sandbox, kelvin_clock_now_ns (f->clock), sandbox->user_data);
  kelvin_clock_advance (f->clock, 3 * MS);
  ask_next (f);
}

static void
answer_and_settle (Fixture *f)
{
  kelvin_clock_advance (f->clock, 4 * MS);
  give_response (f, "\"hi\"");
  kelvin_clock_advance (f->clock, MS);
  ask_next (f);
  give_all_usages (f, 14000, 12 * MB - 1000);
}

static void
assert_payload (Fixture *f, const char *text)
{
  gsize length;
  const char *payload = g_bytes_get_data (f->delivery->payload, &length);

  g_assert_cmpmem (payload, length, text, strlen (text));
}

/* --- tests --- */

static void
test_measures_a_cold_start (Fixture *f, gconstpointer data)
{
  g_autofree char *log = NULL;

  come_up (f);
  g_assert_cmpstr (api->request_id, ==, f->delivery->id_text);
  answer_and_settle (f);

  g_assert_cmpstr (f->moves->str, ==, "starting initialising idle busy idle");
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OK);
  g_assert_cmpint (f->delivery->start, ==, KELVIN_START_COLD);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_SANDBOX], ==, 2000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_RUNTIME], ==, 15000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_INIT], ==, 3000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_HANDLER], ==, 4000);
  g_assert_cmpint (f->delivery->init_duration_us, ==, 18000);
  g_assert_cmpint (f->delivery->duration_us, ==, 5000);
  g_assert_cmpint (kelvin_delivery_get_billed_ms (f->delivery), ==, 23);
  g_assert_cmpint (f->delivery->cpu_us, ==, 14000);
  g_assert_cmpint (f->delivery->memory_peak_bytes, ==, 12 * MB - 1000);
  g_assert_cmpuint (f->responded, ==, 1);
  g_assert_cmpuint (f->settled, ==, 1);
  log = kelvin_attempt_log_to_text (f->delivery->log);
  g_assert_nonnull (strstr (log, "INIT_START Runtime Version: provided:al2023\nSTART RequestId: "));
  g_assert_nonnull (strstr (log,
                            "\tDuration: 5.00 ms\tBilled Duration: 23 ms\tMemory Size: 128 MB\t"
                            "Max Memory Used: 12 MB\tInit Duration: 18.00 ms\t\n"));
}

static void
test_without_a_mark_all_is_runtime (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  kelvin_clock_advance (f->clock, 120 * MS);
  ask_next (f);
  answer_and_settle (f);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_RUNTIME], ==, 120000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_INIT], ==, -1);
}

static void
test_is_reused_warm (Fixture *f, gconstpointer data)
{
  come_up (f);
  answer_and_settle (f);
  give_event (f);
  g_assert_cmpuint (api->delivered, ==, 2);
  kelvin_clock_advance (f->clock, MS / 2);
  give_response (f, "null");
  ask_next (f);
  give_all_usages (f, 14200, 12 * MB);
  g_assert_cmpint (f->delivery->start, ==, KELVIN_START_WARM);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_HANDLER], ==, 500);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_SANDBOX], ==, -1);
  g_assert_cmpint (f->delivery->init_duration_us, ==, -1);
  g_assert_cmpint (f->delivery->cpu_us, ==, 200);
  assert_payload (f, "null");
}

static void
test_is_frozen_between_events (Fixture *f, gconstpointer data)
{
  come_up (f);
  g_assert_false (sandbox->frozen);
  give_response (f, "1");
  g_assert_false (sandbox->frozen);
  ask_next (f);
  give_all_usages (f, 1, MB);
  g_assert_true (sandbox->frozen);
  give_event (f);
  g_assert_false (sandbox->frozen);
}

static void
test_times_out_at_its_limit (Fixture *f, gconstpointer data)
{
  g_autofree char *expected = NULL;

  come_up (f);
  kelvin_clock_advance (f->clock, 3000 * MS - 1);
  give_all_usages (f, 1, MB);
  g_assert_cmpuint (f->responded, ==, 0);
  kelvin_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->responded, ==, 1);
  give_all_usages (f, 2990000, 12 * MB);
  report_cleared (f);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_false (sandbox->killed);
  g_assert_cmpint (f->delivery->cpu_us, ==, 2990000);
  expected =
      g_strdup_printf ("{\"errorType\":\"Sandbox.Timedout\",\"errorMessage\":\"RequestId: %s "
                       "Error: Task timed out after 3.00 seconds\"}",
                       f->delivery->id_text);
  assert_payload (f, expected);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_TIMEOUT);
  g_assert_cmpint (f->delivery->duration_us, ==, 3000000);
  g_assert_true (g_str_has_suffix (f->moves->str, "busy stopping idle"));
}

static void
test_settles_without_a_last_reading (Fixture *f, gconstpointer data)
{
  come_up (f);
  give_response (f, "1");
  ask_next (f);
  kelvin_clock_advance (f->clock, 20 * MS);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->delivery->cpu_us, ==, -1);
}

/* 10 s of init, then 3 s of the same inside the invoke. */
static void
test_init_has_a_limit (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  kelvin_clock_advance (f->clock, 10000 * MS);
  g_assert_cmpuint (f->responded, ==, 0);
  report_cleared (f);
  kelvin_clock_advance (f->clock, MS);
  report_started_again (f);
  kelvin_clock_advance (f->clock, 2999 * MS);
  g_assert_cmpuint (f->responded, ==, 1);
  give_all_usages (f, 1, MB);
  report_cleared (f);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_TIMEOUT);
  g_assert_cmpint (f->delivery->init_duration_us, ==, 10000000);
  g_assert_cmpint (f->delivery->duration_us, ==, 3000000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_RUNTIME], ==, 12999000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_SANDBOX], ==, 1000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_HANDLER], ==, -1);
  g_assert_cmpint (kelvin_phases_get_total_us (&f->delivery->phases), ==, 13000000);
  assert_log_has (f, "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout\n");
  assert_log_has (f, "INIT_REPORT Init Duration: 2999.00 ms\tPhase: invoke\tStatus: timeout\n");
  assert_log_has (f, "Task timed out after 3.00 seconds");
  g_assert_cmpstr (f->moves->str, ==, "starting initialising stopping initialising stopping idle");
}

/* 7 ms of the first, 1 ms to begin anew, 20 ms of the second, 4 ms of handler. */
static void
test_a_failed_init_is_repeated_inside_the_invoke (Fixture *f, gconstpointer data)
{
  give_event (f);
  kelvin_clock_advance (f->clock, 2 * MS);
  report_ready (f);
  kelvin_clock_advance (f->clock, 7 * MS);
  give_init_error (f, "{}");
  g_assert_cmpuint (f->responded, ==, 0);
  g_assert_cmpuint (sandbox->cpu_memory_mb, ==, 0);
  report_cleared (f);
  g_assert_cmpuint (api->resets, ==, 1);
  g_assert_cmpuint (sandbox->cpu_memory_mb, ==, 128);
  kelvin_clock_advance (f->clock, MS);
  report_started_again (f);
  kelvin_clock_advance (f->clock, 15 * MS);
  report_mark (f);
  kelvin_clock_advance (f->clock, 5 * MS);
  ask_next (f);
  answer_and_settle (f);

  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OK);
  g_assert_cmpint (f->delivery->start, ==, KELVIN_START_COLD);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_SANDBOX], ==, 3000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_RUNTIME], ==, 22000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_INIT], ==, 5000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_HANDLER], ==, 4000);
  g_assert_cmpint (kelvin_phases_get_total_us (&f->delivery->phases), ==, 34000);
  g_assert_cmpint (f->delivery->init_duration_us, ==, 7000);
  g_assert_cmpint (f->delivery->duration_us, ==, 26000);
  g_assert_null (f->delivery->error_type);
  assert_log_has (f, "INIT_REPORT Init Duration: 7.00 ms\tPhase: init\tStatus: error\t"
                     "Error Type: Runtime.ImportModuleError\nSTART");
  assert_log_lacks (f, "Phase: invoke");
}

static void
test_the_timeout_holds_for_a_repeated_init_too (Fixture *f, gconstpointer data)
{
  gint64 begun_ms;

  give_event (f);
  report_ready (f);
  give_init_error (f, "{}");
  report_cleared (f);
  begun_ms = kelvin_clock_real_us (f->clock) / 1000;
  report_started_again (f);
  kelvin_clock_advance (f->clock, 1000 * MS);
  ask_next (f);
  g_assert_cmpint (api->deadline_ms - begun_ms, ==, 3000);
  kelvin_clock_advance (f->clock, 2000 * MS);
  g_assert_cmpuint (f->responded, ==, 1);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_TIMEOUT);
}

static void
test_serves_after_a_reset_with_init_inside_the_invoke (Fixture *f, gconstpointer data)
{
  come_up (f);
  kelvin_clock_advance (f->clock, 3000 * MS);
  give_all_usages (f, 3000000, 12 * MB);
  report_cleared (f);
  give_all_usages (f, 3001000, 0);
  g_assert_false (sandbox->frozen);

  give_event (f);
  g_assert_cmpuint (api->delivered, ==, 1);
  kelvin_clock_advance (f->clock, MS);
  report_started_again (f);
  kelvin_clock_advance (f->clock, 15 * MS);
  report_mark (f);
  kelvin_clock_advance (f->clock, 3 * MS);
  ask_next (f);
  g_assert_cmpuint (api->delivered, ==, 2);
  kelvin_clock_advance (f->clock, 4 * MS);
  give_response (f, "1");
  ask_next (f);
  give_all_usages (f, 3021000, 12 * MB);

  g_assert_cmpint (f->delivery->start, ==, KELVIN_START_WARM);
  g_assert_cmpint (f->delivery->init_duration_us, ==, -1);
  g_assert_cmpint (f->delivery->duration_us, ==, 23000);
  g_assert_cmpint (f->delivery->cpu_us, ==, 20000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_SANDBOX], ==, 1000);
  g_assert_cmpint (f->delivery->phases.us[KELVIN_PHASE_INIT], ==, 3000);
  g_assert_cmpint (kelvin_phases_get_total_us (&f->delivery->phases), ==, 23000);
  assert_log_lacks (f, "Init Duration");
  assert_log_lacks (f, "INIT_START");
  g_assert_true (g_str_has_suffix (f->moves->str, "stopping idle initialising idle busy idle"));
}

static void
test_exit_after_the_response_resets (Fixture *f, gconstpointer data)
{
  KelvinExit how = { FALSE, 3, 0 };

  come_up (f);
  give_response (f, "1");
  sandbox->events.exited (sandbox, &how, sandbox->user_data);
  give_all_usages (f, 1, MB);
  report_cleared (f);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OK);
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.ExitError");
  assert_payload (f, "1");
  assert_log_has (f, "\tStatus: error\tError Type: Runtime.ExitError\n");
  g_assert_true (g_str_has_suffix (f->moves->str, "busy stopping idle"));
}

static void
test_is_given_up_when_its_processes_do_not_end (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  give_init_error (f, "{}");
  kelvin_clock_advance (f->clock, 1000 * MS);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpstr (f->delivery->error_type, ==, "Sandbox.Failure");
  g_assert_true (sandbox->killed);
}

static void
test_cancel_during_a_reset_ends_it_at_once (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  give_init_error (f, "{}");
  kelvin_environment_stop (f->environment, "cancelled");
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_CANCELLED);
  g_assert_true (sandbox->killed);
}

/* When all processes had stopped is a step of its own. */
static void
test_being_frozen_is_a_transition (Fixture *f, gconstpointer data)
{
  come_up (f);
  answer_and_settle (f);
  sandbox->events.frozen (sandbox, kelvin_clock_now_ns (f->clock), sandbox->user_data);
  g_assert_true (g_str_has_suffix (f->moves->str, "busy idle idle"));
  give_event (f);
  /* What comes late says nothing any more. */
  sandbox->events.frozen (sandbox, kelvin_clock_now_ns (f->clock), sandbox->user_data);
  g_assert_true (g_str_has_suffix (f->moves->str, "idle idle busy"));
}

static void
test_a_lost_launcher_is_kelvins_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE,
                                                  "kelvin-launcher has ended");

  come_up (f);
  sandbox->events.failed (sandbox, error, sandbox->user_data);
  g_assert_error (f->delivery->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE);
  g_assert_false (f->delivery->function_error);
  g_assert_cmpuint (f->settled, ==, 1);
}

static void
exit_with (Fixture *f, gboolean signalled, int code)
{
  KelvinExit how = { signalled, code, kelvin_clock_now_ns (f->clock) };

  sandbox->events.exited (sandbox, &how, sandbox->user_data);
  give_all_usages (f, 1, MB);
  report_cleared (f);
}

static void
test_names_the_exit (Fixture *f, gconstpointer data)
{
  static const struct {
    gboolean signalled;
    int code;
    const char *message;
  } exits[] = {
    { FALSE, 0, "Error: Runtime exited without providing a reason\"" },
    { FALSE, 1, "Error: Runtime exited with error: exit status 1\"" },
    { TRUE, SIGKILL, "Error: Runtime exited with error: signal: killed\"" },
    { TRUE, SIGSEGV, "Error: Runtime exited with error: signal: segmentation fault\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (exits); i++)
    {
      come_up (f);
      exit_with (f, exits[i].signalled, exits[i].code);
      g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_ERROR);
      g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.ExitError");
      g_assert_nonnull (g_strrstr_len (g_bytes_get_data (f->delivery->payload, NULL),
                                       g_bytes_get_size (f->delivery->payload), exits[i].message));
      sandbox->events.gone (sandbox, sandbox->user_data);
      kelvin_environment_free (f->environment);
      f->environment = kelvin_environment_new (&f->host, f->target, 1, &events, f);
    }
}

static void
test_exit_while_idle_is_a_transition (Fixture *f, gconstpointer data)
{
  KelvinExit how = { FALSE, 0, 0 };

  come_up (f);
  answer_and_settle (f);
  sandbox->events.exited (sandbox, &how, sandbox->user_data);
  g_assert_cmpint (kelvin_environment_get_state (f->environment), ==, KELVIN_STATE_STOPPING);
  report_cleared (f);
  g_assert_cmpint (kelvin_environment_get_state (f->environment), ==, KELVIN_STATE_IDLE);
  g_assert_cmpuint (f->settled, ==, 1);
  give_event (f);
  g_assert_cmpint (kelvin_environment_get_state (f->environment), ==, KELVIN_STATE_INITIALISING);
}

static void
test_the_second_init_error_is_passed_on (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  kelvin_clock_advance (f->clock, 7 * MS);
  give_init_error (f, "{\"errorType\":\"W\"}");
  report_cleared (f);
  report_started_again (f);
  kelvin_clock_advance (f->clock, 6 * MS);
  give_init_error (f, "{\"errorType\":\"X\"}");
  give_all_usages (f, 1, MB);
  report_cleared (f);
  assert_payload (f, "{\"errorType\":\"X\"}");
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.ImportModuleError");
  g_assert_true (f->delivery->function_error);
  g_assert_cmpint (f->delivery->duration_us, ==, 6000);
  assert_log_has (f, "INIT_REPORT Init Duration: 7.00 ms\tPhase: init\tStatus: error\t"
                     "Error Type: Runtime.ImportModuleError\n"
                     "INIT_REPORT Init Duration: 6.00 ms\tPhase: invoke\tStatus: error\t"
                     "Error Type: Runtime.ImportModuleError\nSTART");
}

static void
test_is_ended_over_its_memory (Fixture *f, gconstpointer data)
{
  come_up (f);
  kelvin_clock_advance (f->clock, 5 * MS);
  give_all_usages (f, 1000, 129 * MB);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OUT_OF_MEMORY);
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.OutOfMemory");
  report_cleared (f);
  g_assert_cmpint (f->delivery->memory_peak_bytes, ==, 128 * MB);
  g_assert_cmpuint (f->settled, ==, 1);
}

/* Faster than anybody looked. */
static void
test_knows_when_the_kernel_ended_it_for_memory (Fixture *f, gconstpointer data)
{
  come_up (f);
  sandbox->killed_for_memory = TRUE;
  exit_with (f, TRUE, SIGKILL);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OUT_OF_MEMORY);
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.OutOfMemory");
  g_assert_cmpint (f->delivery->memory_peak_bytes, ==, 128 * MB);
  g_assert_cmpuint (f->settled, ==, 1);
}

static void
test_reads_control_groups_at_once (Fixture *f, gconstpointer data)
{
  static const KelvinUsage init = { 9000, 5 * MB, 6 * MB, 7 * MB };
  static const KelvinUsage end = { 14000, 8 * MB, 12 * MB, 40 * MB };

  give_event (f);
  sandbox->in_groups = &init;
  report_ready (f);
  ask_next (f);
  sandbox->in_groups = &end;
  give_response (f, "1");
  g_assert_cmpuint (f->settled, ==, 0);
  ask_next (f);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpuint (sandbox->usages_asked, ==, 0);
  g_assert_cmpint (f->delivery->cpu_us, ==, 14000);
  g_assert_cmpint (f->delivery->init_memory_peak_bytes, ==, 6 * MB);
  g_assert_cmpint (f->delivery->memory_peak_bytes, ==, 12 * MB);
  g_assert_cmpint (f->delivery->cgroup_peak_bytes, ==, 40 * MB);
}

static void
test_ends_an_init_over_its_memory (Fixture *f, gconstpointer data)
{
  static const KelvinUsage much = { 9000, 129 * MB, 129 * MB, 129 * MB };

  give_event (f);
  sandbox->in_groups = &much;
  report_ready (f);
  ask_next (f);
  g_assert_cmpuint (api->delivered, ==, 0);
  report_cleared (f);
  report_started_again (f);
  ask_next (f);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_OUT_OF_MEMORY);
  g_assert_cmpuint (api->delivered, ==, 0);
  report_cleared (f);
  g_assert_cmpuint (f->settled, ==, 1);
}

static void
test_shares_the_cpu_after_init (Fixture *f, gconstpointer data)
{
  give_event (f);
  report_ready (f);
  g_assert_cmpuint (sandbox->cpu_memory_mb, ==, 0);
  ask_next (f);
  g_assert_cmpuint (sandbox->cpu_memory_mb, ==, 128);
}

static void
test_cancel_ends_it_at_once (Fixture *f, gconstpointer data)
{
  come_up (f);
  kelvin_environment_stop (f->environment, "cancelled");
  g_assert_true (sandbox->killed);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->delivery->status, ==, KELVIN_STATUS_CANCELLED);
  g_assert_true (g_str_has_suffix (f->moves->str, "busy stopping"));
}

static void
test_missing_bootstrap_is_the_functions_fault (Fixture *f, gconstpointer data)
{
  fake_sandbox_fail_to_plan ("Couldn't find valid bootstrap(s): [/var/task/bootstrap]");
  give_event (f);
  g_assert_cmpuint (f->settled, ==, 0);
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_true (f->dead);
  g_assert_null (f->delivery->error);
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.InvalidEntrypoint");
  g_assert_cmpint (f->delivery->start, ==, KELVIN_START_NONE);
}

static void
test_sandbox_failure_is_kelvins_error (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error =
      g_error_new_literal (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX, "mount failed");

  give_event (f);
  sandbox->events.failed (sandbox, error, sandbox->user_data);
  g_assert_error (f->delivery->error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
  g_assert_cmpuint (f->settled, ==, 1);
  sandbox->events.gone (sandbox, sandbox->user_data);
  g_assert_true (f->dead);
}

static void
test_killed_from_outside_is_an_exit (Fixture *f, gconstpointer data)
{
  come_up (f);
  sandbox->events.gone (sandbox, sandbox->user_data);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpstr (f->delivery->error_type, ==, "Runtime.ExitError");
  g_assert_true (f->dead);
}

static void
test_output_belongs_to_its_attempt (Fixture *f, gconstpointer data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  come_up (f);
  g_assert_cmpint (write (sandbox->out[1], "one\n", 4), ==, 4);
  answer_and_settle (f);
  first = kelvin_attempt_log_to_text (f->delivery->log);
  give_event (f);
  g_assert_cmpint (write (sandbox->out[1], "two\n", 4), ==, 4);
  answer_and_settle (f);
  second = kelvin_attempt_log_to_text (f->delivery->log);
  g_assert_nonnull (strstr (first, "\none\nEND"));
  g_assert_null (strstr (first, "two"));
  g_assert_nonnull (strstr (second, "\ntwo\nEND"));
  g_assert_null (strstr (second, "one"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/environment/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("measures-a-cold-start", test_measures_a_cold_start);
  ADD ("without-a-mark-all-is-runtime", test_without_a_mark_all_is_runtime);
  ADD ("is-reused-warm", test_is_reused_warm);
  ADD ("is-frozen-between-events", test_is_frozen_between_events);
  ADD ("times-out-at-its-limit", test_times_out_at_its_limit);
  ADD ("settles-without-a-last-reading", test_settles_without_a_last_reading);
  ADD ("init-has-a-limit", test_init_has_a_limit);
  ADD ("names-the-exit", test_names_the_exit);
  ADD ("exit-while-idle-is-a-transition", test_exit_while_idle_is_a_transition);
  ADD ("the-second-init-error-is-passed-on", test_the_second_init_error_is_passed_on);
  ADD ("a-failed-init-is-repeated-inside-the-invoke",
       test_a_failed_init_is_repeated_inside_the_invoke);
  ADD ("the-timeout-holds-for-a-repeated-init-too", test_the_timeout_holds_for_a_repeated_init_too);
  ADD ("serves-after-a-reset-with-init-inside-the-invoke",
       test_serves_after_a_reset_with_init_inside_the_invoke);
  ADD ("exit-after-the-response-resets", test_exit_after_the_response_resets);
  ADD ("is-given-up-when-its-processes-do-not-end", test_is_given_up_when_its_processes_do_not_end);
  ADD ("cancel-during-a-reset-ends-it-at-once", test_cancel_during_a_reset_ends_it_at_once);
  ADD ("being-frozen-is-a-transition", test_being_frozen_is_a_transition);
  ADD ("a-lost-launcher-is-kelvins-error", test_a_lost_launcher_is_kelvins_error);
  ADD ("is-ended-over-its-memory", test_is_ended_over_its_memory);
  ADD ("knows-when-the-kernel-ended-it-for-memory", test_knows_when_the_kernel_ended_it_for_memory);
  ADD ("reads-control-groups-at-once", test_reads_control_groups_at_once);
  ADD ("ends-an-init-over-its-memory", test_ends_an_init_over_its_memory);
  ADD ("shares-the-cpu-after-init", test_shares_the_cpu_after_init);
  ADD ("cancel-ends-it-at-once", test_cancel_ends_it_at_once);
  ADD ("missing-bootstrap-is-the-functions-fault", test_missing_bootstrap_is_the_functions_fault);
  ADD ("sandbox-failure-is-kelvins-error", test_sandbox_failure_is_kelvins_error);
  ADD ("killed-from-outside-is-an-exit", test_killed_from_outside_is_an_exit);
  ADD ("output-belongs-to-its-attempt", test_output_belongs_to_its_attempt);
#undef ADD
  return g_test_run ();
}
