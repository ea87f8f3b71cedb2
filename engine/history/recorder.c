#include "engine/history/recorder.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/recorder-private.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

static const char *const statement_texts[KELVIN_N_STATEMENTS] = {
  [KELVIN_PUT_RUN] =
      "INSERT INTO runs (uuid, engine, kind, status, function, version, git_commit,"
      " git_branch, git_clean, note, isolation, started_at, ended_at, invocations, errors,"
      " cold_starts, p50, p99, cold_p50, warm_p50, cost, started_ns, limits)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"
      " ?17, ?18, ?19, ?20, ?21, ?22, ?23)"
      " ON CONFLICT (uuid) DO UPDATE SET engine = excluded.engine, kind = excluded.kind,"
      " status = excluded.status, function = excluded.function,"
      " version = excluded.version, git_commit = excluded.git_commit,"
      " git_branch = excluded.git_branch, git_clean = excluded.git_clean,"
      " note = excluded.note, isolation = excluded.isolation,"
      " started_at = excluded.started_at, ended_at = excluded.ended_at,"
      " invocations = excluded.invocations, errors = excluded.errors,"
      " cold_starts = excluded.cold_starts, p50 = excluded.p50, p99 = excluded.p99,"
      " cold_p50 = excluded.cold_p50, warm_p50 = excluded.warm_p50,"
      " cost = excluded.cost, started_ns = excluded.started_ns, limits = excluded.limits",
  [KELVIN_PUT_DETAILS] = "INSERT OR REPLACE INTO run_details (run, json) VALUES (?1, ?2)",
  [KELVIN_PUT_INVOCATION] =
      "INSERT OR REPLACE INTO invocations (id, request, function, version,"
      " environment, status, start, status_code, function_error, error_type,"
      " started_at, queue, sandbox, runtime, init, handler, response,"
      " init_duration, duration, billed_ms, cpu, memory_mb, memory_peak,"
      " cgroup_peak, cost, log_omitted, note, event, payload,"
      " environment_peak, init_peak, temporary_peak, temporary_mb, throttled,"
      " parked)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
      " ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29,"
      " ?30, ?31, ?32, ?33, ?34, ?35)",
  [KELVIN_PUT_ATTEMPT] =
      "INSERT OR REPLACE INTO attempts (invocation, number, start, status, started_at,"
      " queue, sandbox, runtime, init, handler, response)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
  [KELVIN_PUT_PAYLOAD] = "INSERT INTO payloads (id, bytes) VALUES (?1, ?2)",
  [KELVIN_PUT_LOG] = "INSERT OR REPLACE INTO logs (invocation, text) VALUES (?1, ?2)",
  [KELVIN_PUT_TRANSITION] =
      "INSERT OR REPLACE INTO transitions (run, at_ns, environment, from_state,"
      " to_state, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
  [KELVIN_PUT_CONNECTION] =
      "INSERT OR REPLACE INTO connections (invocation, number, door, host, port, destination,"
      " opened, connect, first_byte, duration, bytes_up, bytes_down, ended, error, holders)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
  [KELVIN_PUT_REFUSED] = "INSERT OR REPLACE INTO refused_destinations (invocation, host, times)"
                         " VALUES (?1, ?2, ?3)",
  [KELVIN_PUT_OMITTED] = "INSERT OR REPLACE INTO connections_omitted (invocation, connections,"
                         " refused) VALUES (?1, ?2, ?3)",
  [KELVIN_PUT_FUNCTION] = "INSERT OR IGNORE INTO run_functions (function, run) VALUES (?1, ?2)",
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

  for (guint i = 0; i < KELVIN_N_STATEMENTS; i++)
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
  for (guint i = 0; i < KELVIN_N_STATEMENTS; i++)
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

gboolean
kelvin_recorder_bind_name (KelvinRecorder *self, sqlite3_stmt *statement, int column,
                           const char *text, GError **error)
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
  g_autofree char *limits = kelvin_limits_to_text (&run->limits);

  return kelvin_recorder_bind_name (self, s, 2, engine_id, error) &&
         kelvin_recorder_bind_name (self, s, 5, run->function_name, error) &&
         kelvin_recorder_bind_name (self, s, 6, run->version, error) &&
         kelvin_recorder_bind_name (self, s, 7, run->git_commit, error) &&
         kelvin_recorder_bind_name (self, s, 8, run->git_branch, error) &&
         kelvin_recorder_bind_name (self, s, 10, run->note, error) &&
         kelvin_recorder_bind_name (self, s, 11, run->isolation, error) &&
         kelvin_recorder_bind_name (self, s, 23, limits, error);
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
  kelvin_rows_bind_optional (s, 22, run->started_at_ns);
}

static gboolean
write_details (KelvinRecorder *self, const KelvinRun *run, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_DETAILS];
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
  sqlite3_stmt *s = self->statements[KELVIN_PUT_RUN];
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

static gboolean
write_transitions (KelvinRecorder *self, const KelvinRecord *record, GError **error)
{
  sqlite3_stmt *s = self->statements[KELVIN_PUT_TRANSITION];
  KelvinOpenRun *run = kelvin_open_runs_get (self->runs, record->run_id, error);

  for (gsize i = 0; run != NULL && i < record->n_transitions; i++)
    {
      const KelvinTransition *transition = &record->transitions[i];

      sqlite3_bind_int64 (s, 1, run->id);
      sqlite3_bind_int64 (s, 2, transition->at_ns);
      sqlite3_bind_int64 (s, 3, transition->environment);
      sqlite3_bind_int (s, 4, kelvin_code_of_state (transition->from));
      sqlite3_bind_int (s, 5, kelvin_code_of_state (transition->to));
      if (!kelvin_recorder_bind_name (self, s, 6, transition->reason, error) ||
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
      return kelvin_recorder_write_invocation (self, record->invocation, error);
    case KELVIN_RECORD_TRANSITIONS:
      return write_transitions (self, record, error);
    case KELVIN_RECORD_FLUSH:
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}
