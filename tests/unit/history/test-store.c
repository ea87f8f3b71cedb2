#include <glib/gstdio.h>
#include <sys/stat.h>

#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)

static const KelvinRunFilter every_run = { .since_us = -1, .until_us = -1 };

static void
assert_equal_invocations (KelvinInvocation *a, KelvinInvocation *b)
{
  g_assert_cmpstr (a->run_id, ==, b->run_id);
  g_assert_cmpuint (a->number, ==, b->number);
  g_assert_cmpmem (a->request_id.bytes, 16, b->request_id.bytes, 16);
  g_assert_cmpstr (a->function_name, ==, b->function_name);
  g_assert_cmpstr (a->version, ==, b->version);
  g_assert_cmpstr (a->environment, ==, b->environment);
  g_assert_cmpint (a->status, ==, b->status);
  g_assert_cmpint (a->start, ==, b->start);
  g_assert_cmpint (a->status_code, ==, b->status_code);
  g_assert_cmpstr (a->function_error, ==, b->function_error);
  g_assert_cmpstr (a->error_type, ==, b->error_type);
  g_assert_cmpint (a->started_at_us, ==, b->started_at_us);
  g_assert_cmpmem (&a->phases, sizeof a->phases, &b->phases, sizeof b->phases);
  g_assert_cmpint (a->init_duration_us, ==, b->init_duration_us);
  g_assert_cmpint (a->duration_us, ==, b->duration_us);
  g_assert_cmpint (a->billed_duration_ms, ==, b->billed_duration_ms);
  g_assert_cmpint (a->cpu_us, ==, b->cpu_us);
  g_assert_cmpuint (a->memory_size_mb, ==, b->memory_size_mb);
  g_assert_cmpint (a->memory_peak_bytes, ==, b->memory_peak_bytes);
  g_assert_cmpint (a->cgroup_peak_bytes, ==, b->cgroup_peak_bytes);
  g_assert_cmpint (a->environment_memory_peak_bytes, ==, b->environment_memory_peak_bytes);
  g_assert_cmpint (a->init_memory_peak_bytes, ==, b->init_memory_peak_bytes);
  g_assert_cmpint (a->temporary_peak_bytes, ==, b->temporary_peak_bytes);
  g_assert_cmpint (a->temporary_size_mb, ==, b->temporary_size_mb);
  g_assert_cmpint (a->throttled_us, ==, b->throttled_us);
  g_assert_cmpint (a->cost_pico_usd, ==, b->cost_pico_usd);
  g_assert_cmpstr (a->log, ==, b->log);
  g_assert_cmpuint (a->log_omitted_bytes, ==, b->log_omitted_bytes);
  g_assert_cmpstr (a->note, ==, b->note);
}

static void
assert_equal_bytes (GBytes *a, GBytes *b)
{
  g_assert_true ((a == NULL) == (b == NULL));
  if (a != NULL)
    g_assert_true (g_bytes_equal (a, b));
}

/* Puts it, and reads it back through the database. */
static KelvinInvocation *
take_round_trip (HistoryFixture *f, const KelvinRun *run, KelvinInvocation *invocation)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_put_run (f->store, run);
  kelvin_store_put_invocation (f->store, invocation);
  history_flush (f->store, &error);
  g_assert_no_error (error);
  found = history_list_invocations (f->store, run->id, 0, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  return g_ptr_array_steal_index (found, 0);
}

static void
test_keeps_an_invocation (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = history_make_invocation (run, 1);
  g_autoptr (KelvinInvocation) got = NULL;

  put->status = KELVIN_STATUS_TIMEOUT;
  put->function_error = g_strdup ("Unhandled");
  put->error_type = g_strdup ("Sandbox.Timedout");
  put->log_omitted_bytes = 123456789;
  put->note = g_strdup ("measured on 3.11, asked for 3.13");
  got = take_round_trip (f, run, put);

  assert_equal_invocations (got, put);
  assert_equal_bytes (got->event, put->event);
  assert_equal_bytes (got->payload, put->payload);
  g_assert_null (got->attempts);
}

