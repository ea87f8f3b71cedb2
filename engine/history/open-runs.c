#include "engine/history/open-runs.h"

#include "engine/history/connection.h"
#include "engine/history/rows.h"
#include "engine/history/store-error.h"

/* Each may keep an event and a result in memory. A run that is forgotten is looked up again. */
#define MOST_OPEN 64

struct _KelvinOpenRuns {
  sqlite3 *db;
  sqlite3_stmt *find;
  GHashTable *runs; /* UUID text → KelvinOpenRun */
};

static void
open_run_free (KelvinOpenRun *run)
{
  g_clear_pointer (&run->event, g_bytes_unref);
  g_clear_pointer (&run->result, g_bytes_unref);
  g_free (run);
}

KelvinOpenRuns *
kelvin_open_runs_new (sqlite3 *db, GError **error)
{
  g_autoptr (KelvinOpenRuns) self = g_new0 (KelvinOpenRuns, 1);

  self->db = db;
  self->runs =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) open_run_free);
  self->find = kelvin_connection_prepare (
      db,
      "SELECT r.id, r.function, (SELECT max(p.id) FROM payloads AS p"
      "              WHERE p.id BETWEEN r.id << 32 AND (r.id << 32) + 4294967295)"
      " FROM runs AS r WHERE r.uuid = ?1",
      error);
  if (self->find == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_open_runs_free (KelvinOpenRuns *self)
{
  g_clear_pointer (&self->find, sqlite3_finalize);
  g_hash_table_unref (self->runs);
  g_free (self);
}

static KelvinOpenRun *
find (KelvinOpenRuns *self, const KelvinRequestId *id, GError **error)
{
  KelvinOpenRun *run = NULL;
  int result;

  kelvin_rows_bind_uuid (self->find, 1, id);
  result = sqlite3_step (self->find);
  if (result == SQLITE_ROW)
    {
      run = g_new0 (KelvinOpenRun, 1);
      run->id = sqlite3_column_int64 (self->find, 0);
      run->function = sqlite3_column_int64 (self->find, 1);
      run->last_payload =
          MAX (sqlite3_column_int64 (self->find, 2), kelvin_rows_make_id (run->id, 0));
    }
  else if (result != SQLITE_DONE)
    kelvin_store_set_error (error, self->db, "read a run");
  sqlite3_reset (self->find);
  sqlite3_clear_bindings (self->find);
  return run;
}

KelvinOpenRun *
kelvin_open_runs_get (KelvinOpenRuns *self, const char *uuid, GError **error)
{
  KelvinOpenRun *run = uuid != NULL ? g_hash_table_lookup (self->runs, uuid) : NULL;
  g_autoptr (GError) local_error = NULL;
  KelvinRequestId id;

  if (run != NULL)
    return run;

  if (uuid != NULL && kelvin_request_id_parse (uuid, &id))
    run = find (self, &id, &local_error);
  if (run == NULL)
    {
      if (local_error == NULL)
        g_set_error (&local_error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND,
                     "The history has no run %s that a record could belong to",
                     uuid != NULL ? uuid : "without an id");
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  if (g_hash_table_size (self->runs) >= MOST_OPEN)
    g_hash_table_remove_all (self->runs);
  g_hash_table_insert (self->runs, g_strdup (uuid), run);
  return run;
}

void
kelvin_open_runs_remove (KelvinOpenRuns *self, const char *uuid)
{
  g_hash_table_remove (self->runs, uuid);
}

void
kelvin_open_runs_forget (KelvinOpenRuns *self)
{
  g_hash_table_remove_all (self->runs);
}
