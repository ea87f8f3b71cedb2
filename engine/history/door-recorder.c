#include "engine/history/recorder-private.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/rows.h"

static void
bind_figures (sqlite3_stmt *s, gint64 id, const KelvinDoorRecord *record)
{
  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_int64 (s, 2, (gint64) record->number);
  sqlite3_bind_int (s, 5, record->port);
  sqlite3_bind_int64 (s, 7, record->opened_us);
  kelvin_rows_bind_optional (s, 8, record->connect_us);
  kelvin_rows_bind_optional (s, 9, record->first_byte_us);
  kelvin_rows_bind_optional (s, 10, record->duration_us);
  sqlite3_bind_int64 (s, 11, record->bytes_up);
  sqlite3_bind_int64 (s, 12, record->bytes_down);
  sqlite3_bind_int (s, 13, kelvin_code_of_door_end (record->end));
  sqlite3_bind_text (s, 15, record->holders, -1, SQLITE_STATIC);
}

static gboolean
write_connection (KelvinRecorder *self, gint64 id, const KelvinDoorRecord *record, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_CONNECTION];

  bind_figures (s, id, record);
  return kelvin_recorder_bind_name (self, s, 3, record->door, error) &&
         kelvin_recorder_bind_name (self, s, 4, record->host, error) &&
         kelvin_recorder_bind_name (self, s, 6, record->to, error) &&
         kelvin_recorder_bind_name (self, s, 14, record->error, error) &&
         kelvin_connection_run (s, "write a connection", error);
}

static gboolean
write_refused (KelvinRecorder *self, gint64 id, const KelvinRefusedDestination *refused,
               GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_REFUSED];

  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_int64 (s, 3, refused->times);
  return kelvin_recorder_bind_name (self, s, 2, refused->host, error) &&
         kelvin_connection_run (s, "write a refused destination", error);
}

static gboolean
write_omitted (KelvinRecorder *self, gint64 id, const KelvinInvocation *invocation, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_OMITTED];

  if (invocation->connections_omitted == 0 && invocation->refused_omitted == 0)
    return TRUE;
  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_int64 (s, 2, invocation->connections_omitted);
  sqlite3_bind_int64 (s, 3, invocation->refused_omitted);
  return kelvin_connection_run (s, "write how many connections were left out", error);
}

gboolean
kelvin_recorder_write_doors (KelvinRecorder *self, gint64 id, const KelvinInvocation *invocation,
                             GError **error)
{
  const GPtrArray *connections = invocation->connections;
  const GPtrArray *refused = invocation->refused;

  for (guint i = 0; connections != NULL && i < connections->len; i++)
    if (!write_connection (self, id, connections->pdata[i], error))
      return FALSE;
  for (guint i = 0; refused != NULL && i < refused->len; i++)
    if (!write_refused (self, id, refused->pdata[i], error))
      return FALSE;
  return write_omitted (self, id, invocation, error);
}
