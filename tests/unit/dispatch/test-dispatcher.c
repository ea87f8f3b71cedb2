/* Admission and reuse, exact by a manual clock and without processes. */

#include "engine/dispatch/dispatcher.h"

#include <sys/resource.h>

#include "tests/unit/fakes/fake-sandbox.h"

#define SECOND G_GINT64_CONSTANT (1000000000)
#define MB G_GINT64_CONSTANT (1048576)

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinEnvironmentHost host;
  KelvinDispatcher *dispatcher;
  KelvinTarget *target;
  GBytes *event;
  guint admitted;
  guint settled;
  guint64 last_environment;
  KelvinStatus last_status;
  KelvinStart last_start;
  KelvinThrottle last_throttle;
  gboolean closed;
  GString *reasons;
} Fixture;

static void
moved_cb (const char *run_id, const KelvinTransition *transition, gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_cmpstr (run_id, ==, "run");
  if (transition->to == KELVIN_STATE_STOPPING)
    g_string_append_printf (f->reasons, "%s;", transition->reason);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->clock = kelvin_clock_new (NULL, KELVIN_CLOCK_MANUAL);
  f->host = (KelvinEnvironmentHost){ f->poller, f->clock, NULL };
  f->dispatcher = kelvin_dispatcher_new (&f->host, moved_cb, f);
  f->target = fake_target_new ("one");
  f->event = g_bytes_new_static ("{}", 2);
  f->reasons = g_string_new (NULL);
}

static void
closed_cb (gpointer user_data)
{
  Fixture *f = user_data;

  f->closed = TRUE;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_dispatcher_close (f->dispatcher, closed_cb, f);
  while (fake_sandbox_newest () != NULL)
    fake_sandbox_report_gone (fake_sandbox_newest ());
  kelvin_clock_advance (f->clock, 0);
  g_assert_true (f->closed);
  kelvin_dispatcher_free (f->dispatcher);
  kelvin_target_unref (f->target);
  kelvin_clock_free (f->clock);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  g_bytes_unref (f->event);
  g_string_free (f->reasons, TRUE);
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  Fixture *f = user_data;

  f->settled++;
  f->last_environment = environment;
  f->last_status = delivery->status;
  f->last_start = delivery->start;
  f->last_throttle = delivery->throttle;
}

static void
admitted_cb (KelvinCall *call, gpointer user_data)
{
  Fixture *f = user_data;

  f->admitted++;
}

static const KelvinCallEvents call_events = {
  .admitted = admitted_cb,
  .responded = responded_cb,
  .settled = settled_cb,
};

static KelvinCall *
invoke (Fixture *f, KelvinTarget *target, KelvinCallFlags flags)
{
  KelvinCallRequest request = {
    .target = target,
    .run_id = "run",
    .event = f->event,
    .flags = flags,
  };

  return kelvin_dispatcher_invoke (f->dispatcher, &request, &call_events, f);
}

static void
bring_up (Fixture *f, KelvinSandbox *sandbox)
{
  fake_sandbox_report_ready (sandbox, kelvin_clock_now_ns (f->clock));
  fake_api_ask_next (sandbox->api, kelvin_clock_now_ns (f->clock));
}

static void
serve_out (Fixture *f, KelvinSandbox *sandbox)
{
  fake_api_respond (sandbox->api, "1", kelvin_clock_now_ns (f->clock));
  fake_api_ask_next (sandbox->api, kelvin_clock_now_ns (f->clock));
  fake_sandbox_answer_usages (sandbox, 1, MB);
}

static KelvinSandbox *
run_cold (Fixture *f, KelvinTarget *target)
{
  invoke (f, target, KELVIN_CALL_COLD);

  KelvinSandbox *sandbox = fake_sandbox_newest ();

  bring_up (f, sandbox);
  serve_out (f, sandbox);
  return sandbox;
}

static void
test_reuses_the_most_recent (Fixture *f, gconstpointer data)
{
  KelvinSandbox *first = run_cold (f, f->target);
  KelvinSandbox *second = run_cold (f, f->target);

  invoke (f, f->target, KELVIN_CALL_ANY);
  serve_out (f, second);
  g_assert_cmpuint (f->last_environment, ==, 2);
  g_assert_cmpint (f->last_start, ==, KELVIN_START_WARM);

  invoke (f, f->target, KELVIN_CALL_ANY);
  invoke (f, f->target, KELVIN_CALL_ANY);
  serve_out (f, second);
  serve_out (f, first);
  invoke (f, f->target, KELVIN_CALL_ANY);
  serve_out (f, first);
  g_assert_cmpuint (f->last_environment, ==, 1);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 2);
}

