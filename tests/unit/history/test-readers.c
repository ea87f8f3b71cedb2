#include "engine/history/readers.h"

#include "engine/history/connection.h"
#include "engine/history/store-error.h"
#include "tests/unit/history/history-fixture.h"

static void
run_statement (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (sqlite3_stmt) statement =
      kelvin_connection_prepare (db, g_task_get_task_data (task), &error);

  g_assert_no_error (error);
  if (sqlite3_step (statement) == SQLITE_ROW)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  kelvin_store_set_error (&error, db, "count");
  g_task_return_error (task, g_steal_pointer (&error));
}

static gboolean
run (KelvinReaders *readers, const char *sql, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GTask *task = g_task_new (NULL, cancellable, history_store_result_cb, &result);

  g_task_set_check_cancellable (task, FALSE); /* what is looked at is whether the statement ends */
  g_task_set_task_data (task, (gpointer) sql, NULL);
  kelvin_readers_run (readers, task, run_statement);
  if (cancellable != NULL)
    g_cancellable_cancel (cancellable);
  history_wait_for (&result);
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
test_a_reading_without_end_can_be_cancelled (HistoryFixture *f, gconstpointer data)
{
  KelvinReaders *readers = kelvin_readers_new (f->database);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (run (readers,
                       "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
                       " SELECT count(*) FROM c",
                       cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  /* The connection serves on. */
  g_assert_true (run (readers, "SELECT count(*) FROM runs", NULL, NULL));
  kelvin_readers_free (readers);
}

static void
test_cannot_write (HistoryFixture *f, gconstpointer data)
{
  KelvinReaders *readers = kelvin_readers_new (f->database);

  g_assert_false (run (readers, "DELETE FROM runs", NULL, NULL));
  kelvin_readers_free (readers);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add ("/history/readers/a-reading-without-end-can-be-cancelled", HistoryFixture, NULL,
              history_fixture_set_up, test_a_reading_without_end_can_be_cancelled,
              history_fixture_tear_down);
  g_test_add ("/history/readers/cannot-write", HistoryFixture, NULL, history_fixture_set_up,
              test_cannot_write, history_fixture_tear_down);

  return g_test_run ();
}
