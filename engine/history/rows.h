#pragma once

#include <sqlite3.h>

#include "engine/model/invocation.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

/* An invocation's number within its run is the lower half of its row id (schema.c). */
#define KELVIN_ROWS_LARGEST_NUMBER G_GUINT64_CONSTANT (0xffffffff)

static inline gint64
kelvin_rows_make_id (gint64 run, guint64 number)
{
  return (gint64) ((guint64) run << 32 | number);
}

static inline guint64
kelvin_rows_get_number (gint64 id)
{
  return (guint64) id & KELVIN_ROWS_LARGEST_NUMBER;
}

/* The columns that kelvin_rows_read_run reads, of `runs AS r`, and their number. */
#define KELVIN_ROWS_RUN                                                                            \
  "r.id, r.uuid,"                                                                                  \
  " (SELECT text FROM names WHERE id = r.engine),"                                                 \
  " r.kind, r.status,"                                                                             \
  " (SELECT text FROM names WHERE id = r.function),"                                               \
  " (SELECT text FROM names WHERE id = r.version),"                                                \
  " (SELECT text FROM names WHERE id = r.git_commit),"                                             \
  " (SELECT text FROM names WHERE id = r.git_branch),"                                             \
  " r.git_clean,"                                                                                  \
  " (SELECT text FROM names WHERE id = r.note),"                                                   \
  " (SELECT text FROM names WHERE id = r.isolation),"                                              \
  " r.started_at, r.ended_at, r.invocations, r.errors, r.cold_starts,"                             \
  " r.p50, r.p99, r.cold_p50, r.warm_p50, r.cost, r.started_ns,"                                   \
  " (SELECT text FROM names WHERE id = r.limits)"
#define KELVIN_ROWS_N_RUN 24

/* The columns that kelvin_rows_read_invocation reads, of `invocations AS i`, and their number. */
#define KELVIN_ROWS_INVOCATION                                                                     \
  "i.id, i.request,"                                                                               \
  " (SELECT text FROM names WHERE id = i.function),"                                               \
  " (SELECT text FROM names WHERE id = i.version),"                                                \
  " (SELECT text FROM names WHERE id = i.environment),"                                            \
  " i.status, i.start, i.status_code,"                                                             \
  " (SELECT text FROM names WHERE id = i.function_error),"                                         \
  " (SELECT text FROM names WHERE id = i.error_type),"                                             \
  " i.started_at, i.queue, i.sandbox, i.runtime, i.init, i.handler, i.response,"                   \
  " i.init_duration, i.duration, i.billed_ms, i.cpu, i.memory_mb, i.memory_peak,"                  \
  " i.cgroup_peak, i.cost, i.log_omitted,"                                                         \
  " (SELECT text FROM names WHERE id = i.note),"                                                   \
  " i.environment_peak, i.init_peak, i.temporary_peak, i.temporary_mb, i.throttled,"               \
  " (SELECT text FROM names WHERE id = (SELECT isolation FROM runs WHERE id = i.id >> 32)),"       \
  " (SELECT text FROM names WHERE id = (SELECT limits FROM runs WHERE id = i.id >> 32)),"          \
  " i.parked"
#define KELVIN_ROWS_N_INVOCATION 35

/* The columns that kelvin_rows_read_attempt reads, of `attempts AS a`. */
#define KELVIN_ROWS_ATTEMPT                                                                        \
  "a.invocation, a.number, a.start, a.status, a.started_at,"                                       \
  " a.queue, a.sandbox, a.runtime, a.init, a.handler, a.response"

/* NULL, with an error, for a row that can't be one of Kelvin's. */
KelvinRun *kelvin_rows_read_run (sqlite3_stmt *row, GError **error);
/* @run_id: text of the run that the row belongs to. The log is "", payloads and attempts NULL. */
KelvinInvocation *kelvin_rows_read_invocation (sqlite3_stmt *row, const char *run_id,
                                               GError **error);
gboolean kelvin_rows_read_attempt (sqlite3_stmt *row, KelvinAttempt *out_attempt, GError **error);

/* UTF-8 whatever the file holds; NULL for NULL. */
char *kelvin_rows_read_text (sqlite3_stmt *row, int column);
/* NULL for NULL, and empty for empty. */
GBytes *kelvin_rows_read_bytes (sqlite3_stmt *row, int column);
/* UUID text of a 16-byte value; NULL for another value. */
char *kelvin_rows_read_uuid (sqlite3_stmt *row, int column);

/* NULL for what is below 0: it did not happen or isn't known. */
void kelvin_rows_bind_optional (sqlite3_stmt *statement, int column, gint64 value);
/* NULL for 0. */
void kelvin_rows_bind_id (sqlite3_stmt *statement, int column, gint64 id);
void kelvin_rows_bind_phases (sqlite3_stmt *statement, int first, const KelvinPhases *phases);
void kelvin_rows_bind_uuid (sqlite3_stmt *statement, int column, const KelvinRequestId *id);

G_END_DECLS