static void
test_keeps_connections (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = history_make_invocation (run, 1);
  g_autoptr (KelvinInvocation) got = take_round_trip (f, run, put);
  g_autoptr (JsonNode) before = kelvin_invocation_to_json (put, FALSE);
  g_autoptr (JsonNode) after = kelvin_invocation_to_json (got, FALSE);
  g_autofree char *text = json_to_string (after, FALSE);

  g_assert_true (
      json_node_equal (json_object_get_member (json_node_get_object (before), "connections"),
                       json_object_get_member (json_node_get_object (after), "connections")));
  g_assert_nonnull (strstr (text, "\"number\":2,\"door\":\"db\",\"host\":\"db.internal\","
                                  "\"port\":5432,\"to\":\"127.0.0.1:5433\""));
  g_assert_nonnull (strstr (text, "\"ended\":\"capped\",\"error\":\"why\","
                                  "\"heldBy\":\"env 1 (2)\""));
  g_assert_nonnull (strstr (text, "\"connectionsOmitted\":3,\"refusedDestinations\":"
                                  "[{\"host\":\"api.example.com\",\"times\":2}],"
                                  "\"refusedDestinationsOmitted\":4"));
}

static void
test_keeps_what_is_absent_absent (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = kelvin_invocation_new ();
  g_autoptr (KelvinInvocation) got = NULL;

  put->run_id = g_strdup (run->id);
  put->number = 1;
  put->request_id = kelvin_request_id_new ();
  put->status = KELVIN_STATUS_THROTTLED;
  put->status_code = 429;
  put->phases = KELVIN_PHASES_NONE;
  put->log = g_strdup ("");
  got = take_round_trip (f, run, put);

  assert_equal_invocations (got, put);
  g_assert_null (got->event);
  g_assert_null (got->payload);
}

static void
test_tells_an_empty_payload_from_none (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = history_make_invocation (run, 1);
  g_autoptr (KelvinInvocation) got = NULL;

  g_clear_pointer (&put->event, g_bytes_unref);
  g_clear_pointer (&put->payload, g_bytes_unref);
  put->payload = g_bytes_new (NULL, 0);
  got = take_round_trip (f, run, put);

  g_assert_null (got->event);
  g_assert_nonnull (got->payload);
  g_assert_cmpuint (g_bytes_get_size (got->payload), ==, 0);
}

static void
test_keeps_further_attempts (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = history_make_invocation (run, 7);
  g_autoptr (KelvinInvocation) got = NULL;
  KelvinAttempt second = { 2, KELVIN_START_WARM, KELVIN_STATUS_ERROR, T0 + 5, KELVIN_PHASES_NONE };
  KelvinAttempt third = {
    3, KELVIN_START_COLD, KELVIN_STATUS_OK, T0 + 9, { { 1, 2, 3, 4, 5, 6 } }
  };

  put->attempts = g_array_new (FALSE, FALSE, sizeof (KelvinAttempt));
  g_array_append_val (put->attempts, second);
  g_array_append_val (put->attempts, third);
  got = take_round_trip (f, run, put);

  g_assert_nonnull (got->attempts);
  g_assert_cmpuint (got->attempts->len, ==, 2);
  for (guint i = 0; i < 2; i++)
    {
      KelvinAttempt *a = &g_array_index (got->attempts, KelvinAttempt, i);
      KelvinAttempt *b = &g_array_index (put->attempts, KelvinAttempt, i);

      g_assert_cmpuint (a->number, ==, b->number);
      g_assert_cmpint (a->start, ==, b->start);
      g_assert_cmpint (a->status, ==, b->status);
      g_assert_cmpint (a->started_at_us, ==, b->started_at_us);
      g_assert_cmpmem (&a->phases, sizeof a->phases, &b->phases, sizeof b->phases);
    }
}

