#include <glib/gstdio.h>
#include <grp.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/history/schema.h"
#include "tests/unit/history/history-fixture.h"

#define T0 G_GINT64_CONSTANT (1790000000000000)
#define NOBODY 65534

static const KelvinRunFilter every_run = { .since_us = -1, .until_us = -1 };

static GBytes *
read_database (HistoryFixture *f)
{
  g_autoptr (GError) error = NULL;
  char *contents;
  gsize length;

  g_file_get_contents (f->database, &contents, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (contents, length);
}

static void
write_database (HistoryFixture *f, const void *contents, gsize length)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (f->database, contents, (gssize) length, &error);
  g_assert_no_error (error);
}

/* Refused, with the file as it was and no lock left. */
static void
assert_refused (HistoryFixture *f, KelvinStoreError code)
{
  g_autoptr (GBytes) before = read_database (f);
  g_autoptr (GBytes) after = NULL;
  g_autofree char *engines = g_build_filename (f->data_dir, "engines", NULL);
  g_autoptr (GDir) dir = NULL;

  history_fixture_open_fails (f, code);
  after = read_database (f);
  g_assert_true (g_bytes_equal (before, after));
  dir = g_dir_open (engines, 0, NULL);
  g_assert_null (g_dir_read_name (dir));
}

static void
test_makes_the_folder (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *deeper = g_build_filename (f->data_dir, "a", "b", NULL);
  g_autofree char *database = g_build_filename (deeper, "history.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinStore) store = NULL;

  store = kelvin_store_open (deeper, KELVIN_STORE_KEEP_PAYLOADS, &error);
  g_assert_no_error (error);
  kelvin_store_close (store);
  g_assert_true (g_file_test (database, G_FILE_TEST_IS_REGULAR));
}

static void
test_refuses_a_text_file (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *text = g_strnfill (10000, 'x');

  write_database (f, text, strlen (text));
  assert_refused (f, KELVIN_STORE_ERROR_DAMAGED);
}

static void
test_refuses_a_short_text_file (HistoryFixture *f, gconstpointer data)
{
  write_database (f, "hello", 5);
  assert_refused (f, KELVIN_STORE_ERROR_DAMAGED);
}

static void
test_refuses_the_database_of_another_program (HistoryFixture *f, gconstpointer data)
{
  write_database (f, "", 0);
  history_fixture_execute (f, "CREATE TABLE recipes (id INTEGER); PRAGMA user_version = 1");
  assert_refused (f, KELVIN_STORE_ERROR_DAMAGED);
}

static void
test_refuses_what_a_newer_kelvin_wrote (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *newer = g_strdup_printf ("PRAGMA user_version = %d", KELVIN_SCHEMA_VERSION + 1);

  history_fixture_close (f);
  history_fixture_execute (f, newer);
  assert_refused (f, KELVIN_STORE_ERROR_NEWER);
}

static void
test_refuses_a_database_without_its_tables (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  history_fixture_close (f);
  history_fixture_execute (f, "DROP TABLE payloads");
  history_fixture_open_fails (f, KELVIN_STORE_ERROR_DAMAGED);
}

static void
fill (HistoryFixture *f)
{
  g_autoptr (KelvinRun) run = history_make_run (KELVIN_RUN_LOAD, T0);

  run->status = KELVIN_STATUS_OK;
  kelvin_store_put_run (f->store, run);
  for (guint i = 1; i <= 5000; i++)
    {
      g_autoptr (KelvinInvocation) invocation = history_make_invocation (run, i);
      kelvin_store_put_invocation (f->store, invocation);
    }
  history_fixture_close (f);
}

static void
test_refuses_a_truncated_database (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;

  fill (f);
  whole = read_database (f);
  write_database (f, g_bytes_get_data (whole, NULL), g_bytes_get_size (whole) / 2);
  assert_refused (f, KELVIN_STORE_ERROR_DAMAGED);
}

static void
test_refuses_a_zeroed_header (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  fill (f);
  whole = read_database (f);
  contents = g_memdup2 (g_bytes_get_data (whole, &length), g_bytes_get_size (whole));
  memset (contents, 0, 100);
  write_database (f, contents, length);
  assert_refused (f, KELVIN_STORE_ERROR_DAMAGED);
}

static gboolean
read_everything (HistoryFixture *f, GError **error)
{
  g_autoptr (GPtrArray) runs = history_list_runs (f->store, &every_run, NULL, error);
  g_autofree char *after = NULL;

  if (runs == NULL)
    return FALSE;
  g_assert_cmpuint (runs->len, ==, 1);
  do
    {
      KelvinRun *run = runs->pdata[0];
      g_autofree char *next = NULL;
      g_autoptr (GPtrArray) page =
          history_list_invocations (f->store, run->id, 1000, after, &next, error);

      if (page == NULL)
        return FALSE;
      g_free (after);
      after = g_steal_pointer (&next);
    }
  while (after != NULL);
  return TRUE;
}

static void
test_says_that_the_middle_is_damaged (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  g_autoptr (GBytes) whole = NULL;
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  fill (f);
  whole = read_database (f);
  contents = g_memdup2 (g_bytes_get_data (whole, &length), g_bytes_get_size (whole));
  for (gsize i = length / 2; i < length * 3 / 4; i++)
    contents[i] = (char) g_rand_int (random);
  write_database (f, contents, length);

  f->store = kelvin_store_open (f->data_dir, KELVIN_STORE_KEEP_PAYLOADS, &error);
  if (f->store != NULL)
    g_assert_false (read_everything (f, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_DAMAGED);
  g_assert_nonnull (strstr (error->message, f->database));
}

/* In a process of its own: as an ordinary user, for root may write anywhere. */
static int
open_as_ordinary_user (const char *data_dir)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0 && (setgroups (0, NULL) < 0 || setgid (NOBODY) < 0 || setuid (NOBODY) < 0))
    return 1;
  if (kelvin_store_open (data_dir, KELVIN_STORE_KEEP_PAYLOADS, &error) != NULL)
    return 2;
  if (!g_error_matches (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FOLDER))
    return 3;
  return strstr (error->message, data_dir) != NULL ? 0 : 4;
}

