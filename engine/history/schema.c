#include "engine/history/schema.h"

#include "engine/history/connection.h"
#include "engine/history/store-error.h"

/* History of the schema:
 *   1  runs, invocations with their further attempts, payloads and logs, transitions
 *   2  the functions that a run of several served; the newest invocations of a function
 *   3  when a run began by the clock of its environments' transitions
 *   4  what held the limits of a run; more peaks of an invocation, and how long it was held back
 *   5  connections through doors, and names that no door leads to
 *   6  which sandboxes had been made ahead
 *
 * Units: times are microseconds of Unix time, lengths microseconds, money pico-dollars; NULL is
 * "did not happen" or "not known". Words are small numbers (codes.c) or rows of `names`.
 *
 * The id of an invocation is its run's id * 2^32 + its number, so that a run's rows lie together,
 * in order, and a log has the integer row id that a text index over it needs. Payloads are numbered
 * likewise within their run, and equal ones that follow each other share a row. */
static const char *const version_1 =
    "CREATE TABLE names ("
    "  id INTEGER PRIMARY KEY,"
    "  text TEXT NOT NULL UNIQUE"
    ");"
    "CREATE TABLE runs ("
    "  id INTEGER PRIMARY KEY,"
    "  uuid BLOB NOT NULL UNIQUE,"
    "  engine INTEGER NOT NULL REFERENCES names,"
    "  kind INTEGER NOT NULL,"
    "  status INTEGER NOT NULL,"
    "  function INTEGER REFERENCES names,"
    "  version INTEGER REFERENCES names,"
    "  git_commit INTEGER REFERENCES names,"
    "  git_branch INTEGER REFERENCES names,"
    "  git_clean INTEGER NOT NULL,"
    "  note INTEGER REFERENCES names,"
    "  isolation INTEGER REFERENCES names,"
    "  started_at INTEGER NOT NULL,"
    "  ended_at INTEGER,"
    "  invocations INTEGER NOT NULL,"
    "  errors INTEGER NOT NULL,"
    "  cold_starts INTEGER NOT NULL,"
    "  p50 INTEGER,"
    "  p99 INTEGER,"
    "  cold_p50 INTEGER,"
    "  warm_p50 INTEGER,"
    "  cost INTEGER NOT NULL"
    ");"
    /* Order and filters of the list: a page reads this index and then its own rows alone. */
    "CREATE INDEX runs_in_time ON runs (started_at, id, function, kind, status);"
    /* 1 is the code of `running`. */
    "CREATE INDEX runs_running ON runs (engine) WHERE status = 1;"
    "CREATE TABLE run_details ("
    "  run INTEGER PRIMARY KEY REFERENCES runs,"
    "  json TEXT NOT NULL"
    ");"
    "CREATE TABLE invocations ("
    "  id INTEGER PRIMARY KEY,"
    "  request BLOB NOT NULL,"
    "  function INTEGER REFERENCES names,"
    "  version INTEGER REFERENCES names,"
    "  environment INTEGER REFERENCES names,"
    "  status INTEGER NOT NULL,"
    "  start INTEGER,"
    "  status_code INTEGER NOT NULL,"
    "  function_error INTEGER REFERENCES names,"
    "  error_type INTEGER REFERENCES names,"
    "  started_at INTEGER NOT NULL,"
    "  queue INTEGER,"
    "  sandbox INTEGER,"
    "  runtime INTEGER,"
    "  init INTEGER,"
    "  handler INTEGER,"
    "  response INTEGER,"
    "  init_duration INTEGER,"
    "  duration INTEGER,"
    "  billed_ms INTEGER,"
    "  cpu INTEGER,"
    "  memory_mb INTEGER NOT NULL,"
    "  memory_peak INTEGER,"
    "  cgroup_peak INTEGER,"
    "  cost INTEGER,"
    "  log_omitted INTEGER,"
    "  note INTEGER REFERENCES names,"
    "  event INTEGER REFERENCES payloads,"
    "  payload INTEGER REFERENCES payloads"
    ");"
    "CREATE TABLE attempts ("
    "  invocation INTEGER NOT NULL REFERENCES invocations,"
    "  number INTEGER NOT NULL,"
    "  start INTEGER,"
    "  status INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  queue INTEGER,"
    "  sandbox INTEGER,"
    "  runtime INTEGER,"
    "  init INTEGER,"
    "  handler INTEGER,"
    "  response INTEGER,"
    "  PRIMARY KEY (invocation, number)"
    ") WITHOUT ROWID;"
    "CREATE TABLE payloads ("
    "  id INTEGER PRIMARY KEY,"
    "  bytes BLOB NOT NULL"
    ");"
    "CREATE TABLE logs ("
    "  invocation INTEGER PRIMARY KEY REFERENCES invocations,"
    "  text TEXT NOT NULL"
    ");"
    /* Monotonic time of the engine that wrote the run: comparable within an engine alone. */
    "CREATE TABLE transitions ("
    "  run INTEGER NOT NULL REFERENCES runs,"
    "  at_ns INTEGER NOT NULL,"
    "  environment INTEGER NOT NULL,"
    "  from_state INTEGER NOT NULL,"
    "  to_state INTEGER NOT NULL,"
    "  reason INTEGER REFERENCES names,"
    "  PRIMARY KEY (run, at_ns, environment, to_state)"
    ") WITHOUT ROWID;";

