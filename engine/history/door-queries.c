#include "engine/history/door-queries.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

static const char select_connections[] =
    "SELECT c.invocation, c.number,"
    " (SELECT text FROM names WHERE id = c.door),"
    " (SELECT text FROM names WHERE id = c.host), c.port,"
    " (SELECT text FROM names WHERE id = c.destination),"
    " c.opened, ifnull (c.connect, -1), ifnull (c.first_byte, -1), ifnull (c.duration, -1),"
    " c.bytes_up, c.bytes_down, c.ended,"
    " (SELECT text FROM names WHERE id = c.error), c.holders"
    " FROM connections AS c WHERE c.invocation BETWEEN ?1 AND ?2"
    " ORDER BY c.invocation, c.number";
static const char select_refused[] =
    "SELECT d.invocation, (SELECT text FROM names WHERE id = d.host) AS name, d.times"
    " FROM refused_destinations AS d WHERE d.invocation BETWEEN ?1 AND ?2"
    " ORDER BY d.invocation, name";
static const char select_omitted[] =
    "SELECT o.invocation, o.connections, o.refused FROM connections_omitted AS o"
    " WHERE o.invocation BETWEEN ?1 AND ?2 ORDER BY o.invocation";

/* Adds what a row holds; FALSE for one that can't be Kelvin's. */
typedef gboolean (*AddRow) (KelvinInvocation *invocation, sqlite3_stmt *row);

static gboolean
add_connection (KelvinInvocation *invocation, sqlite3_stmt *row)
{
  KelvinDoorRecord *record = kelvin_door_record_new ();

  if (invocation->connections == NULL)
    invocation->connections =
        g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_door_record_free);
  g_ptr_array_add (invocation->connections, record);
  record->number = (guint64) sqlite3_column_int64 (row, 1);
  record->door = kelvin_rows_read_text (row, 2);
  record->host = kelvin_rows_read_text (row, 3);
  record->port = (guint16) sqlite3_column_int (row, 4);
  record->to = kelvin_rows_read_text (row, 5);
  record->opened_us = sqlite3_column_int64 (row, 6);
  record->connect_us = sqlite3_column_int64 (row, 7);
  record->first_byte_us = sqlite3_column_int64 (row, 8);
  record->duration_us = sqlite3_column_int64 (row, 9);
  record->bytes_up = sqlite3_column_int64 (row, 10);
  record->bytes_down = sqlite3_column_int64 (row, 11);
  record->error = kelvin_rows_read_text (row, 13);
  record->holders = kelvin_rows_read_text (row, 14);
  return kelvin_code_to_door_end (sqlite3_column_int (row, 12), &record->end);
}

static gboolean
add_refused (KelvinInvocation *invocation, sqlite3_stmt *row)
{
  g_autofree char *host = kelvin_rows_read_text (row, 1);

  if (invocation->refused == NULL)
    invocation->refused =
        g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_refused_destination_free);
  g_ptr_array_add (invocation->refused,
                   kelvin_refused_destination_new (host, (guint) sqlite3_column_int (row, 2)));
  return host != NULL;
}

static gboolean
add_omitted (KelvinInvocation *invocation, sqlite3_stmt *row)
{
  invocation->connections_omitted = (guint) sqlite3_column_int (row, 1);
  invocation->refused_omitted = (guint) sqlite3_column_int (row, 2);
  return TRUE;
}

/* Rows and invocations are both in order, so *index only moves on. */
static KelvinInvocation *
find (GPtrArray *invocations, guint *index, guint64 number)
{
  for (; *index < invocations->len; (*index)++)
    {
      KelvinInvocation *invocation = g_ptr_array_index (invocations, *index);

      if (invocation->number >= number)
        return invocation->number == number ? invocation : NULL;
    }
  return NULL;
}

static gboolean
read_rows (sqlite3 *db, const char *query, GPtrArray *invocations, gint64 run, AddRow add,
           GError **error)
{
  g_autoptr (sqlite3_stmt) row = kelvin_connection_prepare (db, query, error);
  const KelvinInvocation *first = g_ptr_array_index (invocations, 0);
  const KelvinInvocation *last = g_ptr_array_index (invocations, invocations->len - 1);
  guint index = 0;
  int result = SQLITE_DONE;

  if (row == NULL)
    return FALSE;
  sqlite3_bind_int64 (row, 1, kelvin_rows_make_id (run, first->number));
  sqlite3_bind_int64 (row, 2, kelvin_rows_make_id (run, last->number));
  while ((result = sqlite3_step (row)) == SQLITE_ROW)
    {
      guint64 number = kelvin_rows_get_number (sqlite3_column_int64 (row, 0));
      KelvinInvocation *invocation = find (invocations, &index, number);

      if (invocation == NULL || add (invocation, row))
        continue;
      kelvin_store_set_damaged (error, sqlite3_db_filename (db, "main"),
                                "is damaged: a connection's row holds what can't be there");
      return FALSE;
    }
  if (result != SQLITE_DONE)
    kelvin_store_set_error (error, db, "read the connections");
  return result == SQLITE_DONE;
}

gboolean
kelvin_door_queries_read (sqlite3 *db, GPtrArray *invocations, gint64 run, GError **error)
{
  if (invocations->len == 0)
    return TRUE;
  return read_rows (db, select_connections, invocations, run, add_connection, error) &&
         read_rows (db, select_refused, invocations, run, add_refused, error) &&
         read_rows (db, select_omitted, invocations, run, add_omitted, error);
}
