#include "tests/unit/history/history-fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

#include "engine/history/connection.h"

void
history_remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        history_remove_folder (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

void
history_fixture_set_up_folder (HistoryFixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->data_dir = g_dir_make_tmp ("kelvin-history-XXXXXX", &error);
  g_assert_no_error (error);
  self->database = g_build_filename (self->data_dir, "history.db", NULL);
}

void
history_fixture_set_up (HistoryFixture *self, gconstpointer data)
{
  history_fixture_set_up_folder (self, data);
  history_fixture_open (self);
}

void
history_fixture_tear_down (HistoryFixture *self, gconstpointer data)
{
  if (self->store != NULL)
    history_fixture_close (self);
  history_remove_folder (self->data_dir);
  g_free (self->data_dir);
  g_free (self->database);
}

void
history_fixture_open (HistoryFixture *self)
{
  g_autoptr (GError) error = NULL;

  self->store = kelvin_store_open (self->data_dir, KELVIN_STORE_KEEP_PAYLOADS, &error);
  g_assert_no_error (error);
  g_assert_true (KELVIN_IS_STORE (self->store));
}

void
history_fixture_close (HistoryFixture *self)
{
  kelvin_store_close (self->store);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (g_steal_pointer (&self->store));
}

void
history_fixture_open_fails (HistoryFixture *self, KelvinStoreError code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (kelvin_store_open (self->data_dir, KELVIN_STORE_KEEP_PAYLOADS, &error));
  g_assert_error (error, KELVIN_STORE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, self->data_dir));
  g_assert_false (g_str_has_suffix (error->message, "."));
}

static sqlite3 *
open_database (HistoryFixture *self)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (self->database, &db), ==, SQLITE_OK);
  return db;
}

void
history_fixture_execute (HistoryFixture *self, const char *sql)
{
  g_autoptr (sqlite3) db = open_database (self);

  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s: %s", sql, sqlite3_errmsg (db));
}

gint64
history_fixture_ask (HistoryFixture *self, const char *sql)
{
  g_autoptr (sqlite3) db = open_database (self);
  g_autoptr (GError) error = NULL;
  gint64 value = G_MININT64;

  kelvin_connection_read_int64 (db, sql, &value, &error);
  g_assert_no_error (error);
  return value;
}

char *
history_fixture_ask_text (HistoryFixture *self, const char *sql)
{
  g_autoptr (sqlite3) db = open_database (self);
  g_autoptr (sqlite3_stmt) statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  return g_strdup ((const char *) sqlite3_column_text (statement, 0));
}

KelvinRun *
history_make_run (KelvinRunKind kind, gint64 started_at_us)
{
  KelvinRun *run = kelvin_run_new ();
  KelvinRequestId id = kelvin_request_id_new ();

  run->id = kelvin_request_id_to_string (&id);
  run->kind = kind;
  run->status = KELVIN_STATUS_RUNNING;
  run->function_name = g_strdup ("hello");
  run->version = g_strdup ("a3f5");
  run->isolation = g_strdup ("namespaces");
  run->started_at_us = started_at_us;
  return run;
}

/* One that is open, and one that was refused. */
static void
add_connections (KelvinInvocation *invocation)
{
  invocation->connections =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_door_record_free);
  for (guint i = 0; i < 2; i++)
    {
      KelvinDoorRecord *record = kelvin_door_record_new ();

      record->number = i + 1;
      record->door = g_strdup ("db");
      record->host = g_strdup ("db.internal");
      record->port = 5432;
      record->to = g_strdup ("127.0.0.1:5433");
      record->opened_us = i == 0 ? -1500 : 300;
      record->connect_us = i == 0 ? 40 : -1;
      record->first_byte_us = i == 0 ? 90 : -1;
      record->duration_us = i == 0 ? -1 : 12;
      record->bytes_up = 70 * (1 - i);
      record->bytes_down = 700 * (1 - i);
      record->end = i == 0 ? KELVIN_DOOR_END_OPEN : KELVIN_DOOR_END_CAPPED;
      record->error = i == 0 ? NULL : g_strdup ("why");
      record->holders = i == 0 ? NULL : g_strdup ("env 1 (2)");
      g_ptr_array_add (invocation->connections, record);
    }
  invocation->connections_omitted = 3;
  invocation->refused =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_refused_destination_free);
  g_ptr_array_add (invocation->refused, kelvin_refused_destination_new ("api.example.com", 2));
  invocation->refused_omitted = 4;
}

KelvinInvocation *
history_make_invocation (const KelvinRun *run, guint64 number)
{
  KelvinInvocation *invocation = kelvin_invocation_new ();

  invocation->run_id = g_strdup (run->id);
  invocation->number = number;
  invocation->request_id = kelvin_request_id_new ();
  invocation->function_name = g_strdup (run->function_name);
  invocation->version = g_strdup (run->version);
  invocation->environment = g_strdup ("1");
  invocation->status = KELVIN_STATUS_OK;
  invocation->start = number == 1 ? KELVIN_START_COLD : KELVIN_START_WARM;
  invocation->status_code = 200;
  invocation->started_at_us = run->started_at_us + (gint64) number * 1000;
  invocation->phases = (KelvinPhases){ { 10, 2200, 15400, 1300, 200, 100 } };
  invocation->init_duration_us = 16700;
  invocation->duration_us = 200;
  invocation->billed_duration_ms = 17;
  invocation->cpu_us = 14100;
  invocation->memory_size_mb = 128;
  invocation->memory_peak_bytes = 13002342;
  invocation->cgroup_peak_bytes = 14002342;
  invocation->environment_memory_peak_bytes = 15002342;
  invocation->init_memory_peak_bytes = 12002342;
  invocation->temporary_peak_bytes = 4096;
  invocation->temporary_size_mb = 512;
  invocation->throttled_us = 7000;
  invocation->cost_pico_usd = 235400;
  invocation->event = g_bytes_new_static ("{\"a\": 1}", 8);
  invocation->payload = g_bytes_new_static ("null", 4);
  invocation->log = g_strdup ("START\nEND\n");
  add_connections (invocation);
  return invocation;
}

void
history_store_result_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out_result = user_data;

  *out_result = g_object_ref (result);
}

void
history_wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

gboolean
history_flush (KelvinStore *store, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_flush_async (store, history_store_result_cb, &result);
  history_wait_for (&result);
  return kelvin_store_flush_finish (store, result, error);
}

GPtrArray *
history_list_runs (KelvinStore *store, const KelvinRunFilter *filter, char **out_next,
                   GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_list_runs_async (store, filter, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  return kelvin_store_list_runs_finish (store, result, out_next, error);
}

KelvinRun *
history_get_run (KelvinStore *store, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_get_run_async (store, id, NULL, history_store_result_cb, &result);
  history_wait_for (&result);
  return kelvin_store_get_run_finish (store, result, error);
}

GPtrArray *
history_list_invocations (KelvinStore *store, const char *run_id, guint limit, const char *after,
                          char **out_next, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_list_invocations_async (store, run_id, limit, after, NULL, history_store_result_cb,
                                       &result);
  history_wait_for (&result);
  return kelvin_store_list_invocations_finish (store, result, out_next, error);
}
