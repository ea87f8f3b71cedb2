#pragma once

#include <json-glib/json-glib.h>

#include "engine/model/door-record.h"
#include "engine/model/function-limits.h"
#include "engine/model/phase.h"
#include "engine/model/request-id.h"
#include "engine/model/status.h"

G_BEGIN_DECLS

/* One try at carrying an event to an outcome. */
typedef struct {
  guint number; /* from 1 */
  KelvinStart start;
  KelvinStatus status;
  gint64 started_at_us; /* real time, Unix epoch */
  KelvinPhases phases;
} KelvinAttempt;

/* One event carried to an outcome. The first attempt's start and phases stand in the record itself.
 * Plain data with a reference count: filled by one thread, then shared read-only. */
typedef struct {
  gatomicrefcount ref_count;

  char *run_id;   /* UUID text */
  guint64 number; /* within the run, from 1 */
  KelvinRequestId request_id;
  char *function_name;
  char *version;     /* content hash */
  char *environment; /* nullable: engine-wide name of the environment that served it */

  KelvinStatus status;
  KelvinStart start;
  gboolean was_parked;  /* a cold start whose sandbox had been made ahead */
  int status_code;      /* what the Invoke call answers: 200, 429, … */
  char *function_error; /* NULL or "Unhandled" */
  char *error_type;     /* nullable: the platform's word, e.g. "Runtime.ExitError" */

  gint64 started_at_us; /* when the event arrived; real time, Unix epoch */
  KelvinPhases phases;
  gint64 init_duration_us; /* runtime + init as the service reports it; -1 where none */
  gint64 duration_us;      /* event delivered → runtime asks for the next one, or the end */
  gint64 billed_duration_ms;
  gint64 cpu_us; /* of the whole process tree; -1 unknown */
  guint memory_size_mb;
  gint64 throttled_us; /* held back by its CPU share; -1 where nothing counts it */

  /* Measured; -1 unknown or none. What counts as memory: docs/sandbox.md. */
  gint64 memory_peak_bytes; /* the most during this invocation, its init apart */
  gint64 init_memory_peak_bytes;
  gint64 environment_memory_peak_bytes; /* since the environment began, as REPORT says it */
  gint64 cgroup_peak_bytes;             /* the kernel's own, with file cache and /tmp */
  gint64 temporary_peak_bytes;          /* in /tmp, files of earlier invocations too */
  guint temporary_size_mb;              /* 0 unknown */

  const char *isolation; /* interned, as KelvinRun's; NULL unknown */
  KelvinLimits limits;   /* those of its run */

  gint64 cost_pico_usd; /* an estimate by the price table */

  GBytes *event;             /* nullable: not kept with --no-payloads */
  GBytes *payload;           /* nullable: likewise; the bytes that the caller got */
  char *log;                 /* UTF-8 (invalid bytes replaced), lines end with \n; "" if none */
  guint64 log_omitted_bytes; /* between its first and last megabyte */
  char *note;                /* nullable: "measured on 3.11, asked for 3.13", "modified", … */
  GPtrArray *connections;    /* of KelvinDoorRecord, in the order of their opening; may be NULL */
  guint connections_omitted; /* how many more there were than are kept */
  GPtrArray *refused;        /* of KelvinRefusedDestination; may be NULL */
  guint refused_omitted;
  GArray *attempts; /* of KelvinAttempt: the second and later ones; may be NULL */
} KelvinInvocation;

KelvinInvocation *
kelvin_invocation_new (void); /* strings NULL, numbers 0 or -1 as above, phases none */
KelvinInvocation *kelvin_invocation_ref (KelvinInvocation *self);
void kelvin_invocation_unref (KelvinInvocation *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinInvocation, kelvin_invocation_unref)
#define KELVIN_TYPE_INVOCATION (kelvin_invocation_get_type ())
GType kelvin_invocation_get_type (void); /* boxed */

/* As `kelvin invoke --json` prints it (contract.md), with "status", "startedAt", "environment",
 * "isolation", "limits", the other peaks, "throttledMs" and "note" besides; with @with_attempts the
 * "attempts" of `history show` too. A payload that isn't JSON is given as a string. The log is cut
 * to its last 64 KB. */
JsonNode *kelvin_invocation_to_json (KelvinInvocation *self, gboolean with_attempts);

/* {"queueMs": 0.1, …}: absent phases left out */
JsonNode *kelvin_phases_to_json (const KelvinPhases *phases);

G_END_DECLS
