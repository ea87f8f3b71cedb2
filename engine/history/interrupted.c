#include "engine/history/interrupted.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/engine-lock.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

static const char select_engines[] = "SELECT DISTINCT n.text FROM runs AS r"
                                     " JOIN names AS n ON n.id = r.engine WHERE r.status = 1";

/* ?1 engine, ?2 interrupted, ?3 ok, ?4 cold. A run ends where the last invocation that was stored
 * did. */
static const char mark_runs[] =
    "UPDATE runs SET status = ?2,"
    " (invocations, errors, cold_starts, ended_at) ="
    "   (SELECT count(*), count(*) FILTER (WHERE i.status <> ?3),"
    "           count(*) FILTER (WHERE i.start = ?4),"
    "           coalesce(max(i.started_at + coalesce(i.queue, 0) + coalesce(i.sandbox, 0)"
    "                        + coalesce(i.runtime, 0) + coalesce(i.init, 0)"
    "                        + coalesce(i.handler, 0) + coalesce(i.response, 0)),"
    "                    runs.started_at)"
    "    FROM invocations AS i"
    "    WHERE i.id BETWEEN runs.id << 32 AND (runs.id << 32) + 4294967295)"
    " WHERE runs.status = 1 AND runs.engine = (SELECT id FROM names WHERE text = ?1)";

/* (element-type utf8) of the engines that have running runs */
static GPtrArray *
list_engines (sqlite3 *db, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_engines, error);
  g_autoptr (GPtrArray) engines = g_ptr_array_new_with_free_func (g_free);
  int result;

  if (statement == NULL)
    return NULL;
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (engines, kelvin_rows_read_text (statement, 0));
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read the running runs");
      return NULL;
    }
  return g_steal_pointer (&engines);
}

static gboolean
mark_engine (sqlite3_stmt *statement, const char *engine_id, GError **error)
{
  sqlite3_bind_text (statement, 1, engine_id, -1, SQLITE_STATIC);
  sqlite3_bind_int (statement, 2, kelvin_code_of_status (KELVIN_STATUS_INTERRUPTED));
  sqlite3_bind_int (statement, 3, kelvin_code_of_status (KELVIN_STATUS_OK));
  sqlite3_bind_int (statement, 4, kelvin_code_of_start (KELVIN_START_COLD));
  return kelvin_connection_run (statement, "mark interrupted runs", error);
}

gboolean
kelvin_interrupted_mark (sqlite3 *db, const char *data_dir, GError **error)
{
  g_autoptr (sqlite3_stmt) mark = kelvin_connection_prepare (db, mark_runs, error);
  g_autoptr (GPtrArray) engines = NULL;

  if (mark == NULL)
    return FALSE;
  engines = list_engines (db, error);
  if (engines == NULL)
    return FALSE;

  /* Each is a transaction of its own: one that fails is found again at the next start. */
  for (guint i = 0; i < engines->len; i++)
    if (!kelvin_engine_lock_is_held (data_dir, engines->pdata[i]) &&
        !mark_engine (mark, engines->pdata[i], error))
      return FALSE;
  return TRUE;
}