static void
assert_refused_for_ordinary_user (const char *data_dir)
{
  pid_t pid = fork ();
  int status;

  if (pid == 0)
    _exit (open_as_ordinary_user (data_dir));
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
}

static void
test_says_that_the_folder_is_not_writable (HistoryFixture *f, gconstpointer mode)
{
  g_autofree char *inner = g_build_filename (f->data_dir, "kelvin", NULL);

  g_assert_cmpint (g_chmod (f->data_dir, GPOINTER_TO_UINT (mode)), ==, 0);
  assert_refused_for_ordinary_user (f->data_dir);
  assert_refused_for_ordinary_user (inner);
  g_assert_cmpint (g_chmod (f->data_dir, 0700), ==, 0);
}

static void
test_says_that_the_folder_is_a_file (HistoryFixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  write_database (f, "", 0);
  g_assert_null (kelvin_store_open (f->database, KELVIN_STORE_KEEP_PAYLOADS, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FOLDER);
  g_assert_nonnull (strstr (error->message, f->database));
}

static void
load_version_1 (HistoryFixture *f)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "history", "version-1.sql", NULL);
  g_autofree char *dump = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &dump, NULL, &error);
  g_assert_no_error (error);
  write_database (f, "", 0);
  history_fixture_execute (f, dump);
  g_assert_cmpint (history_fixture_ask (f, "PRAGMA user_version"), ==, 1);
}

