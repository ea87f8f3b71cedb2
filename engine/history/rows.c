#include "engine/history/rows.h"

#include <string.h>

#include "engine/history/codes.h"
#include "engine/history/store-error.h"

static gint64
read_optional (sqlite3_stmt *row, int column)
{
  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    return -1;
  return sqlite3_column_int64 (row, column);
}

static KelvinPhases
read_phases (sqlite3_stmt *row, int first)
{
  KelvinPhases phases;

  for (int i = 0; i < KELVIN_N_PHASES; i++)
    phases.us[i] = read_optional (row, first + i);
  return phases;
}

char *
kelvin_rows_read_text (sqlite3_stmt *row, int column)
{
  const char *text = (const char *) sqlite3_column_text (row, column);

  if (text == NULL)
    return NULL;
  return g_utf8_make_valid (text, sqlite3_column_bytes (row, column));
}

GBytes *
kelvin_rows_read_bytes (sqlite3_stmt *row, int column)
{
  const void *bytes;

  if (sqlite3_column_type (row, column) == SQLITE_NULL)
    return NULL;
  bytes = sqlite3_column_blob (row, column);
  return g_bytes_new (bytes, sqlite3_column_bytes (row, column));
}

static gboolean
read_id (sqlite3_stmt *row, int column, KelvinRequestId *out_id)
{
  const void *bytes = sqlite3_column_blob (row, column);

  if (sqlite3_column_bytes (row, column) != sizeof out_id->bytes)
    return FALSE;
  memcpy (out_id->bytes, bytes, sizeof out_id->bytes);
  return TRUE;
}

char *
kelvin_rows_read_uuid (sqlite3_stmt *row, int column)
{
  KelvinRequestId id;

  return read_id (row, column, &id) ? kelvin_request_id_to_string (&id) : NULL;
}

static void
set_bad_row (GError **error, sqlite3_stmt *row, const char *table)
{
  g_autofree char *what =
      g_strdup_printf ("is damaged: row %" G_GINT64_FORMAT " of %s holds what can't be there",
                       (gint64) sqlite3_column_int64 (row, 0), table);

  kelvin_store_set_damaged (error, sqlite3_db_filename (sqlite3_db_handle (row), "main"), what);
}

KelvinRun *
kelvin_rows_read_run (sqlite3_stmt *row, GError **error)
{
  g_autoptr (KelvinRun) run = kelvin_run_new ();

  run->id = kelvin_rows_read_uuid (row, 1);
  run->engine_id = kelvin_rows_read_text (row, 2);
  run->function_name = kelvin_rows_read_text (row, 5);
  run->version = kelvin_rows_read_text (row, 6);
  run->git_commit = kelvin_rows_read_text (row, 7);
  run->git_branch = kelvin_rows_read_text (row, 8);
  run->git_clean = sqlite3_column_int (row, 9) != 0;
  run->note = kelvin_rows_read_text (row, 10);
  run->isolation = kelvin_rows_read_text (row, 11);
  run->started_at_us = sqlite3_column_int64 (row, 12);
  run->ended_at_us = read_optional (row, 13);
  run->invocations = sqlite3_column_int64 (row, 14);
  run->errors = sqlite3_column_int64 (row, 15);
  run->cold_starts = sqlite3_column_int64 (row, 16);
  run->p50_us = read_optional (row, 17);
  run->p99_us = read_optional (row, 18);
  run->cold_p50_us = read_optional (row, 19);
  run->warm_p50_us = read_optional (row, 20);
  run->cost_pico_usd = sqlite3_column_int64 (row, 21);
  run->started_at_ns = read_optional (row, 22);
  run->limits = kelvin_limits_from_text ((const char *) sqlite3_column_text (row, 23));

  if (run->id == NULL || !kelvin_code_to_run_kind (sqlite3_column_int (row, 3), &run->kind) ||
      !kelvin_code_to_status (sqlite3_column_int (row, 4), &run->status))
    {
      set_bad_row (error, row, "runs");
      return NULL;
    }
  return g_steal_pointer (&run);
}