static KelvinRun *
make_finished_run (void)
{
  KelvinRun *run = history_make_run (KELVIN_RUN_PROFILE, T0);

  run->status = KELVIN_STATUS_ERROR;
  run->ended_at_us = T0 + 1000;
  run->git_commit = g_strdup ("0123456789abcdef");
  run->git_branch = g_strdup ("main");
  run->git_clean = TRUE;
  run->note = g_strdup ("a note");
  run->details_json = g_strdup ("{\"cold\": {}}");
  run->invocations = 120;
  run->errors = 3;
  run->cold_starts = 20;
  run->p50_us = 18700;
  run->p99_us = 40000;
  run->cold_p50_us = 19000;
  run->warm_p50_us = 200;
  run->cost_pico_usd = 42;
  return run;
}

static void
assert_equal_runs (KelvinRun *a, KelvinRun *b)
{
  g_assert_cmpstr (a->id, ==, b->id);
  g_assert_cmpint (a->kind, ==, b->kind);
  g_assert_cmpint (a->status, ==, b->status);
  g_assert_cmpstr (a->function_name, ==, b->function_name);
  g_assert_cmpstr (a->version, ==, b->version);
  g_assert_cmpstr (a->git_commit, ==, b->git_commit);
  g_assert_cmpstr (a->git_branch, ==, b->git_branch);
  g_assert_cmpint (a->git_clean, ==, b->git_clean);
  g_assert_cmpstr (a->note, ==, b->note);
  g_assert_cmpstr (a->isolation, ==, b->isolation);
  g_assert_cmpint (a->started_at_us, ==, b->started_at_us);
  g_assert_cmpint (a->ended_at_us, ==, b->ended_at_us);
  g_assert_cmpint (a->invocations, ==, b->invocations);
  g_assert_cmpint (a->errors, ==, b->errors);
  g_assert_cmpint (a->cold_starts, ==, b->cold_starts);
  g_assert_cmpint (a->p50_us, ==, b->p50_us);
  g_assert_cmpint (a->p99_us, ==, b->p99_us);
  g_assert_cmpint (a->cold_p50_us, ==, b->cold_p50_us);
  g_assert_cmpint (a->warm_p50_us, ==, b->warm_p50_us);
  g_assert_cmpint (a->cost_pico_usd, ==, b->cost_pico_usd);
}

static void
test_keeps_a_run (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) put = make_finished_run ();
  g_autoptr (KelvinRun) got = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_store_put_run (f->store, put);
  g_assert_true (history_flush (f->store, NULL));
  got = history_get_run (f->store, put->id, &error);
  g_assert_no_error (error);

  assert_equal_runs (got, put);
  g_assert_cmpstr (got->details_json, ==, put->details_json);
  g_assert_cmpstr (got->engine_id, ==, kelvin_store_get_engine_id (f->store));
}

static void
test_replaces_a_run_by_id (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, 1);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) invocations = NULL;
  KelvinRun *found;

  kelvin_store_put_run (f->store, run);
  kelvin_store_put_invocation (f->store, invocation);
  run->status = KELVIN_STATUS_OK;
  run->ended_at_us = T0 + 500;
  kelvin_store_put_run (f->store, run);
  g_assert_true (history_flush (f->store, NULL));

  runs = history_list_runs (f->store, &every_run, NULL, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  found = runs->pdata[0];
  g_assert_cmpint (found->status, ==, KELVIN_STATUS_OK);
  g_assert_cmpint (found->ended_at_us, ==, T0 + 500);
  invocations = history_list_invocations (f->store, run->id, 0, NULL, NULL, NULL);
  g_assert_cmpuint (invocations->len, ==, 1);
}