static void
test_migrates_from_version_1 (HistoryFixture *f, gconstpointer data)
{
  const KelvinRunFilter served = { .function_name = "thumbnails" };
  g_autoptr (GPtrArray) runs = NULL;
  g_autoptr (GPtrArray) invocations = NULL;
  KelvinInvocation *invocation;
  KelvinRun *run;

  load_version_1 (f);
  history_fixture_open (f);
  g_assert_cmpint (history_fixture_ask (f, "PRAGMA user_version"), ==, KELVIN_SCHEMA_VERSION);

  runs = history_list_runs (f->store, &every_run, NULL, NULL);
  g_assert_cmpuint (runs->len, ==, 2);
  run = runs->pdata[1];
  g_assert_cmpint (run->kind, ==, KELVIN_RUN_PROFILE);
  g_assert_cmpint (run->p50_us, ==, 18700);

  invocations = history_list_invocations (f->store, run->id, 0, NULL, NULL, NULL);
  g_assert_cmpuint (invocations->len, ==, 2);
  invocation = invocations->pdata[0];
  g_assert_cmpint (invocation->start, ==, KELVIN_START_COLD);
  g_assert_cmpstr (invocation->log, ==, "START\nEND\n");
  g_assert_cmpuint (g_bytes_get_size (invocation->event), ==, 8);

  /* What version 2 added is filled from what version 1 knew. */
  g_clear_pointer (&runs, g_ptr_array_unref);
  runs = history_list_runs (f->store, &served, NULL, NULL);
  g_assert_cmpuint (runs->len, ==, 1);
  g_assert_cmpint (((KelvinRun *) runs->pdata[0])->kind, ==, KELVIN_RUN_SERVE);
}

static char *
describe_tables (HistoryFixture *f)
{
  return history_fixture_ask_text (f, "SELECT group_concat(sql, ';') FROM"
                                      " (SELECT sql FROM sqlite_schema ORDER BY name)");
}

static void
test_a_migrated_database_is_like_a_new_one (HistoryFixture *f, gconstpointer data)
{
  g_autofree char *migrated = NULL;
  g_autofree char *made = NULL;

  load_version_1 (f);
  history_fixture_open (f);
  migrated = describe_tables (f);
  history_fixture_close (f);

  g_assert_cmpint (g_unlink (f->database), ==, 0);
  history_fixture_open (f);
  made = describe_tables (f);
  g_assert_cmpstr (migrated, ==, made);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, set_up, data, test)                                                              \
  g_test_add ("/history/open/" name, HistoryFixture, data, set_up, test, history_fixture_tear_down)
  /* These fork, so they come before the first thread. */
  ADD ("says-that-the-folder-is-not-writable", history_fixture_set_up_folder,
       GUINT_TO_POINTER (0555), test_says_that_the_folder_is_not_writable);
  ADD ("says-that-the-folder-is-not-accessible", history_fixture_set_up_folder,
       GUINT_TO_POINTER (0), test_says_that_the_folder_is_not_writable);
  ADD ("says-that-the-folder-is-a-file", history_fixture_set_up_folder, NULL,
       test_says_that_the_folder_is_a_file);
  ADD ("makes-the-folder", history_fixture_set_up_folder, NULL, test_makes_the_folder);
  ADD ("refuses-a-text-file", history_fixture_set_up_folder, NULL, test_refuses_a_text_file);
  ADD ("refuses-a-short-text-file", history_fixture_set_up_folder, NULL,
       test_refuses_a_short_text_file);
  ADD ("refuses-the-database-of-another-program", history_fixture_set_up_folder, NULL,
       test_refuses_the_database_of_another_program);
  ADD ("refuses-what-a-newer-kelvin-wrote", history_fixture_set_up, NULL,
       test_refuses_what_a_newer_kelvin_wrote);
  ADD ("refuses-a-database-without-its-tables", history_fixture_set_up, NULL,
       test_refuses_a_database_without_its_tables);
  ADD ("refuses-a-truncated-database", history_fixture_set_up, NULL,
       test_refuses_a_truncated_database);
  ADD ("refuses-a-zeroed-header", history_fixture_set_up, NULL, test_refuses_a_zeroed_header);
  ADD ("says-that-the-middle-is-damaged", history_fixture_set_up, NULL,
       test_says_that_the_middle_is_damaged);
  ADD ("migrates-from-version-1", history_fixture_set_up_folder, NULL,
       test_migrates_from_version_1);
  ADD ("a-migrated-database-is-like-a-new-one", history_fixture_set_up_folder, NULL,
       test_a_migrated_database_is_like_a_new_one);
#undef ADD

  return g_test_run ();
}
