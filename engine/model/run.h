#pragma once

#include <json-glib/json-glib.h>

#include "engine/model/function-limits.h"
#include "engine/model/status.h"

G_BEGIN_DECLS

/* What a person started; it groups invocations. Plain data with a reference count. */
typedef struct {
  gatomicrefcount ref_count;

  char *id;        /* UUID text, time-ordered */
  char *engine_id; /* whose lock says that it lives */
  KelvinRunKind kind;
  KelvinStatus status;
  char *function_name;
  char *version;    /* content hash; "" for a serve run of several functions */
  char *git_commit; /* nullable */
  char *git_branch; /* nullable */
  gboolean git_clean;
  char *note;           /* nullable: "measured on 3.11, asked for 3.13" */
  char *isolation;      /* "namespaces" or "process" */
  KelvinLimits limits;  /* what held them in this run */
  char *details_json;   /* nullable: the kind's own document, e.g. of profile --json */
  gint64 started_at_us; /* real time, Unix epoch */
  gint64 ended_at_us;   /* -1 while running */
  gint64 started_at_ns; /* by the clock of its transitions; -1 unknown */
  gint64 invocations;
  gint64 errors;
  gint64 cold_starts;
  gint64 p50_us; /* of the time the callers waited; -1 where n can't carry it */
  gint64 p99_us;
  gint64 cold_p50_us;
  gint64 warm_p50_us;
  gint64 cost_pico_usd;
} KelvinRun;

KelvinRun *kelvin_run_new (void);
KelvinRun *kelvin_run_copy (const KelvinRun *self); /* deep: to hand a state to the writer */
KelvinRun *kelvin_run_ref (KelvinRun *self);
void kelvin_run_unref (KelvinRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRun, kelvin_run_unref)
#define KELVIN_TYPE_RUN (kelvin_run_get_type ())
GType kelvin_run_get_type (void); /* boxed */

/* As an element of `kelvin history list --json` (contract.md), with "coldP50Ms", "warmP50Ms",
 * "errors", "endedAt", "note", "gitCommit", "gitBranch", "isolation", "limits" besides. */
JsonNode *kelvin_run_to_json (KelvinRun *self);

/* RFC 3339 UTC with milliseconds, "2026-01-01T00:00:00.123Z"; @us is Unix time in microseconds. */
char *kelvin_format_instant (gint64 us);
/* Microseconds as milliseconds with a fraction, for JSON. */
double kelvin_us_to_ms (gint64 us);

G_END_DECLS
