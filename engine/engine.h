#pragma once

#include <gio/gio.h>

#include "engine/analysis/advice.h"
#include "engine/analysis/import-profile.h"
#include "engine/analysis/price-table.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/timeline.h"
#include "engine/history/store.h"
#include "engine/machine-noise.h"
#include "engine/model/function.h"
#include "engine/model/invocation.h"
#include "engine/model/isolation.h"
#include "engine/model/machine.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

#define KELVIN_ENGINE_ERROR (kelvin_engine_error_quark ())
typedef enum {
  KELVIN_ENGINE_ERROR_BAD_INPUT,  /* exit 2: function, event or option; the message is whole */
  KELVIN_ENGINE_ERROR_CANNOT_RUN, /* exit 3: no namespaces, no launcher, disk full, database damaged
                                   */
} KelvinEngineError;
GQuark kelvin_engine_error_quark (void);

/* The facade that ui/ and app/ call. Its calls are asynchronous and return on the thread-default
 * context of their caller; the work is done on the engine's own thread. Works without a window. */
#define KELVIN_TYPE_ENGINE (kelvin_engine_get_type ())
G_DECLARE_FINAL_TYPE (KelvinEngine, kelvin_engine, KELVIN, ENGINE, GObject)

typedef struct {
  const char *data_dir; /* nullable: the default one */
  KelvinStorePayloads payloads;
  KelvinIsolation isolation; /* of all that it runs, and kept with each run */
} KelvinEngineOptions;

/* Returns at once; opening goes on in the background, and calls made meanwhile wait for it. If it
 * fails they fail with its error. */
KelvinEngine *kelvin_engine_new (const KelvinEngineOptions *options);