static const char *const version_2 =
    /* Of functions other than the run's own. 6 is the code of `serve`. */
    "CREATE TABLE run_functions ("
    "  function INTEGER NOT NULL REFERENCES names,"
    "  run INTEGER NOT NULL REFERENCES runs,"
    "  PRIMARY KEY (function, run)"
    ") WITHOUT ROWID;"
    "INSERT INTO run_functions (function, run)"
    "  SELECT DISTINCT i.function, r.id FROM runs AS r JOIN invocations AS i"
    "  ON i.id BETWEEN r.id << 32 AND (r.id << 32) + 4294967295"
    "  WHERE r.kind = 6 AND i.function IS NOT NULL AND i.function IS NOT r.function;"
    /* 2 is the code of `ok`. */
    "CREATE INDEX invocations_that_went_well ON invocations (function, start, started_at, version)"
    "  WHERE status = 2;";

static const char *const version_3 = "ALTER TABLE runs ADD COLUMN started_ns INTEGER;";

static const char *const version_4 =
    /* A JSON document, of which there are few different ones. */
    "ALTER TABLE runs ADD COLUMN limits INTEGER REFERENCES names;"
    "ALTER TABLE invocations ADD COLUMN environment_peak INTEGER;"
    "ALTER TABLE invocations ADD COLUMN init_peak INTEGER;"
    "ALTER TABLE invocations ADD COLUMN temporary_peak INTEGER;"
    "ALTER TABLE invocations ADD COLUMN temporary_mb INTEGER;"
    "ALTER TABLE invocations ADD COLUMN throttled INTEGER;"
    /* Until now the peak of an invocation was that of its environment so far. */
    "UPDATE invocations SET environment_peak = memory_peak;";