static void
test_next_call_takes_the_answered_environment (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox;

  invoke (f, f->target, KELVIN_CALL_ANY);
  sandbox = fake_sandbox_newest ();
  bring_up (f, sandbox);
  fake_api_respond (sandbox->api, "1", kelvin_clock_now_ns (f->clock));
  invoke (f, f->target, KELVIN_CALL_ANY);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 1);
  fake_api_ask_next (sandbox->api, kelvin_clock_now_ns (f->clock));
  fake_sandbox_answer_usages (sandbox, 1, MB);
  g_assert_cmpuint (f->settled, ==, 1);
  serve_out (f, sandbox);
  g_assert_cmpuint (f->settled, ==, 2);
  g_assert_cmpint (f->last_start, ==, KELVIN_START_WARM);
}

static void
test_long_work_after_an_answer_is_not_waited_for (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox;

  invoke (f, f->target, KELVIN_CALL_ANY);
  sandbox = fake_sandbox_newest ();
  bring_up (f, sandbox);
  fake_api_respond (sandbox->api, "1", kelvin_clock_now_ns (f->clock));
  invoke (f, f->target, KELVIN_CALL_ANY);
  kelvin_clock_advance (f->clock, 5 * SECOND / 1000);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 2);
  bring_up (f, fake_sandbox_newest ());
  serve_out (f, fake_sandbox_newest ());
  g_assert_cmpint (f->last_start, ==, KELVIN_START_COLD);
}

static void
test_waiting_call_can_be_cancelled (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox;
  KelvinCall *call;

  invoke (f, f->target, KELVIN_CALL_ANY);
  sandbox = fake_sandbox_newest ();
  bring_up (f, sandbox);
  fake_api_respond (sandbox->api, "1", kelvin_clock_now_ns (f->clock));
  call = invoke (f, f->target, KELVIN_CALL_ANY);
  kelvin_call_cancel (call);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_CANCELLED);
  g_assert_false (sandbox->killed);
}

static void
test_never_mixes_versions (Fixture *f, gconstpointer data)
{
  KelvinTarget *other = fake_target_new ("two");

  run_cold (f, f->target);
  invoke (f, other, KELVIN_CALL_ANY);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 2);
  bring_up (f, fake_sandbox_newest ());
  serve_out (f, fake_sandbox_newest ());
  g_assert_cmpint (f->last_start, ==, KELVIN_START_COLD);
  kelvin_target_unref (other);
}

static void
test_retires_after_ten_idle_minutes (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox = run_cold (f, f->target);

  kelvin_clock_advance (f->clock, 600 * SECOND - 1);
  g_assert_false (sandbox->killed);
  invoke (f, f->target, KELVIN_CALL_ANY);
  serve_out (f, sandbox);
  kelvin_clock_advance (f->clock, 600 * SECOND - 1);
  g_assert_false (sandbox->killed);
  kelvin_clock_advance (f->clock, 1);
  g_assert_true (sandbox->killed);
  g_assert_cmpstr (f->reasons->str, ==, "idle too long;");
  fake_sandbox_report_gone (sandbox);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 0);
}

static void
test_idle_time_is_virtual (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox = run_cold (f, f->target);

  kelvin_clock_set_speed (f->clock, 600);
  kelvin_clock_advance (f->clock, SECOND);
  g_assert_true (sandbox->killed);
}

static void
test_new_version_retires_the_old (Fixture *f, gconstpointer data)
{
  KelvinSandbox *idle = run_cold (f, f->target);
  KelvinSandbox *busy;

  invoke (f, f->target, KELVIN_CALL_COLD);
  busy = fake_sandbox_newest ();
  bring_up (f, busy);
  kelvin_dispatcher_retire (f->dispatcher, "/somewhere/else", NULL, "files changed");
  g_assert_false (idle->killed);
  kelvin_dispatcher_retire (f->dispatcher, g_get_tmp_dir (), "one", "new version");
  g_assert_false (idle->killed);
  kelvin_dispatcher_retire (f->dispatcher, g_get_tmp_dir (), "two", "new version");
  g_assert_true (idle->killed);
  g_assert_false (busy->killed);
  serve_out (f, busy);
  g_assert_true (busy->killed);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_OK);
}

