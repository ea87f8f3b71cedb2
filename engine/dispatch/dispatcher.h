#pragma once

#include "engine/dispatch/free-memory.h"
#include "engine/environment/environment.h"
#include "engine/model/admission.h"

G_BEGIN_DECLS

/* The one admission point: takes an event, chooses an idle environment of its version (the most
 * recently used first) or starts a new one, and retires those that nobody needs. Engine thread
 * alone. */
typedef struct _KelvinDispatcher KelvinDispatcher;

/* One event on its way: valid from kelvin_dispatcher_invoke until `settled` returns. */
typedef struct _KelvinCall KelvinCall;

typedef enum {
  KELVIN_CALL_ANY = 0,
  KELVIN_CALL_COLD = 1 << 0, /* a new environment even if one is idle */
  KELVIN_CALL_LAST = 1 << 1, /* the environment ends afterwards; `settled` comes when it is dead, so
                              * that its end doesn't disturb what is measured next */
  KELVIN_CALL_PROVISION = 1 << 2, /* no event: a new environment, idle after its init, that is kept
                                   * until it is retired; its later events have the start
                                   * `provisioned` */
} KelvinCallFlags;

typedef struct {
  KelvinTarget *target;
  const char *run_id; /* whose transitions these are */
  GBytes *event;
  const char *client_context; /* nullable */
  const char *trace_id;       /* nullable: a new one */
  KelvinCallFlags flags;
  KelvinRecording recording;         /* of a cold one */
  const KelvinAdmissionRules *rules; /* nullable: the service's, with the function's reservation */
  gint64 due_ns; /* monotonic: when it should have come; phase `queue` begins then. 0: now */
} KelvinCallRequest;

/* But for `admitted`, never called from inside kelvin_dispatcher_invoke. */
typedef struct {
  /* Both nullable. No limit is in its way any more, and it uses concurrency … */
  void (*admitted) (KelvinCall *call, gpointer user_data);
  /* … until now: `settled` follows. */
  void (*released) (KelvinCall *call, gpointer user_data);
  /* The caller can be answered. */
  void (*responded) (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data);
  /* The attempt is over and its record complete. */
  void (*settled) (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
                   gpointer user_data);
} KelvinCallEvents;

/* Every step of every environment, with the run that started it. */
typedef void (*KelvinTransitionFunc) (const char *run_id, const KelvinTransition *transition,
                                      gpointer user_data);

KelvinDispatcher *kelvin_dispatcher_new (const KelvinEnvironmentHost *host,
                                         KelvinTransitionFunc moved, gpointer user_data);
/* How free memory is looked at, for tests; NULL: the machine's. */
void kelvin_dispatcher_set_memory_func (KelvinDispatcher *self, KelvinMemoryFunc func,
                                        gpointer user_data);
/* How long an environment may be idle; ten minutes unless told. For those that become idle from now
 * on. */
void kelvin_dispatcher_set_idle_ns (KelvinDispatcher *self, gint64 idle_ns);
/* Every environment must be dead: see kelvin_dispatcher_close. */
void kelvin_dispatcher_free (KelvinDispatcher *self);

KelvinCall *kelvin_dispatcher_invoke (KelvinDispatcher *self, const KelvinCallRequest *request,
                                      const KelvinCallEvents *events, gpointer user_data);
/* Ends the environment that serves it; `settled` comes before this returns, but for the last call
 * of an environment. */
void kelvin_call_cancel (KelvinCall *call);

/* Idle environments of the function in @function_dir end, except those of the version @keep_hash
 * (nullable); busy ones end when they are done. */
void kelvin_dispatcher_retire (KelvinDispatcher *self, const char *function_dir,
                               const char *keep_hash, const char *reason);
/* Those of the function in @function_dir that aren't dead yet. */
guint kelvin_dispatcher_count_of (KelvinDispatcher *self, const char *function_dir);
/* Makes as many provisioned environments of @target as are missing to @n; they come in their own
 * time. What is over them is started on demand (spill-over). */
void kelvin_dispatcher_provision (KelvinDispatcher *self, KelvinTarget *target, const char *run_id,
                                  guint n);
/* Are provisioned environments of the function still being made? */
gboolean kelvin_dispatcher_is_provisioning (KelvinDispatcher *self, const char *function_dir);
/* Provisioned environments of the function end; busy ones when they are done. */
void kelvin_dispatcher_end_provisioned (KelvinDispatcher *self, const char *function_dir);
/* Ends everything; @closed is called when no process is left, never from inside. */
void kelvin_dispatcher_close (KelvinDispatcher *self, void (*closed) (gpointer),
                              gpointer user_data);

guint kelvin_dispatcher_count_environments (KelvinDispatcher *self);

G_END_DECLS