static void
test_stores_equal_payloads_of_a_run_once (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_PROFILE, T0);

  kelvin_store_put_run (f->store, run);
  for (guint i = 1; i <= 10; i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, i);
      kelvin_store_put_invocation (f->store, invocation);
    }
  g_assert_true (history_flush (f->store, NULL));
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM invocations"), ==, 10);
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM payloads"), ==, 2);
}

static void
test_stores_no_payloads_when_told (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) put = history_make_invocation (run, 1);
  g_autoptr (KelvinInvocation) got = NULL;

  f->store = kelvin_store_open (f->data_dir, KELVIN_STORE_NO_PAYLOADS, NULL);
  got = take_round_trip (f, run, put);
  g_assert_null (got->event);
  g_assert_null (got->payload);
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM payloads"), ==, 0);
}

static void
test_refuses_an_invocation_without_a_run (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) stranger = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinInvocation) orphan = history_make_invocation (stranger, 1);
  g_autoptr (GError) error = NULL;

  kelvin_store_put_invocation (f->store, orphan);
  kelvin_store_put_run (f->store, run);
  g_assert_false (history_flush (f->store, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);

  /* It cost itself alone, and is told once. */
  g_assert_true (history_flush (f->store, NULL));
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM runs"), ==, 1);
}

static void
test_keeps_transitions (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  const KelvinTransition transitions[] = {
    { 4, KELVIN_STATE_PARKED, KELVIN_STATE_STARTING, 1000, "" },
    { 4, KELVIN_STATE_STARTING, KELVIN_STATE_DEAD, 2000, "cancelled" },
  };

  kelvin_store_put_run (f->store, run);
  kelvin_store_put_transitions (f->store, run->id, transitions, 2);
  g_assert_true (history_flush (f->store, NULL));
  g_assert_cmpint (history_fixture_ask (f, "SELECT sum(at_ns) FROM transitions"), ==, 3000);
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM transitions AS t JOIN names AS n"
                                           " ON n.id = t.reason WHERE n.text = 'cancelled'"
                                           " AND t.from_state = 2 AND t.to_state = 7"),
                   ==, 1);
}

static guint
get_mode (const char *dir, const char *name)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  GStatBuf found;

  g_assert_cmpint (g_stat (path, &found), ==, 0);
  return found.st_mode & 07777;
}

static void
test_is_private_whatever_the_umask (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  mode_t umask_before = umask (GPOINTER_TO_UINT (data));

  g_assert_cmpint (g_chmod (f->data_dir, 0755), ==, 0);
  history_fixture_open (f);
  umask (umask_before);
  kelvin_store_put_run (f->store, run);
  g_assert_true (history_flush (f->store, NULL));

  g_assert_cmpuint (get_mode (f->data_dir, ""), ==, 0700);
  g_assert_cmpuint (get_mode (f->data_dir, "engines"), ==, 0700);
  g_assert_cmpuint (get_mode (f->data_dir, "history.db"), ==, 0600);
  g_assert_cmpuint (get_mode (f->data_dir, "history.db-wal"), ==, 0600);
  g_assert_cmpuint (get_mode (f->data_dir, "history.db-shm"), ==, 0600);
}

static void
test_narrows_a_file_that_others_could_read (HistoryFixture *f, gconstpointer data)
{
  history_fixture_close (f);
  g_assert_cmpint (g_chmod (f->database, 0644), ==, 0);
  history_fixture_open (f);
  g_assert_cmpuint (get_mode (f->data_dir, "history.db"), ==, 0600);
}

static void
test_writes_what_is_queued_when_closed (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_LOAD, T0);

  kelvin_store_put_run (f->store, run);
  for (guint i = 1; i <= 2500; i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, i);
      kelvin_store_put_invocation (f->store, invocation);
    }
  history_fixture_close (f);
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM invocations"), ==, 2500);
}