/* Ends every environment, cancels what runs, writes what is queued. */
void kelvin_engine_close_async (KelvinEngine *self, GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean kelvin_engine_close_finish (KelvinEngine *self, GAsyncResult *result, GError **error);

/* (transfer none): for reading the history; NULL until opening has finished */
KelvinStore *kelvin_engine_get_store (KelvinEngine *self);
/* (transfer none): what calls are priced by; NULL until opening has finished */
KelvinPriceTable *kelvin_engine_get_prices (KelvinEngine *self);
/* Resolves when opening has finished: then get_store is there. */
void kelvin_engine_wait_open_async (KelvinEngine *self, GAsyncReadyCallback callback,
                                    gpointer user_data);
gboolean kelvin_engine_wait_open_finish (KelvinEngine *self, GAsyncResult *result, GError **error);

/* Called on the caller's context while a call is under way, at most once in 50 ms. */
typedef struct {
  guint done;
  guint total;
  KelvinInvocation *last; /* nullable; (transfer none) */
} KelvinProgress;
typedef void (*KelvinProgressFunc) (const KelvinProgress *progress, gpointer user_data);

typedef struct {
  const char *function_dir;
  GBytes *event;          /* JSON text; NULL: {} */
  const char *event_name; /* nullable: "events/hello.json", kept with a profile */
  gboolean cold;          /* a new environment even if one is idle */
} KelvinInvokeRequest;

/* One invocation, as a run of its own. A function that fails isn't an error here: the record says
 * so. Cancelling ends the environment, and the record has status `cancelled`. */
void kelvin_engine_invoke_async (KelvinEngine *self, const KelvinInvokeRequest *request,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
KelvinInvocation *kelvin_engine_invoke_finish (KelvinEngine *self, GAsyncResult *result,
                                               GError **error);

/* Samples of a profile, milliseconds; phases NAN where one did not happen. */
typedef struct _KelvinProfile KelvinProfile;
struct _KelvinProfile {
  KelvinRun *run;
  char *event_name; /* nullable */
  GPtrArray *cold;  /* of KelvinInvocation, in order */
  GPtrArray *warm;
  char *runtime_asked;          /* "python3.11" */
  char *runtime_found;          /* "3.11.2"; NULL for provided */
  char *runtime_path;           /* nullable */
  KelvinImportProfile *imports; /* nullable: unless it was asked for */
  GPtrArray *advice;            /* nullable: likewise; of KelvinAdvice */
  KelvinColdWorth worth;        /* what cold starts cost the function; with advice */
  char *event_hash;             /* SHA-256, hex */
  guint memory_size_mb;
  guint32 seed;           /* of the order in which cold and warm followed each other */
  double until_percent;   /* 0: all were made that were asked for */
  gboolean stopped_early; /* … because the intervals were narrow enough */
  KelvinMachineNoise noise_before, noise_after;
  KelvinProfile *against; /* nullable: what it was measured in turns with */
  char *against_note;     /* nullable */
};
void kelvin_profile_free (KelvinProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinProfile, kelvin_profile_free)
/* As `kelvin profile --json` (contract.md). */
JsonNode *kelvin_profile_to_json (KelvinProfile *self);

typedef struct {
  const char *function_dir;
  GBytes *event;
  const char *event_name; /* nullable */
  guint cold;             /* 0 … 100000 */
  guint warm;
  gboolean
      imports;  /* also record what init imports, in cold starts that are counted nowhere else */
  guint advise; /* with imports: how often what could help is tried; 0: not at all */
  const char *against; /* nullable: a folder, or a commit of the folder's repository, that is
                        * measured in turns with it, as a run of its own */
  guint32 seed;        /* 0: one is chosen */
  /* Ends cold, and warm, once the 95 % interval of the median is that narrow: half its width, in
   * percent of the median. Looked at after 10 and then each tenth more, so that few looks favour a
   * lucky one. 0: never. Not with @against. */
  double until_percent;
} KelvinProfileRequest;

/* Cancelling returns what was measured, with run->status `cancelled`. */
void kelvin_engine_profile_async (KelvinEngine *self, const KelvinProfileRequest *request,
                                  GCancellable *cancellable, KelvinProgressFunc progress,
                                  gpointer progress_data, GAsyncReadyCallback callback,
                                  gpointer user_data);
KelvinProfile *kelvin_engine_profile_finish (KelvinEngine *self, GAsyncResult *result,
                                             GError **error);

/* What `kelvin doctor` shows. Works even where opening the engine failed. */
void kelvin_engine_examine_async (KelvinEngine *self, GCancellable *cancellable,
                                  GAsyncReadyCallback callback, gpointer user_data);
KelvinMachine *kelvin_engine_examine_finish (KelvinEngine *self, GAsyncResult *result,
                                             GError **error);

/* The local Lambda endpoint: the Invoke call for each function by its name. @port 0 picks a free
 * one. Runs until @cancellable is cancelled, then drains and returns. @ready is called once, on the
 * caller's context. */
typedef void (*KelvinServeReadyFunc) (const char *url, gpointer user_data);
void kelvin_engine_serve_async (KelvinEngine *self, const char *const *function_dirs,
                                const char *host, guint port, GCancellable *cancellable,
                                KelvinServeReadyFunc ready, gpointer ready_data,
                                GAsyncReadyCallback callback, gpointer user_data);
gboolean kelvin_engine_serve_finish (KelvinEngine *self, GAsyncResult *result, GError **error);

/* Tells the engine that a function's files changed: its idle environments are retired, the next
 * invoke takes a new version. The window calls it when its code watch says so. */
void kelvin_engine_function_changed (KelvinEngine *self, const char *function_dir);

/* From now on the door @door_name of the function in @function_dir (as kelvin_function_get_dir says
 * it) does this to connections, instead of what its function.json says: how a drill lets a service
 * be slow or refuse, without an edit. @faults NULL: as in function.json again. Takes effect before
 * whatever is asked of the engine afterwards. Files of engine/ call the door keeper itself. */
void kelvin_engine_set_door_faults (KelvinEngine *self, const char *function_dir,
                                    const char *door_name, const KelvinDoorFaults *faults);

G_END_DECLS
