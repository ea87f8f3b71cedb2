#pragma once

#include "engine/engine.h"
#include "engine/model/admission.h"
#include "engine/model/load-plan.h"
#include "engine/model/throttle.h"

G_BEGIN_DECLS

/* A load: events sent to one function by a plan (`open`: each is due at an instant fixed in
 * advance, whatever became of those before) or by callers that wait for their answers (`closed`).
 */

/* The load ends early when one of them is passed. */
typedef struct {
  double error_rate;    /* failed and throttled of the last 100 events, 0 … 1; 0: never */
  gint64 p99_ns;        /* of the last 1,000 events' latency; 0: never */
  gint64 cost_pico_usd; /* 0: never */
} KelvinStopConditions;

typedef struct {
  const char *function_dir;
  GBytes *event;          /* JSON text; NULL: {} */
  const char *event_name; /* nullable */
  KelvinPattern pattern;
  double rate;       /* open: events a second; 0: closed */
  guint concurrency; /* closed: callers; 0: open */
  gint64 duration_ns;
  GArray *times_ns; /* for KELVIN_PATTERN_TIMES: gint64, in order; rate and duration are theirs */
  guint warm;       /* environments that are made before the first event is due */
  guint64 seed;
  KelvinCaller caller;
  KelvinAdmission admission;
  int reserved_concurrency; /* in place of the function's own; -1: the function's */
  KelvinStopConditions stop;
} KelvinLoadRequest;

/* NULL if it can be run; else what is wrong and what would be right. (transfer full) */
char *kelvin_load_request_check (const KelvinLoadRequest *request);

/* --- seen while it runs: plain records, all times in nanoseconds from the load's beginning --- */

/* One attempt that is over. */
typedef struct {
  guint64 event;       /* the invocation's number in the run, from 1 */
  guint attempt;       /* from 1 */
  guint64 environment; /* 0: none was reached */
  KelvinStart start;
  KelvinStatus status;
  KelvinThrottle throttle;
  gint64 event_due_ns; /* of its first try */
  gint64 due_ns;       /* a further try is due when its back-off is over */
  gint64 sent_ns;      /* later than due by the generator's own lateness */
  gint64 ended_ns;     /* the caller has its answer */
  KelvinPhases
      phases; /* microseconds; they add up to ended − due. `queue` begins when it was due */
  gboolean given_up; /* the caller's patience had ended before */
  gboolean last;     /* the event's outcome is this one's */
} KelvinLoadAttempt;

typedef struct {
  guint64 environment;
  KelvinState from;
  KelvinState to;
  gint64 at_ns;
} KelvinLoadTransition;

/* Connections through a door, whenever their number has changed since the batch before. */
typedef struct {
  guint door; /* in the order of the function's doors */
  guint open;
  guint refused; /* so far, at all doors */
  gint64 at_ns;
} KelvinLoadDoor;

typedef struct {
  guint64 due;     /* events whose time has come */
  guint64 waiting; /* of those: not settled yet (under way or backing off) */
  guint64 completed;
  guint64 function_errors;
  guint64 throttled;
  guint64 attempts;
  guint64 throttled_attempts;
  guint64 cold_starts;
  guint in_flight;
  guint peak_concurrency;
  guint environments;    /* alive */
  double p50_ms, p99_ms; /* latency of the last 1,000 successes; NAN where they can't carry it */
  gint64 cost_pico_usd;
  gint64 lateness_max_ns; /* how late the generator was at most; -1 before the first */
} KelvinLoadCounts;

/* What happened since the batch before. Bounded: what a slow reader couldn't take is counted in
 * @dropped, and is in the history. */
typedef struct {
  const char *run_id; /* which run it is: of the load, or of the play of a drill */
  gint64 now_ns;
  gint64 planned_ns; /* when the last event is due */
  KelvinLoadCounts counts;
  const KelvinLoadAttempt *attempts;
  guint n_attempts;
  const KelvinLoadTransition *transitions;
  guint n_transitions;
  const gint64 *due_ns; /* events that fell due */
  guint n_due;
  const KelvinLoadDoor *doors;
  guint n_doors;
  guint64 dropped;
} KelvinLoadBatch;

/* Called on the caller's context at most once in 16 ms, and once more before the load returns; the
 * batch is valid until it returns. */
typedef void (*KelvinLoadFunc) (const KelvinLoadBatch *batch, gpointer user_data);

/* --- what came of it --- */

typedef struct {
  KelvinRun *run;
  char *pattern; /* "steady", …, "closed" */
  guint64 seed;
  gint64 started_ns; /* monotonic: what the records' times count from */
  guint64 offered;   /* = completed + function_errors + throttled */
  guint64 completed;
  guint64 function_errors; /* caller timeouts among them */
  guint64 throttled;
  guint64 cancelled; /* under way when the load was stopped; not offered */
  guint64 caller_timeouts;
  guint64 attempts;
  guint64 first_attempt_successes;
  guint64 throttled_attempts[KELVIN_N_THROTTLES]; /* by limit */
  guint64 refused_connections;                    /* by the cap of a door */
  char *door_holders;      /* nullable: who held the others, at the first of them */
  gint64 planned_last_ns;  /* of virtual time: when the last event was due */
  gint64 planned_drain_ns; /* of virtual time: from the last event due to the last settled */
  gint64 engine_cpu_ns;    /* of the engine's own thread */
  gint64 duration_ns;      /* from the beginning until the last event was sent */
  gint64 drain_ns;         /* from then until the last one was settled */
  guint64 cold_starts;
  guint64 burst_cold_starts; /* of those: in the burst of a drill */
  guint peak_concurrency;
  guint environments;
  double planned_rate; /* events a second; NAN for a closed load */
  double reached_rate; /* events a second that were sent */
  gint64 lateness_p50_ns, lateness_p99_ns, lateness_max_ns; /* -1 where n can't carry it */
  char *stopped_by; /* nullable: the condition that ended it early, in words */
  char *warning;    /* nullable: what this machine can carry, a rate that wasn't reached */
  KelvinSummary latency, cold_latency, warm_latency, queue; /* milliseconds */
} KelvinLoadResult;

void kelvin_load_result_free (KelvinLoadResult *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinLoadResult, kelvin_load_result_free)
/* As `kelvin load --json` (contract.md), with what else stands above besides. It is kept with the
 * run, as its details_json. */
JsonNode *kelvin_load_result_to_json (const KelvinLoadResult *self);

/* A run of kind `load`. Cancelling ends what is under way and returns what was measured, with
 * run->status `cancelled`. @func is nullable. */
void kelvin_engine_load_async (KelvinEngine *self, const KelvinLoadRequest *request,
                               GCancellable *cancellable, KelvinLoadFunc func, gpointer func_data,
                               GAsyncReadyCallback callback, gpointer user_data);
KelvinLoadResult *kelvin_engine_load_finish (KelvinEngine *self, GAsyncResult *result,
                                             GError **error);

G_END_DECLS
