#pragma once

#include "engine/analysis/cost.h"
#include "engine/clock.h"
#include "engine/dispatch/dispatcher.h"
#include "engine/engine.h"
#include "engine/environment/code-store.h"
#include "engine/own-endpoint.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* What the files of the facade share. All but the options belongs to
 * the engine thread once that runs. */
struct _KelvinEngine {
  GObject parent_instance;

  char *data_dir;
  KelvinStorePayloads payloads;
  char *process_folder; /* nullable: of environments without namespaces; set when it opens */

  GMainContext *context; /* of the engine thread */
  GMainLoop *loop;
  GThread *thread;

  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinLauncher *launcher; /* NULL: see launcher_error */
  GError *launcher_error;
  KelvinDoorKeeper *doors;
  KelvinOwnEndpoint *own_endpoint; /* NULL once it is closed */
  KelvinEnvironmentHost host;
  KelvinDispatcher *dispatcher;
  KelvinCodeStore *code_store;
  KelvinPriceTable *prices;
  KelvinStore *store; /* set once, atomically: kelvin_engine_get_store reads it from any thread */

  GPtrArray *loads; /* of KelvinLoad: those under way, told of each transition; not owned */

  guint openings;     /* under way */
  gboolean opened;    /* whether or not it worked */
  GError *open_error; /* why it did not */
  GQueue waiting;     /* of Job: what came before opening had finished */
  gboolean closing;
  GTask *close_task;
};

/* A step of the facade that runs on the engine thread. It refers to @task if it outlives the call.
 */
typedef void (*KelvinEngineFunc) (KelvinEngine *self, GTask *task);

/* Runs @func on the engine thread once opening has finished; where it failed, @task fails with its
 * error. Takes @task. */
void kelvin_engine_call (KelvinEngine *self, GTask *task, KelvinEngineFunc func);

/* Tells the loads under way of a step of an environment. */
void kelvin_engine_tell_loads (KelvinEngine *self, const char *run_id,
                               const KelvinTransition *transition);

/* The same error in the facade's domain: whose fault is it, the input's or the machine's? Takes
 * @error. */
GError *kelvin_engine_translate_error (GError *error);

G_END_DECLS
