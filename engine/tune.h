#pragma once

#include "engine/analysis/memory-model.h"
#include "engine/engine.h"

G_BEGIN_DECLS

/* Tuning: what a function takes and costs at several memory sizes, each measured under its true
 * share of processor time. */

#define KELVIN_TUNE_MOST_SIZES 32
#define KELVIN_TUNE_MOST_RUNS 1000
/* Fewer carry no interval of the median. */
#define KELVIN_TUNE_USUAL_RUNS 20

typedef struct {
  const char *function_dir;
  GBytes *event;          /* JSON text; NULL: {} */
  const char *event_name; /* nullable */
  GArray *memory_mb;      /* nullable: of guint; the usual sizes */
  guint runs;             /* warm invokes a size, from 1 */
} KelvinTuneRequest;

typedef struct {
  guint memory_mb;
  KelvinSummary duration_ms;  /* of successful warm invokes, as REPORT has it */
  GArray *samples_ms;         /* of double, in their order */
  GArray *cpu_ms;             /* of double */
  guint errors;               /* invokes that failed */
  KelvinStatus failure;       /* of the last that failed; KELVIN_STATUS_OK: none did */
  gint64 billed_ms;           /* of the median; -1 without one */
  gint64 cost_pico_usd;       /* of a call that takes the median; -1 without one */
  gint64 cost_low, cost_high; /* of its 95 % interval; -1 where there is none */
} KelvinTunePoint;

typedef struct {
  guint memory_mb;
  double duration_ms;
  gint64 cost_pico_usd;
} KelvinTunePrediction;

typedef struct {
  KelvinRun *run;
  char *event_name; /* nullable */
  guint runs;
  GPtrArray *points; /* of KelvinTunePoint, the smallest size first */
  guint processors;  /* of this machine: above their share nothing gets faster here */

  guint cheapest, fastest, balanced; /* MB; 0: no size succeeded */

  gboolean has_model;
  KelvinMemoryModel model;
  GArray *predictions; /* of KelvinTunePrediction: usual sizes that weren't measured */
  /* One thread computed: more than one core's share doesn't make it faster. */
  gboolean single_threaded;
  guint beyond_machine_mb; /* the smallest size whose share this machine can't give; 0: none */
} KelvinTune;
void kelvin_tune_free (KelvinTune *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinTune, kelvin_tune_free)

/* (nullable): that size wasn't measured */
const KelvinTunePoint *kelvin_tune_get_point (const KelvinTune *self, guint memory_mb);
/* As `kelvin tune --json` (contract.md). */
JsonNode *kelvin_tune_to_json (const KelvinTune *self);
/* A sentence on each thing that a person should know beside the figures. (transfer full) */
char **kelvin_tune_get_remarks (const KelvinTune *self);

/* NULL if it can be run; else what is wrong and what would be right. (transfer full) */
char *kelvin_tune_request_check (const KelvinTuneRequest *request);

/* Sizes in turn, in random order in each round, in environments of their own, so that a machine
 * that drifts favours none. Cancelling returns what was measured, with run->status `cancelled`. */
void kelvin_engine_tune_async (KelvinEngine *self, const KelvinTuneRequest *request,
                               GCancellable *cancellable, KelvinProgressFunc progress,
                               gpointer progress_data, GAsyncReadyCallback callback,
                               gpointer user_data);
KelvinTune *kelvin_engine_tune_finish (KelvinEngine *self, GAsyncResult *result, GError **error);

G_END_DECLS
