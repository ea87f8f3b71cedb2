#include <string.h>

#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define FLUSHED 300

/* This program again, as another Kelvin: writes a run, says its id once it is flushed, and goes on
 * writing until it is killed. */
static int
write_until_killed (const char *data_dir)
{
  g_autoptr (KelvinStore) store = kelvin_store_open (data_dir, KELVIN_STORE_KEEP_PAYLOADS, NULL);
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_LOAD, T0);

  kelvin_store_put_run (store, run);
  for (guint i = 1;; i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, i);

      kelvin_store_put_invocation (store, invocation);
      if (i == FLUSHED && history_flush (store, NULL))
        g_print ("%s\n", run->id);
    }
  return 0;
}

/* Likewise: writes a finished run, and ends as it should. */
static int
write_one (const char *data_dir)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinStore) store = kelvin_store_open (data_dir, KELVIN_STORE_KEEP_PAYLOADS, &error);
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);

  if (store == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }
  run->status = KELVIN_STATUS_OK;
  kelvin_store_put_run (store, run);
  kelvin_store_close (store);
  return 0;
}

static GSubprocess *
start (HistoryFixture *f, const char *command)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *other = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "/proc/self/exe",
                                         command, f->data_dir, NULL);

  g_assert_no_error (error);
  return other;
}

/* Its run, once that is flushed. */
static char *
read_run_id (GSubprocess *other)
{
  g_autoptr (GDataInputStream) output =
      g_data_input_stream_new (g_subprocess_get_stdout_pipe (other));
  g_autoptr (GError) error = NULL;
  char *id = g_data_input_stream_read_line_utf8 (output, NULL, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (id);
  return id;
}

static void
kill_and_wait (GSubprocess *other)
{
  g_subprocess_force_exit (other);
  g_assert_true (g_subprocess_wait (other, NULL, NULL));
  g_assert_true (g_subprocess_get_if_signaled (other));
}

static guint
count_locks (HistoryFixture *f)
{
  g_autofree char *engines = g_build_filename (f->data_dir, "engines", NULL);
  g_autoptr (GDir) dir = g_dir_open (engines, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_a_killed_program_leaves_what_was_flushed (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GSubprocess) other = start (f, "--write-until-killed");
  g_autofree char *id = read_run_id (other);
  g_autoptr (KelvinRun) run = NULL;
  g_autoptr (GError) error = NULL;

  kill_and_wait (other);
  g_assert_cmpuint (count_locks (f), ==, 1);

  history_fixture_open (f);
  g_assert_cmpuint (count_locks (f), ==, 1); /* this store's own */
  run = history_get_run (f->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (run->status, ==, KELVIN_STATUS_INTERRUPTED);
  g_assert_cmpint (run->invocations, >=, FLUSHED);
  g_assert_cmpint (run->invocations, ==,
                   history_fixture_ask (f, "SELECT count(*) FROM invocations"));
  g_assert_cmpint (run->cold_starts, ==, 1);
  g_assert_cmpint (run->errors, ==, 0);
  g_assert_cmpint (run->ended_at_us, >, run->started_at_us);
}

static void
test_a_living_program_keeps_its_run (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GSubprocess) other = start (f, "--write-until-killed");
  g_autofree char *id = read_run_id (other);
  g_autoptr (KelvinRun) mine = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinRun) theirs = NULL;
  g_autoptr (GPtrArray) runs = NULL;

  /* Two write at once. */
  history_fixture_open (f);
  kelvin_store_put_run (f->store, mine);
  g_assert_true (history_flush (f->store, NULL));
  runs = history_list_runs (f->store, &(KelvinRunFilter){ 0 }, NULL, NULL);
  g_assert_cmpuint (runs->len, ==, 2);
  theirs = history_get_run (f->store, id, NULL);
  g_assert_cmpint (theirs->status, ==, KELVIN_STATUS_RUNNING);
  g_assert_cmpuint (count_locks (f), ==, 2);

  kill_and_wait (other);
}

static void
test_a_run_that_was_not_ended_is_interrupted (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_INVOKE, T0);
  g_autoptr (KelvinRun) found = NULL;

  history_fixture_open (f);
  kelvin_store_put_run (f->store, run);
  history_fixture_close (f);
  g_assert_cmpuint (count_locks (f), ==, 0);

  history_fixture_open (f);
  found = history_get_run (f->store, run->id, NULL);
  g_assert_cmpint (found->status, ==, KELVIN_STATUS_INTERRUPTED);
  g_assert_cmpint (found->ended_at_us, ==, T0);
}

static void
test_many_can_open_at_once (HistoryFixture *f, gconstpointer data)
{
  GSubprocess *others[8];

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    others[i] = start (f, "--write-one");
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autoptr (GError) error = NULL;

      g_subprocess_wait_check (others[i], NULL, &error);
      g_assert_no_error (error);
      g_object_unref (others[i]);
    }

  history_fixture_open (f);
  g_assert_cmpint (history_fixture_ask (f, "SELECT count(*) FROM runs WHERE status = 2"), ==,
                   G_N_ELEMENTS (others));
}

int
main (int argc, char *argv[])
{
  if (argc == 3 && strcmp (argv[1], "--write-until-killed") == 0)
    return write_until_killed (argv[2]);
  if (argc == 3 && strcmp (argv[1], "--write-one") == 0)
    return write_one (argv[2]);

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, test)                                                                            \
  g_test_add ("/history/interrupted/" name, HistoryFixture, NULL, history_fixture_set_up_folder,   \
              test, history_fixture_tear_down)
  ADD ("a-killed-program-leaves-what-was-flushed", test_a_killed_program_leaves_what_was_flushed);
  ADD ("a-living-program-keeps-its-run", test_a_living_program_keeps_its_run);
  ADD ("a-run-that-was-not-ended-is-interrupted", test_a_run_that_was_not_ended_is_interrupted);
  ADD ("many-can-open-at-once", test_many_can_open_at_once);
#undef ADD

  return g_test_run ();
}
