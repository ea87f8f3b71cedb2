#include "engine/history/connection.h"

#include "engine/history/store-error.h"

/* Another program's batch is over in milliseconds; a disk that sleeps takes seconds to wake. */
#define LONGEST_WAIT_MS 15000

/* Bytes that the WAL keeps after a burst was carried over into the database. */
#define LARGEST_IDLE_WAL "16777216"

/* SQLite's own waiting grows to steps of 100 ms, and starves beside a program that writes batch
 * after batch. */
static int
wait_for_other_writer (gpointer data, int n_waits)
{
  g_usleep (1000);
  return n_waits < LONGEST_WAIT_MS;
}

static gboolean
set_up (sqlite3 *db, KelvinConnectionUse use, GError **error)
{
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_handler (db, wait_for_other_writer, NULL);
  /* A damaged page is reported, not followed. */
  if (!kelvin_connection_execute (db, "PRAGMA cell_size_check = ON", error))
    return FALSE;

  if (use == KELVIN_CONNECTION_READ)
    return kelvin_connection_execute (db, "PRAGMA query_only = ON", error);
  return kelvin_connection_execute (db,
                                    "PRAGMA synchronous = NORMAL;"
                                    "PRAGMA journal_size_limit = " LARGEST_IDLE_WAL,
                                    error);
}

sqlite3 *
kelvin_connection_open (const char *path, KelvinConnectionUse use, GError **error)
{
  g_autoptr (sqlite3) db = NULL;
  /* A reader of a WAL database writes to its shared index, so it opens the file for writing too. */
  int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;

  if (sqlite3_open_v2 (path, &db, flags, NULL) != SQLITE_OK)
    {
      kelvin_store_set_error (error, db, "open it");
      return NULL;
    }
  if (!set_up (db, use, error))
    return NULL;
  return g_steal_pointer (&db);
}

gboolean
kelvin_connection_execute (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK)
    return TRUE;

  kelvin_store_set_error (error, db, "set it up");
  return FALSE;
}

sqlite3_stmt *
kelvin_connection_prepare (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *statement = NULL;
  int result = sqlite3_prepare_v3 (db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);

  /* The text is Kelvin's own, so a table or a column that it names is missing. */
  if (result == SQLITE_ERROR)
    {
      g_autofree char *what = g_strdup_printf ("is damaged (%s)", sqlite3_errmsg (db));

      kelvin_store_set_damaged (error, sqlite3_db_filename (db, "main"), what);
    }
  else if (result != SQLITE_OK)
    kelvin_store_set_error (error, db, "read its tables");
  return statement;
}

gboolean
kelvin_connection_read_int64 (sqlite3 *db, const char *sql, gint64 *out_value, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, sql, error);
  int result;

  if (statement == NULL)
    return FALSE;

  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *out_value = sqlite3_column_int64 (statement, 0);
  else if (result != SQLITE_DONE)
    kelvin_store_set_error (error, db, "read it");
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

gboolean
kelvin_connection_run (sqlite3_stmt *statement, const char *doing, GError **error)
{
  gboolean done = sqlite3_step (statement) == SQLITE_DONE;

  if (!done)
    kelvin_store_set_error (error, sqlite3_db_handle (statement), doing);
  sqlite3_reset (statement);
  sqlite3_clear_bindings (statement);
  return done;
}