KelvinInvocation *
kelvin_rows_read_invocation (sqlite3_stmt *row, const char *run_id, GError **error)
{
  g_autoptr (KelvinInvocation) invocation = kelvin_invocation_new ();

  invocation->run_id = g_strdup (run_id);
  invocation->number = kelvin_rows_get_number (sqlite3_column_int64 (row, 0));
  invocation->function_name = kelvin_rows_read_text (row, 2);
  invocation->version = kelvin_rows_read_text (row, 3);
  invocation->environment = kelvin_rows_read_text (row, 4);
  invocation->status_code = sqlite3_column_int (row, 7);
  invocation->function_error = kelvin_rows_read_text (row, 8);
  invocation->error_type = kelvin_rows_read_text (row, 9);
  invocation->started_at_us = sqlite3_column_int64 (row, 10);
  invocation->phases = read_phases (row, 11);
  invocation->init_duration_us = read_optional (row, 17);
  invocation->duration_us = read_optional (row, 18);
  invocation->billed_duration_ms = read_optional (row, 19);
  invocation->cpu_us = read_optional (row, 20);
  invocation->memory_size_mb = sqlite3_column_int64 (row, 21);
  invocation->memory_peak_bytes = read_optional (row, 22);
  invocation->cgroup_peak_bytes = read_optional (row, 23);
  invocation->cost_pico_usd = read_optional (row, 24);
  invocation->log_omitted_bytes = sqlite3_column_int64 (row, 25);
  invocation->note = kelvin_rows_read_text (row, 26);
  invocation->environment_memory_peak_bytes = read_optional (row, 27);
  invocation->init_memory_peak_bytes = read_optional (row, 28);
  invocation->temporary_peak_bytes = read_optional (row, 29);
  invocation->temporary_size_mb = sqlite3_column_int (row, 30);
  invocation->throttled_us = read_optional (row, 31);
  invocation->isolation = g_intern_string ((const char *) sqlite3_column_text (row, 32));
  invocation->limits = kelvin_limits_from_text ((const char *) sqlite3_column_text (row, 33));
  invocation->was_parked = sqlite3_column_int (row, 34) != 0;
  invocation->log = g_strdup ("");

  if (!read_id (row, 1, &invocation->request_id) ||
      !kelvin_code_to_status (sqlite3_column_int (row, 5), &invocation->status) ||
      !kelvin_code_to_start (sqlite3_column_int (row, 6), &invocation->start))
    {
      set_bad_row (error, row, "invocations");
      return NULL;
    }
  return g_steal_pointer (&invocation);
}

gboolean
kelvin_rows_read_attempt (sqlite3_stmt *row, KelvinAttempt *out_attempt, GError **error)
{
  KelvinAttempt attempt = {
    .number = sqlite3_column_int64 (row, 1),
    .started_at_us = sqlite3_column_int64 (row, 4),
    .phases = read_phases (row, 5),
  };

  if (!kelvin_code_to_start (sqlite3_column_int (row, 2), &attempt.start) ||
      !kelvin_code_to_status (sqlite3_column_int (row, 3), &attempt.status))
    {
      set_bad_row (error, row, "attempts");
      return FALSE;
    }
  *out_attempt = attempt;
  return TRUE;
}

void
kelvin_rows_bind_optional (sqlite3_stmt *statement, int column, gint64 value)
{
  if (value < 0)
    sqlite3_bind_null (statement, column);
  else
    sqlite3_bind_int64 (statement, column, value);
}

void
kelvin_rows_bind_id (sqlite3_stmt *statement, int column, gint64 id)
{
  if (id == 0)
    sqlite3_bind_null (statement, column);
  else
    sqlite3_bind_int64 (statement, column, id);
}

void
kelvin_rows_bind_phases (sqlite3_stmt *statement, int first, const KelvinPhases *phases)
{
  for (int i = 0; i < KELVIN_N_PHASES; i++)
    kelvin_rows_bind_optional (statement, first + i, phases->us[i]);
}

void
kelvin_rows_bind_uuid (sqlite3_stmt *statement, int column, const KelvinRequestId *id)
{
  sqlite3_bind_blob (statement, column, id->bytes, sizeof id->bytes, SQLITE_STATIC);
}
