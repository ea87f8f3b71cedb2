#include "engine/history/run-row.h"

#include "engine/history/connection.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

static const char select_run[] = "SELECT r.id FROM runs AS r WHERE r.uuid = ?1";

gboolean
kelvin_run_row_find (sqlite3 *db, const char *run_id, gint64 *out_id, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_run, error);
  KelvinRequestId uuid;
  int result = SQLITE_DONE;

  if (statement == NULL)
    return FALSE;
  if (kelvin_request_id_parse (run_id, &uuid))
    {
      kelvin_rows_bind_uuid (statement, 1, &uuid);
      result = sqlite3_step (statement);
    }
  if (result == SQLITE_ROW)
    *out_id = sqlite3_column_int64 (statement, 0);
  else if (result == SQLITE_DONE)
    g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND,
                 "The history has no run %s", run_id);
  else
    kelvin_store_set_error (error, db, "read a run");
  return result == SQLITE_ROW;
}
