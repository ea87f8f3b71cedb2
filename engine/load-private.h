#pragma once

#include "engine/engine-private.h"
#include "engine/fake-service.h"
#include "engine/load-count.h"
#include "engine/load-live.h"

G_BEGIN_DECLS

/* What a drill's load has beside a person's. All zero: nothing.
 *
 * Planned time: virtual time stands still while an attempt runs and then goes on by one step. What
 * is due in a step is sent together, in the order of the events, and each attempt holds its
 * environment until the step's end. So who meets whom is decided by seed, plan and limits, never by
 * this machine's speed; only what is measured differs from one time to the next. */
typedef struct {
  KelvinRunKind kind;
  gint64 step_ns;       /* of planned time; 0: real time */
  gboolean fresh;       /* begins without an idle environment */
  gint64 pause_from_ns; /* nothing is admitted from here … */
  gint64 pause_to_ns;   /* … until here: as if others used all concurrency */
  gint64 burst_from_ns; /* cold starts from here on are counted apart */
  guint cap_attempts;   /* ends when it has cost what so many steps do; 0: no cap */
  gboolean needs_door;  /* the function's first door leads to a small service of Kelvin's … */
  KelvinDoorFaults door_faults; /* … and does this */
} KelvinLoadPlay;

typedef struct _KelvinLoad KelvinLoad;
typedef struct _KelvinLoadEvent KelvinLoadEvent;

/* A load under way: the data of its task, which is referred to from `begin` to `done`. */
struct _KelvinLoad {
  KelvinEngine *engine;
  GTask *task; /* whose data this is */
  char *function_dir;
  char *event_name;
  GBytes *event;
  KelvinLoadRequest request; /* its pointers are not used: see those above */
  GArray *plan;              /* of gint64: when events are due; NULL: closed */
  KelvinLoadLive *live;

  KelvinLoadPlay play;
  KelvinFakeService *service; /* behind the door; NULL: none is needed */
  gint64 attempt_pico_usd;    /* of an attempt that takes a step */
  gint64 last_due_ns;         /* virtual, from the beginning: when the last event was sent */
  guint tries_under_way;
  KelvinTimer *stepping;

  KelvinTarget *target;
  KelvinAdmissionRules rules;
  KelvinRun *run;
  KelvinLoadCount *count;
  gint64 started_cpu_ns;     /* of the engine thread */
  gint64 started_ns;         /* monotonic */
  gint64 started_virtual_ns; /* what due times count from */
  gint64 last_sent_ns;       /* monotonic */
  guint next;                /* in the plan: the event to send */
  guint due_told;            /* in the plan: up to where `due` records went */
  guint64 number;            /* of the last event */
  GHashTable *events;        /* KelvinLoadEvent, a set: those without an outcome */
  KelvinTimer *sending;      /* until the next event is due; NULL: none is */
  KelvinTimer *ticking;
  gint64 run_written_ns;
  GArray *open_at_doors; /* of guint: connections when they were last told, a door */
  GPtrArray *warm_ups;   /* of KelvinCall: under way */
  guint warm_left;       /* to be sent */
  GSource *cancel;
  gboolean cancelled;
  gboolean stopped; /* nothing is sent any more */
  gboolean ended;
  char *stopped_by;
  char *warning;            /* what this machine can carry; nullable */
  KelvinLoadResult *result; /* once it has ended */
  GError *error;            /* Kelvin could not run it */
};

/* --- load-event.c --- */

/* Sends a new event that was due at @due_ns (monotonic). */
void kelvin_load_event_start (KelvinLoad *load, gint64 due_ns);
/* Ends those under way, which become `cancelled`; their outcomes come before this returns. */
void kelvin_load_events_cancel (KelvinLoad *load);
/* Those that wait for their next try get no further one: their last one stands. */
void kelvin_load_events_stop_retries (KelvinLoad *load);

/* Sends the further tries whose planned time has come, in the order of their events. */
void kelvin_load_events_send_planned (KelvinLoad *load);

/* --- load-warm.c --- */

/* Makes the environments that were asked for; then kelvin_load_is_warm is called, perhaps from
 * inside. */
void kelvin_load_warm_up (KelvinLoad *load);
void kelvin_load_cancel_warm_ups (KelvinLoad *load);

/* --- load-run.c --- */

/* No warm-up is under way any more. */
void kelvin_load_is_warm (KelvinLoad *load);

/* As kelvin_engine_load_async; @play may be NULL. */
void kelvin_load_start (KelvinEngine *engine, const KelvinLoadRequest *request,
                        const KelvinLoadPlay *play, GCancellable *cancellable, KelvinLoadFunc func,
                        gpointer func_data, GAsyncReadyCallback callback, gpointer user_data);
/* Planned time: no attempt is under way any more. */
void kelvin_load_step_is_over (KelvinLoad *load);
/* Virtual time since the beginning. */
gint64 kelvin_load_get_passed_ns (KelvinLoad *load);

/* An event has its outcome and is gone. */
void kelvin_load_event_ended (KelvinLoad *load);

G_END_DECLS
