#include "engine/history/store-private.h"

#include "engine/history/connection.h"
#include "engine/history/page.h"
#include "engine/history/rows.h"
#include "engine/history/run-condition.h"
#include "engine/history/store-error.h"

/* Runs in their order, of each its invocations from the last: nothing is sorted. The status is that
 * of the invocation, so ?6, that of the run, is bound to "all". */
static const char select_newest[] =
    "SELECT " KELVIN_ROWS_INVOCATION ", r.uuid FROM runs AS r CROSS JOIN invocations AS i"
    " ON i.id > (r.id << 32) AND i.id < ((r.id + 1) << 32)"
    " WHERE " KELVIN_RUN_CONDITION " AND (?8 = 0 OR i.status = ?8)"
    " AND (?7 IS NULL OR i.function = (SELECT id FROM names WHERE text = ?7))"
    " ORDER BY r.started_at DESC, r.id DESC, i.id DESC LIMIT ?9";
#define RUN_COLUMN KELVIN_ROWS_N_INVOCATION

static void
bind_condition (const KelvinRunCondition *condition, sqlite3_stmt *statement)
{
  kelvin_run_condition_bind (condition, statement);
  sqlite3_bind_int (statement, 6, 0);
  sqlite3_bind_int (statement, 8, condition->status);
  sqlite3_bind_int64 (statement, 9, condition->limit);
}

static GPtrArray *
read_newest (sqlite3 *db, const KelvinRunCondition *condition, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_newest, error);
  g_autoptr (GPtrArray) found =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  int result;

  if (statement == NULL)
    return NULL;
  bind_condition (condition, statement);
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
      kelvin_store_set_error (error, db, "read the newest invocations of all runs");
      return NULL;
    }
  return g_steal_pointer (&found);
}

static void
list_newest_in_thread (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *found = read_newest (db, g_task_get_task_data (task), &error);

  if (found != NULL)
    g_task_return_pointer (task, found, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_list_newest_async (KelvinStore *self, const KelvinRunFilter *filter,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (filter != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_list_newest_async);
  KelvinRunCondition *condition = kelvin_run_condition_new (filter, &error);
  if (condition == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, condition, (GDestroyNotify) kelvin_run_condition_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      list_newest_in_thread);
}

GPtrArray *
kelvin_store_list_newest_finish (KelvinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
