#include "engine/history/recorder.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/names.h"
#include "engine/history/open-runs.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

typedef enum {
  PUT_RUN,
  PUT_DETAILS,
  PUT_INVOCATION,
  PUT_ATTEMPT,
  PUT_PAYLOAD,
  PUT_LOG,
  PUT_TRANSITION,
  N_STATEMENTS,
} Statement;

static const char *const statement_texts[N_STATEMENTS] = {
  [PUT_RUN] = "INSERT INTO runs (uuid, engine, kind, status, function, version, git_commit,"
              " git_branch, git_clean, note, isolation, started_at, ended_at, invocations, errors,"
              " cold_starts, p50, p99, cold_p50, warm_p50, cost)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
              " ?17, ?18, ?19, ?20, ?21)"
              " ON CONFLICT (uuid) DO UPDATE SET engine = excluded.engine, kind = excluded.kind,"
              " status = excluded.status, function = excluded.function,"
              " version = excluded.version, git_commit = excluded.git_commit,"
              " git_branch = excluded.git_branch, git_clean = excluded.git_clean,"
              " note = excluded.note, isolation = excluded.isolation,"
              " started_at = excluded.started_at, ended_at = excluded.ended_at,"
              " invocations = excluded.invocations, errors = excluded.errors,"
              " cold_starts = excluded.cold_starts, p50 = excluded.p50, p99 = excluded.p99,"
              " cold_p50 = excluded.cold_p50, warm_p50 = excluded.warm_p50,"
              " cost = excluded.cost",
  [PUT_DETAILS] = "INSERT OR REPLACE INTO run_details (run, json) VALUES (?1, ?2)",
  [PUT_INVOCATION] = "INSERT OR REPLACE INTO invocations (id, request, function, version,"
                     " environment, status, start, status_code, function_error, error_type,"
                     " started_at, queue, sandbox, runtime, init, handler, response,"
                     " init_duration, duration, billed_ms, cpu, memory_mb, memory_peak,"
                     " cgroup_peak, cost, log_omitted, note, event, payload)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
                     " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
  [PUT_ATTEMPT] = "INSERT OR REPLACE INTO attempts (invocation, number, start, status, started_at,"
                  " queue, sandbox, runtime, init, handler, response)"
                  " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
  [PUT_PAYLOAD] = "INSERT INTO payloads (id, bytes) VALUES (?1, ?2)",
  [PUT_LOG] = "INSERT OR REPLACE INTO logs (invocation, text) VALUES (?1, ?2)",
  [PUT_TRANSITION] = "INSERT OR REPLACE INTO transitions (run, at_ns, environment, from_state,"
                     " to_state, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
};

struct _KelvinRecorder {
  sqlite3 *db;
  char *engine_id;
  KelvinStorePayloads payloads;
  KelvinNames *names;
  KelvinOpenRuns *runs;
  sqlite3_stmt *statements[N_STATEMENTS];
};

KelvinRecorder *
kelvin_recorder_new (sqlite3 *db, const char *engine_id, KelvinStorePayloads payloads,
                     GError **error)
{
  g_autoptr (KelvinRecorder) self = g_new0 (KelvinRecorder, 1);

  self->db = db;
  self->engine_id = g_strdup (engine_id);
  self->payloads = payloads;
  self->names = kelvin_names_new (db, error);
  if (self->names == NULL)
    return NULL;
  self->runs = kelvin_open_runs_new (db, error);
  if (self->runs == NULL)
    return NULL;

  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      self->statements[i] = kelvin_connection_prepare (db, statement_texts[i], error);
      if (self->statements[i] == NULL)
        return NULL;
    }
  return g_steal_pointer (&self);
}

void
kelvin_recorder_free (KelvinRecorder *self)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    g_clear_pointer (&self->statements[i], sqlite3_finalize);
  g_clear_pointer (&self->names, kelvin_names_free);
  g_clear_pointer (&self->runs, kelvin_open_runs_free);
  g_free (self->engine_id);
  g_free (self);
}

void
kelvin_recorder_forget (KelvinRecorder *self)
{
  kelvin_names_forget (self->names);
  kelvin_open_runs_forget (self->runs);
}

static gboolean
bind_name (KelvinRecorder *self, sqlite3_stmt *statement, int column, const char *text,
           GError **error)
{
  gint64 id;

  if (!kelvin_names_get_id (self->names, text, &id, error))
    return FALSE;
  kelvin_rows_bind_id (statement, column, id);
  return TRUE;
}

static gboolean
bind_run_names (KelvinRecorder *self, sqlite3_stmt *s, const KelvinRun *run, GError **error)
{
  const char *engine_id = run->engine_id != NULL ? run->engine_id : self->engine_id;

  return bind_name (self, s, 2, engine_id, error) &&
         bind_name (self, s, 5, run->function_name, error) &&
         bind_name (self, s, 6, run->version, error) &&
         bind_name (self, s, 7, run->git_commit, error) &&
         bind_name (self, s, 8, run->git_branch, error) &&
         bind_name (self, s, 10, run->note, error) &&
         bind_name (self, s, 11, run->isolation, error);
}