static void
test_last_call_waits_for_the_end (Fixture *f, gconstpointer data)
{
  invoke (f, f->target, KELVIN_CALL_COLD | KELVIN_CALL_LAST);

  KelvinSandbox *sandbox = fake_sandbox_newest ();

  bring_up (f, sandbox);
  serve_out (f, sandbox);
  g_assert_true (sandbox->killed);
  g_assert_cmpuint (f->settled, ==, 0);
  fake_sandbox_report_gone (sandbox);
  g_assert_cmpuint (f->settled, ==, 1);
}

static void
test_cancel_settles_at_once (Fixture *f, gconstpointer data)
{
  KelvinCall *call = invoke (f, f->target, KELVIN_CALL_ANY);

  kelvin_call_cancel (call);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_CANCELLED);
  g_assert_true (fake_sandbox_newest ()->killed);
}

static void
test_throttles_over_the_accounts_limit (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < KELVIN_ACCOUNT_CONCURRENCY; i++)
    invoke (f, f->target, KELVIN_CALL_ANY);
  invoke (f, f->target, KELVIN_CALL_ANY);
  g_assert_cmpuint (f->settled, ==, 0);
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpuint (f->settled, ==, 1);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_THROTTLED);
  g_assert_cmpint (f->last_start, ==, KELVIN_START_NONE);
  g_assert_cmpuint (f->last_environment, ==, 0);
}

static void
test_idle_environments_throttle_nobody (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinTarget) other = fake_target_new ("two");
  KelvinSandbox *oldest = run_cold (f, f->target);

  for (int i = 1; i < KELVIN_ACCOUNT_CONCURRENCY; i++)
    run_cold (f, f->target);
  g_assert_false (oldest->killed);
  kelvin_clock_advance (f->clock, SECOND); /* the scaling rate has let a thousand pass */
  run_cold (f, other);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_OK);
  g_assert_cmpuint (f->last_environment, ==, KELVIN_ACCOUNT_CONCURRENCY + 1);
  g_assert_true (oldest->killed);
  g_assert_cmpstr (f->reasons->str, ==, "its place was needed;");
}

static KelvinCall *
invoke_by (Fixture *f, const KelvinAdmissionRules *rules)
{
  KelvinCallRequest request = {
    .target = f->target,
    .run_id = "run",
    .event = f->event,
    .rules = rules,
  };

  return kelvin_dispatcher_invoke (f->dispatcher, &request, &call_events, f);
}

static void
test_reserved_concurrency_is_a_ceiling (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules two = { .reserved = 2 };
  KelvinSandbox *first;

  invoke_by (f, &two);
  first = fake_sandbox_newest ();
  invoke_by (f, &two);
  invoke_by (f, &two);
  g_assert_cmpuint (f->admitted, ==, 2);
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpint (f->last_throttle, ==, KELVIN_THROTTLE_RESERVED_CONCURRENCY);

  bring_up (f, first);
  serve_out (f, first);
  invoke_by (f, &two);
  g_assert_cmpuint (f->admitted, ==, 3);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 2);
}

/* An environment that is killed gives its place back like one that answers. */
static void
test_place_is_given_back_by_a_cancelled_call (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules one = { .reserved = 1 };

  kelvin_call_cancel (invoke_by (f, &one));
  invoke_by (f, &one);
  g_assert_cmpuint (f->admitted, ==, 2);
}

/* The next event of a caller comes before the environment has asked for it: that is no second use.
 */
static void
test_answered_environment_is_not_used_twice (Fixture *f, gconstpointer data)
{
  const KelvinAdmissionRules one = { .reserved = 1 };
  KelvinSandbox *sandbox;

  invoke_by (f, &one);
  sandbox = fake_sandbox_newest ();
  bring_up (f, sandbox);
  fake_api_respond (sandbox->api, "1", kelvin_clock_now_ns (f->clock));
  invoke_by (f, &one);
  fake_api_ask_next (sandbox->api, kelvin_clock_now_ns (f->clock));
  fake_sandbox_answer_usages (sandbox, 1, MB);
  serve_out (f, sandbox);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_OK);
  g_assert_cmpint (f->last_start, ==, KELVIN_START_WARM);
}

static KelvinMemoryReading
read_memory_cb (gpointer user_data)
{
  const gint64 *available = user_data;

  return (KelvinMemoryReading){ *available, 10000 * MB };
}

