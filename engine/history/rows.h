#pragma once

#include <sqlite3.h>

#include "engine/model/invocation.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

/* An invocation's row id (schema.c). */
#define KELVIN_ROWS_NUMBER_BITS 32
#define KELVIN_ROWS_LARGEST_NUMBER G_GUINT64_CONSTANT (0xffffffff)
#define KELVIN_ROWS_ID(run, number)                                                                \
  ((gint64) (((guint64) (run) << KELVIN_ROWS_NUMBER_BITS) | (guint64) (number)))
#define KELVIN_ROWS_NUMBER(id) ((guint64) (id) &KELVIN_ROWS_LARGEST_NUMBER)

#define KELVIN_ROWS_NAME(column) "(SELECT text FROM names WHERE id = " column ")"

/* The columns that kelvin_rows_read_run reads, of `runs AS r`. */
#define KELVIN_ROWS_RUN                                                                                                                                                                                                               \
  "r.id, r.uuid, " KELVIN_ROWS_NAME ("r.engine") ", r.kind, r.status, " KELVIN_ROWS_NAME (                                                                                                                                            \
      "r."                                                                                                                                                                                                                            \
      "functi"                                                                                                                                                                                                                        \
      "on") ", " KELVIN_ROWS_NAME ("r.version") ", " KELVIN_ROWS_NAME ("r.git_commit") ","                                                                                                                                            \
                                                                                       " " KELVIN_ROWS_NAME ("r.git_branch") ", r.git_clean, " KELVIN_ROWS_NAME (                                                                     \
                                                                                           "r."                                                                                                                                       \
                                                                                           "note") ", " KELVIN_ROWS_NAME ("r.isolation") ", r.started_at, "                                                                           \
                                                                                                                                         "r.ended_at, r.invocations, r.errors, r.cold_starts, r.p50, r.p99, r.cold_p50, r.warm_p50, " \
                                                                                                                                         "r.cost"

/* The columns that kelvin_rows_read_invocation reads, of `invocations AS i`. */
#define KELVIN_ROWS_INVOCATION                                                                                                                                                  \
  "i.id, i.request, " KELVIN_ROWS_NAME ("i.function") ", " KELVIN_ROWS_NAME (                                                                                                   \
      "i.version") ", " KELVIN_ROWS_NAME ("i.environment") ", i.status, i.start, "                                                                                              \
                                                           "i.status_code, " KELVIN_ROWS_NAME (                                                                                 \
                                                               "i"                                                                                                              \
                                                               "."                                                                                                              \
                                                               "f"                                                                                                              \
                                                               "u"                                                                                                              \
                                                               "n"                                                                                                              \
                                                               "c"                                                                                                              \
                                                               "t"                                                                                                              \
                                                               "i"                                                                                                              \
                                                               "o"                                                                                                              \
                                                               "n"                                                                                                              \
                                                               "_"                                                                                                              \
                                                               "e"                                                                                                              \
                                                               "r"                                                                                                              \
                                                               "r"                                                                                                              \
                                                               "o"                                                                                                              \
                                                               "r") ", " KELVIN_ROWS_NAME ("i."                                                                                 \
                                                                                           "error"                                                                              \
                                                                                           "_typ"                                                                               \
                                                                                           "e") ", "                                                                            \
                                                                                                "i.started_at, i.queue, i.sandbox, i.runtime, i.init, i.handler, i.response, "  \
                                                                                                "i.init_duration, i.duration, i.billed_ms, i.cpu, i.memory_mb, i.memory_peak, " \
                                                                                                "i.cgroup_peak, i.cost, i.log_omitted, " KELVIN_ROWS_NAME (                     \
                                                                                                    "i.note")
#define KELVIN_ROWS_N_INVOCATION 27

/* The columns that kelvin_rows_read_attempt reads, of `attempts AS a`. */
#define KELVIN_ROWS_ATTEMPT                                                                        \
  "a.invocation, a.number, a.start, a.status, a.started_at, a.queue, a.sandbox, a.runtime, "       \
  "a.init, a.handler, a.response"

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
