#pragma once

#include <sqlite3.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* A KelvinRunFilter that was checked, and holds its own copies. */
typedef struct {
  char *function_name; /* nullable */
  guint kinds;         /* a bit for each code of a kind that is wanted */
  int status;          /* a code; 0: all */
  gint64 since_us;
  gint64 until_us;
  gint64 before_us; /* the cursor: what is older than this run */
  gint64 before_id;
  guint limit;
} KelvinRunCondition;

/* ?1 to ?7, of `runs AS r`; ?8 and on are the statement's own. */
#define KELVIN_RUN_CONDITION                                                                       \
  "(r.started_at, r.id) < (?1, ?2) AND r.started_at >= ?3 AND r.started_at < ?4"                   \
  " AND (?5 >> r.kind) & 1 AND (?6 = 0 OR r.status = ?6)"                                          \
  " AND (?7 IS NULL OR r.function = (SELECT id FROM names WHERE text = ?7)"                        \
  " OR r.id IN (SELECT run FROM run_functions"                                                     \
  " WHERE function = (SELECT id FROM names WHERE text = ?7)))"

/* NULL for a word or a cursor that there isn't. */
KelvinRunCondition *kelvin_run_condition_new (const KelvinRunFilter *filter, GError **error);
void kelvin_run_condition_free (KelvinRunCondition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRunCondition, kelvin_run_condition_free)

void kelvin_run_condition_bind (const KelvinRunCondition *self, sqlite3_stmt *statement);

G_END_DECLS
