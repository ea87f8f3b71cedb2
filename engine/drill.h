#pragma once

#include "engine/load.h"

G_BEGIN_DECLS

/* Failure scenarios, played in planned time: who meets whom follows from seed, plan and limits, so
 * that one seed has one result, and only what is measured differs (engine/load-private.h). */

typedef struct {
  const char *name;    /* "cold-burst" */
  const char *summary; /* what happens, a sentence */
  const char *fix;     /* what helps, a sentence */
} KelvinDrillInfo;

/* All there are, in order; static. */
const KelvinDrillInfo *kelvin_drill_list (guint *out_n);

typedef struct {
  gint64 at_ms; /* planned */
  char *what;
} KelvinDrillStep;

/* One play of a drill. */
typedef struct {
  GPtrArray *steps; /* of KelvinDrillStep */
  KelvinLoadResult *load;
  gboolean harmed;
  char *cause;
} KelvinDrillPlay;

typedef struct {
  const KelvinDrillInfo *drill;
  guint64 seed;
  gint64 step_ms;         /* of planned time: what an attempt takes */
  KelvinDrillPlay *first; /* never NULL */
  KelvinDrillPlay *fixed; /* the same with the fix; NULL where that wasn't asked for */
} KelvinDrillReport;

void kelvin_drill_report_free (KelvinDrillReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinDrillReport, kelvin_drill_report_free)
/* As `kelvin drill NAME --json` (contract.md); the play with the fix stands under "withFix". */
JsonNode *kelvin_drill_report_to_json (const KelvinDrillReport *self);
/* The same for people to keep. (transfer full) */
char *kelvin_drill_report_to_markdown (const KelvinDrillReport *self);

typedef struct {
  const char *name;
  const char *function_dir;
  GBytes *event; /* NULL: {} */
  guint64 seed;
  gboolean with_fix;
} KelvinDrillRequest;

/* Each play is a run of kind `drill`. Cancelling fails with G_IO_ERROR_CANCELLED; what was played
 * is in the history. @func is nullable and sees each play from its beginning. */
void kelvin_engine_drill_async (KelvinEngine *self, const KelvinDrillRequest *request,
                                GCancellable *cancellable, KelvinLoadFunc func, gpointer func_data,
                                GAsyncReadyCallback callback, gpointer user_data);
KelvinDrillReport *kelvin_engine_drill_finish (KelvinEngine *self, GAsyncResult *result,
                                               GError **error);

G_END_DECLS