/* Of a reused connection there is a row in each invocation that used it: what passed then. */
static const char *const version_5 = "CREATE TABLE connections ("
                                     "  invocation INTEGER NOT NULL REFERENCES invocations,"
                                     "  number INTEGER NOT NULL,"
                                     "  door INTEGER REFERENCES names,"
                                     "  host INTEGER REFERENCES names,"
                                     "  port INTEGER NOT NULL,"
                                     "  destination INTEGER REFERENCES names,"
                                     "  opened INTEGER NOT NULL,"
                                     "  connect INTEGER,"
                                     "  first_byte INTEGER,"
                                     "  duration INTEGER,"
                                     "  bytes_up INTEGER NOT NULL,"
                                     "  bytes_down INTEGER NOT NULL,"
                                     "  ended INTEGER NOT NULL,"
                                     "  error INTEGER REFERENCES names,"
                                     "  holders TEXT,"
                                     "  PRIMARY KEY (invocation, number)"
                                     ") WITHOUT ROWID;"
                                     "CREATE TABLE refused_destinations ("
                                     "  invocation INTEGER NOT NULL REFERENCES invocations,"
                                     "  host INTEGER NOT NULL REFERENCES names,"
                                     "  times INTEGER NOT NULL,"
                                     "  PRIMARY KEY (invocation, host)"
                                     ") WITHOUT ROWID;"
                                     /* How many more there were than rows. */
                                     "CREATE TABLE connections_omitted ("
                                     "  invocation INTEGER PRIMARY KEY REFERENCES invocations,"
                                     "  connections INTEGER NOT NULL,"
                                     "  refused INTEGER NOT NULL"
                                     ");";

static const char *const version_6 = "ALTER TABLE invocations ADD COLUMN parked INTEGER;";

/* migrations[N] leads from version N to version N + 1. */
static const char *const migrations[] = { version_1, version_2, version_3,
                                          version_4, version_5, version_6 };
G_STATIC_ASSERT (G_N_ELEMENTS (migrations) == KELVIN_SCHEMA_VERSION);

#define APPLICATION_ID 0x4b4c564e /* "KLVN" */

static gboolean
read_version (sqlite3 *db, gint64 *out_version, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  gint64 application = 0, version = 0, tables = 0;

  if (!kelvin_connection_read_int64 (db, "SELECT count(*) FROM sqlite_schema", &tables, error) ||
      !kelvin_connection_read_int64 (db, "PRAGMA application_id", &application, error) ||
      !kelvin_connection_read_int64 (db, "PRAGMA user_version", &version, error))
    return FALSE;

  if (application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0))
    {
      kelvin_store_set_damaged (error, path, "is a database of another program");
      return FALSE;
    }
  if (version > KELVIN_SCHEMA_VERSION)
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NEWER,
                   "%s was written by a newer Kelvin (its version is %" G_GINT64_FORMAT
                   ", this program reads up to %d); it was left as it is: update Kelvin, or name "
                   "another folder with --data-dir",
                   path, version, KELVIN_SCHEMA_VERSION);
      return FALSE;
    }
  *out_version = version;
  return TRUE;
}

/* Within a transaction: a program that is killed here leaves the old version. */
static gboolean
migrate_from (sqlite3 *db, gint64 version, GError **error)
{
  g_autofree char *stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                            APPLICATION_ID, KELVIN_SCHEMA_VERSION);

  for (gint64 i = version; i < KELVIN_SCHEMA_VERSION; i++)
    if (!kelvin_connection_execute (db, migrations[i], error))
      return FALSE;
  return kelvin_connection_execute (db, stamp, error);
}

static gboolean
migrate (sqlite3 *db, GError **error)
{
  gint64 version = 0;

  if (!kelvin_connection_execute (db, "BEGIN IMMEDIATE", error))
    return FALSE;

  /* Asked again: another program may have been faster. */
  if (read_version (db, &version, error) && migrate_from (db, version, error) &&
      kelvin_connection_execute (db, "COMMIT", error))
    return TRUE;

  sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
  return FALSE;
}

gboolean
kelvin_schema_prepare (sqlite3 *db, GError **error)
{
  gint64 version = 0;

  /* A file that is refused stays as it is: what another Kelvin left in its WAL stays there too. */
  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  if (!read_version (db, &version, error))
    return FALSE;
  if (version < KELVIN_SCHEMA_VERSION && !migrate (db, error))
    return FALSE;

  sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
  return kelvin_connection_execute (db, "PRAGMA journal_mode = WAL", error);
}
