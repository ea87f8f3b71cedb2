#include "engine/history/store-private.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/page.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

/* 2 is the code of `ok`: the index has those alone. */
static const char select_recent[] =
    "SELECT " KELVIN_ROWS_INVOCATION ", (SELECT uuid FROM runs WHERE id = i.id >> 32)"
    " FROM invocations AS i"
    " WHERE i.status = 2 AND i.function = (SELECT id FROM names WHERE text = ?1)"
    " AND i.start IS ?2"
    " AND (?3 IS NULL OR i.version = (SELECT id FROM names WHERE text = ?3))"
    " ORDER BY i.started_at DESC LIMIT ?4";
#define RUN_COLUMN KELVIN_ROWS_N_INVOCATION

typedef struct {
  char *function_name;
  char *version;
  KelvinStart start;
  guint limit;
} RecentRequest;

static void
recent_request_free (RecentRequest *self)
{
  g_free (self->function_name);
  g_free (self->version);
  g_free (self);
}

static void
bind_request (sqlite3_stmt *statement, const RecentRequest *request)
{
  sqlite3_bind_text (statement, 1, request->function_name, -1, SQLITE_STATIC);
  kelvin_rows_bind_id (statement, 2, kelvin_code_of_start (request->start));
  sqlite3_bind_text (statement, 3, request->version, -1, SQLITE_STATIC);
  sqlite3_bind_int64 (statement, 4, request->limit);
}

static GPtrArray *
read_recent (sqlite3 *db, const RecentRequest *request, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_recent, error);
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  int result;

  if (statement == NULL)
    return NULL;
  bind_request (statement, request);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      g_autofree char *run_id = kelvin_rows_read_uuid (statement, RUN_COLUMN);
      KelvinInvocation *invocation = kelvin_rows_read_invocation (statement, run_id, error);

      if (invocation == NULL)
        return NULL;
      g_ptr_array_add (found, invocation);
    }
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read the newest invocations");
      return NULL;
    }
  return g_steal_pointer (&found);
}

static void
list_recent_in_thread (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *found = read_recent (db, g_task_get_task_data (task), &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_list_recent_async (KelvinStore *self, const char *function_name, const char *version,
                                KelvinStart start, guint limit, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  RecentRequest *request;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (function_name != NULL);

  request = g_new0 (RecentRequest, 1);
  request->function_name = g_strdup (function_name);
  request->version = g_strdup (version);
  request->start = start;
  request->limit = kelvin_page_clamp_limit (limit);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_list_recent_async);
  g_task_set_task_data (task, request, (GDestroyNotify) recent_request_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      list_recent_in_thread);
}

GPtrArray *
kelvin_store_list_recent_finish (KelvinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
