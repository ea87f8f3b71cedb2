#include "engine/history/store-private.h"

#include <string.h>

#include "engine/history/connection.h"
#include "engine/history/page.h"
#include "engine/history/rows.h"
#include "engine/history/run-condition.h"
#include "engine/history/store-error.h"

/* The filter's conditions come first, so that its numbers are the same in each statement. */
static const char select_page[] =
    "SELECT " KELVIN_ROWS_RUN " FROM runs AS r"
    " WHERE " KELVIN_RUN_CONDITION " ORDER BY r.started_at DESC, r.id DESC LIMIT ?8";

/* ?1 and ?2: the ids that begin with what was asked for; a second row shows that it names several.
 */
static const char select_one[] = "SELECT " KELVIN_ROWS_RUN ", d.json FROM runs AS r"
                                 " LEFT JOIN run_details AS d ON d.run = r.id"
                                 " WHERE r.uuid BETWEEN ?1 AND ?2 LIMIT 2";
#define DETAILS_COLUMN KELVIN_ROWS_N_RUN

#define SHORTEST_PREFIX 8

static char *
make_cursor (sqlite3_stmt *row)
{
  return kelvin_page_format_cursor (sqlite3_column_int64 (row, 12), sqlite3_column_int64 (row, 0));
}

static KelvinPage *
read_page (sqlite3 *db, const KelvinRunCondition *condition, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_page, error);
  g_autoptr (KelvinPage) page = kelvin_page_new ((GDestroyNotify) kelvin_run_unref);
  g_autofree char *last = NULL;
  int result;

  if (statement == NULL)
    return NULL;
  kelvin_run_condition_bind (condition, statement);
  sqlite3_bind_int64 (statement, 8, condition->limit + 1);

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KelvinRun *run;

      if (page->items->len == condition->limit)
        {
          page->next = g_steal_pointer (&last);
          return g_steal_pointer (&page);
        }
      run = kelvin_rows_read_run (statement, error);
      if (run == NULL)
        return NULL;
      g_ptr_array_add (page->items, run);
      g_free (last);
      last = make_cursor (statement);
    }
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read the list of runs");
      return NULL;
    }
  return g_steal_pointer (&page);
}

static void
list_runs_in_thread (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  KelvinPage *page = read_page (db, g_task_get_task_data (task), &error);

  if (page != NULL)
    g_task_return_pointer (task, page, (GDestroyNotify) kelvin_page_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_list_runs_async (KelvinStore *self, const KelvinRunFilter *filter,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;
  KelvinRunCondition *condition;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (filter != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_list_runs_async);
  condition = kelvin_run_condition_new (filter, &error);
  if (condition == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, condition, (GDestroyNotify) kelvin_run_condition_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      list_runs_in_thread);
}

GPtrArray *
kelvin_store_list_runs_finish (KelvinStore *self, GAsyncResult *result, char **out_next,
                               GError **error)
{
  KelvinPage *page;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  page = g_task_propagate_pointer (G_TASK (result), error);
  return page != NULL ? kelvin_page_finish (page, out_next) : NULL;
}

/* The first and the last UUID whose text begins with @prefix. */
static gboolean
parse_prefix (const char *prefix, KelvinRequestId *out_first, KelvinRequestId *out_last)
{
  g_autofree char *first = g_strdup ("00000000-0000-0000-0000-000000000000");
  g_autofree char *last = g_strdup ("ffffffff-ffff-ffff-ffff-ffffffffffff");
  gsize length = strlen (prefix);

  if (length < SHORTEST_PREFIX || length > KELVIN_REQUEST_ID_LENGTH)
    return FALSE;
  memcpy (first, prefix, length);
  memcpy (last, prefix, length);
  return kelvin_request_id_parse (first, out_first) && kelvin_request_id_parse (last, out_last);
}

static KelvinRun *
read_run (sqlite3 *db, const char *id, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_autoptr (KelvinRun) run = NULL;
  KelvinRequestId first, last;
  int result = SQLITE_DONE;

  if (parse_prefix (id, &first, &last))
    {
      statement = kelvin_connection_prepare (db, select_one, error);
      if (statement == NULL)
        return NULL;
      kelvin_rows_bind_uuid (statement, 1, &first);
      kelvin_rows_bind_uuid (statement, 2, &last);
      result = sqlite3_step (statement);
    }

  if (result == SQLITE_DONE)
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND,
                   "The history has no run %s: give the id of one, or its first %d characters or "
                   "more",
                   id, SHORTEST_PREFIX);
      return NULL;
    }
  if (result == SQLITE_ROW)
    {
      run = kelvin_rows_read_run (statement, error);
      if (run == NULL)
        return NULL;
      run->details_json = kelvin_rows_read_text (statement, DETAILS_COLUMN);
      result = sqlite3_step (statement);
    }
  if (result == SQLITE_ROW)
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND,
                   "More than one run begins with %s: give more characters of the id", id);
      return NULL;
    }
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read a run");
      return NULL;
    }
  return g_steal_pointer (&run);
}

static void
get_run_in_thread (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  KelvinRun *run = read_run (db, g_task_get_task_data (task), &error);

  if (run != NULL)
    g_task_return_pointer (task, run, (GDestroyNotify) kelvin_run_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_get_run_async (KelvinStore *self, const char *id, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_get_run_async);
  g_task_set_task_data (task, g_strdup (id), g_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task), get_run_in_thread);
}

KelvinRun *
kelvin_store_get_run_finish (KelvinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