static void
bind_run_figures (sqlite3_stmt *s, const KelvinRun *run)
{
  sqlite3_bind_int (s, 3, kelvin_code_of_run_kind (run->kind));
  sqlite3_bind_int (s, 4, kelvin_code_of_status (run->status));
  sqlite3_bind_int (s, 9, run->git_clean);
  sqlite3_bind_int64 (s, 12, run->started_at_us);
  kelvin_rows_bind_optional (s, 13, run->ended_at_us);
  sqlite3_bind_int64 (s, 14, run->invocations);
  sqlite3_bind_int64 (s, 15, run->errors);
  sqlite3_bind_int64 (s, 16, run->cold_starts);
  kelvin_rows_bind_optional (s, 17, run->p50_us);
  kelvin_rows_bind_optional (s, 18, run->p99_us);
  kelvin_rows_bind_optional (s, 19, run->cold_p50_us);
  kelvin_rows_bind_optional (s, 20, run->warm_p50_us);
  sqlite3_bind_int64 (s, 21, run->cost_pico_usd);
}

static gboolean
write_details (KelvinRecorder *self, const KelvinRun *run, GError **error)
{
  sqlite3_stmt *s = self->statements[PUT_DETAILS];
  KelvinOpenRun *open;

  if (run->details_json == NULL)
    return TRUE;
  open = kelvin_open_runs_get (self->runs, run->id, error);
  if (open == NULL)
    return FALSE;

  sqlite3_bind_int64 (s, 1, open->id);
  sqlite3_bind_text (s, 2, run->details_json, -1, SQLITE_STATIC);
  return kelvin_connection_run (s, "write a run's details", error);
}

static gboolean
write_run (KelvinRecorder *self, const KelvinRun *run, GError **error)
{
  sqlite3_stmt *s = self->statements[PUT_RUN];
  KelvinRequestId id;

  if (run->id == NULL || !kelvin_request_id_parse (run->id, &id))
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
                   "\"%s\" can't be a run's id: that is a UUID", run->id != NULL ? run->id : "");
      return FALSE;
    }

  kelvin_rows_bind_uuid (s, 1, &id);
  bind_run_figures (s, run);
  if (!bind_run_names (self, s, run, error) || !kelvin_connection_run (s, "write a run", error) ||
      !write_details (self, run, error))
    return FALSE;

  if (run->status != KELVIN_STATUS_RUNNING)
    kelvin_open_runs_remove (self->runs, run->id);
  return TRUE;
}

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
  sqlite3_stmt *s = self->statements[PUT_PAYLOAD];

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
  sqlite3_stmt *s = self->statements[PUT_INVOCATION];

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
  sqlite3_stmt *s = self->statements[PUT_LOG];

  if (log == NULL || log[0] == '\0')
    return TRUE;
  sqlite3_bind_int64 (s, 1, id);
  sqlite3_bind_text (s, 2, log, -1, SQLITE_STATIC);
  return kelvin_connection_run (s, "write a log", error);
}

static gboolean
write_attempt (KelvinRecorder *self, gint64 id, const KelvinAttempt *attempt, GError **error)
{
  sqlite3_stmt *s = self->statements[PUT_ATTEMPT];

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

static gboolean
bind_invocation_names (KelvinRecorder *self, sqlite3_stmt *s, const KelvinInvocation *invocation,
                       GError **error)
{
  return bind_name (self, s, 3, invocation->function_name, error) &&
         bind_name (self, s, 4, invocation->version, error) &&
         bind_name (self, s, 5, invocation->environment, error) &&
         bind_name (self, s, 9, invocation->function_error, error) &&
         bind_name (self, s, 10, invocation->error_type, error) &&
         bind_name (self, s, 27, invocation->note, error);
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
}

static gboolean
write_invocation (KelvinRecorder *self, const KelvinInvocation *invocation, GError **error)
{
  sqlite3_stmt *s = self->statements[PUT_INVOCATION];
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

  id = KELVIN_ROWS_ID (run->id, invocation->number);
  bind_invocation_figures (s, id, invocation);
  return bind_invocation_names (self, s, invocation, error) &&
         write_payloads (self, run, invocation, error) &&
         kelvin_connection_run (s, "write an invocation", error) &&
         write_log (self, id, invocation->log, error) &&
         write_attempts (self, id, invocation->attempts, error);
}

static gboolean
write_transitions (KelvinRecorder *self, const KelvinRecord *record, GError **error)
{
  sqlite3_stmt *s = self->statements[PUT_TRANSITION];
  KelvinOpenRun *run = kelvin_open_runs_get (self->runs, record->run_id, error);

  for (gsize i = 0; run != NULL && i < record->n_transitions; i++)
    {
      const KelvinTransition *transition = &record->transitions[i];

      sqlite3_bind_int64 (s, 1, run->id);
      sqlite3_bind_int64 (s, 2, transition->at_ns);
      sqlite3_bind_int64 (s, 3, transition->environment);
      sqlite3_bind_int (s, 4, kelvin_code_of_state (transition->from));
      sqlite3_bind_int (s, 5, kelvin_code_of_state (transition->to));
      if (!bind_name (self, s, 6, transition->reason, error) ||
          !kelvin_connection_run (s, "write a transition", error))
        return FALSE;
    }
  return run != NULL;
}

gboolean
kelvin_recorder_write (KelvinRecorder *self, const KelvinRecord *record, GError **error)
{
  switch (record->kind)
    {
    case KELVIN_RECORD_RUN:
      return write_run (self, record->run, error);
    case KELVIN_RECORD_INVOCATION:
      return write_invocation (self, record->invocation, error);
    case KELVIN_RECORD_TRANSITIONS:
      return write_transitions (self, record, error);
    case KELVIN_RECORD_FLUSH:
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}
