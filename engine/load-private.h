#pragma once

#include "engine/engine-private.h"
#include "engine/load-count.h"
#include "engine/load-live.h"

G_BEGIN_DECLS

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

  KelvinTarget *target;
  KelvinAdmissionRules rules;
  KelvinRun *run;
  KelvinLoadCount *count;
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

/* --- load-run.c --- */

/* An event has its outcome and is gone. */
void kelvin_load_event_ended (KelvinLoad *load);

G_END_DECLS
