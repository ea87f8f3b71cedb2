#include "engine/history/recorder-private.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

static void
bind_bytes (sqlite3_stmt *statement, int column, GBytes *bytes)
{
  gsize size;
  const void *data = g_bytes_get_data (bytes, &size);

  /* A pointer that is NULL would bind NULL. */
  sqlite3_bind_blob64 (statement, column, size > 0 ? data : "", size, SQLITE_STATIC);
}

/* *last and *last_id: the payload of its kind that was written before it in this run. */
static gboolean
write_payload (KelvinRecorder *self, KelvinOpenRun *run, GBytes *payload, GBytes **last,
               gint64 *last_id, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_PAYLOAD];

  if (*last != NULL && g_bytes_equal (*last, payload))
    return TRUE;

  sqlite3_bind_int64 (s, 1, run->last_payload + 1);
  bind_bytes (s, 2, payload);
  if (!kelvin_connection_run (s, "write a payload", error))
    return FALSE;

  *last_id = ++run->last_payload;
  g_clear_pointer (last, g_bytes_unref);
  *last = g_bytes_ref (payload);
  return TRUE;
}

static gboolean
write_payloads (KelvinRecorder *self, KelvinOpenRun *run, const KelvinInvocation *invocation,
                GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_INVOCATION];

  kelvin_rows_bind_id (s, 28, 0);
  kelvin_rows_bind_id (s, 29, 0);
  if (self->payloads == KELVIN_STORE_NO_PAYLOADS)
    return TRUE;
  if (invocation->event != NULL)
    {
      if (!write_payload (self, run, invocation->event, &run->event, &run->event_id, error))
        return FALSE;
      sqlite3_bind_int64 (s, 28, run->event_id);
    }
  if (invocation->payload != NULL)
    {
      if (!write_payload (self, run, invocation->payload, &run->result, &run->result_id, error))
        return FALSE;
      sqlite3_bind_int64 (s, 29, run->result_id);
    }
  return TRUE;
}

static gboolean
write_log (KelvinRecorder *self, gint64 id, const char *log, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_LOG];

  if (log == NULL || log[0] == '\0')
    return TRUE;
  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_text (s, 2, log, -1, SQLITE_STATIC);
  return kelvin_connection_run (s, "write a log", error);
}

static gboolean
write_attempt (KelvinRecorder *self, gint64 id, const KelvinAttempt *attempt, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_ATTEMPT];

  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_int64 (s, 2, attempt->number);
  kelvin_rows_bind_id (s, 3, kelvin_code_of_start (attempt->start));
  sqlite3_bind_int (s, 4, kelvin_code_of_status (attempt->status));
  sqlite3_bind_int64 (s, 5, attempt->started_at_us);
  kelvin_rows_bind_phases (s, 6, &attempt->phases);
  return kelvin_connection_run (s, "write an attempt", error);
}

static gboolean
write_attempts (KelvinRecorder *self, gint64 id, const GArray *attempts, GError **error)
{
  for (guint i = 0; attempts != NULL && i < attempts->len; i++)
    if (!write_attempt (self, id, &g_array_index (attempts, KelvinAttempt, i), error))
      return FALSE;
  return TRUE;
}

/* A run of several functions is found by each of them. */
static gboolean
write_function (KelvinRecorder *self, KelvinOpenRun *run, const char *name, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_FUNCTION];
  gint64 function;

  if (!kelvin_names_get_id (self->names, name, &function, error))
    return FALSE;
  if (function == 0 || function == run->function || function == run->served)
    return TRUE;

  sqlite3_bind_int64 (s, 1, function);
  sqlite3_bind_int64 (s, 2, run->id);
  if (!kelvin_connection_run (s, "write a run's function", error))
    return FALSE;
  run->served = function;
  return TRUE;
}

static gboolean
bind_invocation_names (KelvinRecorder *self, sqlite3_stmt *s, const KelvinInvocation *invocation,
                       GError **error)
{
  return kelvin_recorder_bind_name (self, s, 3, invocation->function_name, error) &&
         kelvin_recorder_bind_name (self, s, 4, invocation->version, error) &&
         kelvin_recorder_bind_name (self, s, 5, invocation->environment, error) &&
         kelvin_recorder_bind_name (self, s, 9, invocation->function_error, error) &&
         kelvin_recorder_bind_name (self, s, 10, invocation->error_type, error) &&
         kelvin_recorder_bind_name (self, s, 27, invocation->note, error);
}

static void
bind_invocation_figures (sqlite3_stmt *s, gint64 id, const KelvinInvocation *invocation)
{
  sqlite3_bind_int64 (s, 1, id);
  kelvin_rows_bind_uuid (s, 2, &invocation->request_id);
  sqlite3_bind_int (s, 6, kelvin_code_of_status (invocation->status));
  kelvin_rows_bind_id (s, 7, kelvin_code_of_start (invocation->start));
  sqlite3_bind_int (s, 8, invocation->status_code);
  sqlite3_bind_int64 (s, 11, invocation->started_at_us);
  kelvin_rows_bind_phases (s, 12, &invocation->phases);
  kelvin_rows_bind_optional (s, 18, invocation->init_duration_us);
  kelvin_rows_bind_optional (s, 19, invocation->duration_us);
  kelvin_rows_bind_optional (s, 20, invocation->billed_duration_ms);
  kelvin_rows_bind_optional (s, 21, invocation->cpu_us);
  sqlite3_bind_int64 (s, 22, invocation->memory_size_mb);
  kelvin_rows_bind_optional (s, 23, invocation->memory_peak_bytes);
  kelvin_rows_bind_optional (s, 24, invocation->cgroup_peak_bytes);
  kelvin_rows_bind_optional (s, 25, invocation->cost_pico_usd);
  kelvin_rows_bind_id (s, 26, invocation->log_omitted_bytes);
  kelvin_rows_bind_optional (s, 30, invocation->environment_memory_peak_bytes);
  kelvin_rows_bind_optional (s, 31, invocation->init_memory_peak_bytes);
  kelvin_rows_bind_optional (s, 32, invocation->temporary_peak_bytes);
  kelvin_rows_bind_id (s, 33, invocation->temporary_size_mb);
  kelvin_rows_bind_optional (s, 34, invocation->throttled_us);
  kelvin_rows_bind_id (s, 35, invocation->was_parked);
}

gboolean
kelvin_recorder_write_invocation (KelvinRecorder *self, const KelvinInvocation *invocation,
                                  GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_INVOCATION];
  KelvinOpenRun *run = kelvin_open_runs_get (self->runs, invocation->run_id, error);
  gint64 id;

  if (run == NULL)
    return FALSE;
  if (invocation->number == 0 || invocation->number > KELVIN_ROWS_LARGEST_NUMBER)
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
                   "%" G_GUINT64_FORMAT " can't be an invocation's number: they go from 1 to "
                   "%" G_GUINT64_FORMAT,
                   invocation->number, KELVIN_ROWS_LARGEST_NUMBER);
      return FALSE;
    }

  id = kelvin_rows_make_id (run->id, invocation->number);
  bind_invocation_figures (s, id, invocation);
  return bind_invocation_names (self, s, invocation, error) &&
         write_payloads (self, run, invocation, error) &&
         kelvin_connection_run (s, "write an invocation", error) &&
         write_function (self, run, invocation->function_name, error) &&
         write_log (self, id, invocation->log, error) &&
         write_attempts (self, id, invocation->attempts, error) &&
         kelvin_recorder_write_doors (self, id, invocation, error);
}