static void
test_full_machine_keeps_what_runs (Fixture *f, gconstpointer data)
{
  gint64 available = 1000 * MB;
  KelvinSandbox *running;

  kelvin_dispatcher_set_memory_func (f->dispatcher, read_memory_cb, &available);
  running = run_cold (f, f->target);
  available = 10 * MB;
  kelvin_clock_advance (f->clock, SECOND);
  invoke (f, f->target, KELVIN_CALL_COLD);
  kelvin_clock_advance (f->clock, 0);
  g_assert_cmpint (f->last_throttle, ==, KELVIN_THROTTLE_MACHINE_MEMORY);

  invoke (f, f->target, KELVIN_CALL_ANY);
  serve_out (f, running);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_OK);
  available = 1000 * MB;
  kelvin_clock_advance (f->clock, SECOND);
  run_cold (f, f->target);
  g_assert_cmpint (f->last_status, ==, KELVIN_STATUS_OK);
}

static void
test_provisioned_environments_are_ready_before_events (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox;

  kelvin_dispatcher_provision (f->dispatcher, f->target, "run", 1);
  kelvin_dispatcher_provision (f->dispatcher, f->target, "run", 1);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 1);
  g_assert_true (kelvin_dispatcher_is_provisioning (f->dispatcher, g_get_tmp_dir ()));
  sandbox = fake_sandbox_newest ();
  bring_up (f, sandbox);
  g_assert_false (kelvin_dispatcher_is_provisioning (f->dispatcher, g_get_tmp_dir ()));
  g_assert_cmpuint (sandbox->api->delivered, ==, 0);
  kelvin_clock_advance (f->clock, 86400 * SECOND);
  g_assert_false (sandbox->killed);

  invoke (f, f->target, KELVIN_CALL_ANY);
  invoke (f, f->target, KELVIN_CALL_ANY);
  g_assert_cmpuint (kelvin_dispatcher_count_environments (f->dispatcher), ==, 2);
  serve_out (f, sandbox);
  g_assert_cmpint (f->last_start, ==, KELVIN_START_PROVISIONED);
  kelvin_dispatcher_end_provisioned (f->dispatcher, g_get_tmp_dir ());
  g_assert_true (sandbox->killed);
}

static void
test_idle_time_can_be_set (Fixture *f, gconstpointer data)
{
  KelvinSandbox *sandbox;

  kelvin_dispatcher_set_idle_ns (f->dispatcher, SECOND);
  sandbox = run_cold (f, f->target);
  kelvin_clock_advance (f->clock, SECOND - 1);
  g_assert_false (sandbox->killed);
  kelvin_clock_advance (f->clock, 1);
  g_assert_true (sandbox->killed);
}

/* A thousand fake sandboxes have four descriptors each. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &limit));
  limit.rlim_cur = limit.rlim_max;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &limit));
}

int
main (int argc, char *argv[])
{
  raise_descriptor_limit ();
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/dispatcher/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("reuses-the-most-recent", test_reuses_the_most_recent);
  ADD ("next-call-takes-the-answered-environment", test_next_call_takes_the_answered_environment);
  ADD ("long-work-after-an-answer-is-not-waited-for",
       test_long_work_after_an_answer_is_not_waited_for);
  ADD ("waiting-call-can-be-cancelled", test_waiting_call_can_be_cancelled);
  ADD ("never-mixes-versions", test_never_mixes_versions);
  ADD ("retires-after-ten-idle-minutes", test_retires_after_ten_idle_minutes);
  ADD ("idle-time-is-virtual", test_idle_time_is_virtual);
  ADD ("new-version-retires-the-old", test_new_version_retires_the_old);
  ADD ("last-call-waits-for-the-end", test_last_call_waits_for_the_end);
  ADD ("cancel-settles-at-once", test_cancel_settles_at_once);
  ADD ("throttles-over-the-accounts-limit", test_throttles_over_the_accounts_limit);
  ADD ("idle-environments-throttle-nobody", test_idle_environments_throttle_nobody);
  ADD ("reserved-concurrency-is-a-ceiling", test_reserved_concurrency_is_a_ceiling);
  ADD ("place-is-given-back-by-a-cancelled-call", test_place_is_given_back_by_a_cancelled_call);
  ADD ("answered-environment-is-not-used-twice", test_answered_environment_is_not_used_twice);
  ADD ("full-machine-keeps-what-runs", test_full_machine_keeps_what_runs);
  ADD ("provisioned-environments-are-ready-before-events",
       test_provisioned_environments_are_ready_before_events);
  ADD ("idle-time-can-be-set", test_idle_time_can_be_set);
#undef ADD
  return g_test_run ();
}