static void
test_a_relative_folder_stays_the_same (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *before = g_get_current_dir ();
  g_autofree char *name = g_path_get_basename (f->data_dir);
  g_autofree char *parent = g_path_get_dirname (f->data_dir);
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_chdir (parent), ==, 0);
  f->store = kelvin_store_open (name, KELVIN_STORE_KEEP_PAYLOADS, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chdir (before), ==, 0);

  runs = history_list_runs (f->store, &every_run, NULL, &error);
  g_assert_no_error (error);
  history_fixture_close (f);
  g_assert_false (g_file_test (name, G_FILE_TEST_EXISTS));
}

static void
test_says_that_it_is_closed (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GError) flush_error = NULL;
  g_autoptr (GError) read_error = NULL;

  kelvin_store_close (f->store);
  g_assert_false (history_flush (f->store, &flush_error));
  g_assert_error (flush_error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FAILED);
  g_assert_null (history_list_runs (f->store, &every_run, NULL, &read_error));
  g_assert_error (read_error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FAILED);
}

static void
test_can_be_let_go_without_closing (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (GAsyncResult) flushed = NULL;
  g_autoptr (GAsyncResult) listed = NULL;

  kelvin_store_put_run (f->store, run);
  kelvin_store_flush_async (f->store, history_store_result_cb, &flushed);
  kelvin_store_list_runs_async (f->store, &every_run, NULL, history_store_result_cb, &listed);
  g_clear_object (&f->store);
  history_wait_for (&flushed);
  history_wait_for (&listed);
  g_clear_object (&flushed);
  g_clear_object (&listed);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM runs"), ==, 1);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, set_up, data, test)                                                              \
  g_test_add ("/history/store/" name, HistoryFixture, data, set_up, test, history_fixture_tear_down)
  ADD ("keeps-an-invocation", history_fixture_set_up, NULL, test_keeps_an_invocation);
  ADD ("keeps-connections", history_fixture_set_up, NULL, test_keeps_connections);
  ADD ("keeps-what-is-absent-absent", history_fixture_set_up, NULL,
       test_keeps_what_is_absent_absent);
  ADD ("tells-an-empty-payload-from-none", history_fixture_set_up, NULL,
       test_tells_an_empty_payload_from_none);
  ADD ("keeps-further-attempts", history_fixture_set_up, NULL, test_keeps_further_attempts);
  ADD ("keeps-a-run", history_fixture_set_up, NULL, test_keeps_a_run);
  ADD ("replaces-a-run-by-id", history_fixture_set_up, NULL, test_replaces_a_run_by_id);
  ADD ("stores-equal-payloads-of-a-run-once", history_fixture_set_up, NULL,
       test_stores_equal_payloads_of_a_run_once);
  ADD ("stores-no-payloads-when-told", history_fixture_set_up_folder, NULL,
       test_stores_no_payloads_when_told);
  ADD ("refuses-an-invocation-without-a-run", history_fixture_set_up, NULL,
       test_refuses_an_invocation_without_a_run);
  ADD ("keeps-transitions", history_fixture_set_up, NULL, test_keeps_transitions);
  ADD ("is-private/umask-000", history_fixture_set_up_folder, GUINT_TO_POINTER (0),
       test_is_private_whatever_the_umask);
  ADD ("is-private/umask-022", history_fixture_set_up_folder, GUINT_TO_POINTER (022),
       test_is_private_whatever_the_umask);
  ADD ("narrows-a-file-that-others-could-read", history_fixture_set_up, NULL,
       test_narrows_a_file_that_others_could_read);
  ADD ("writes-what-is-queued-when-closed", history_fixture_set_up, NULL,
       test_writes_what_is_queued_when_closed);
  ADD ("a-relative-folder-stays-the-same", history_fixture_set_up_folder, NULL,
       test_a_relative_folder_stays_the_same);
  ADD ("says-that-it-is-closed", history_fixture_set_up, NULL, test_says_that_it_is_closed);
  ADD ("can-be-let-go-without-closing", history_fixture_set_up, NULL,
       test_can_be_let_go_without_closing);
#undef ADD

  return g_test_run ();
}
