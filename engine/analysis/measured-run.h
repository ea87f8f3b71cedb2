#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KELVIN_COMPARE_ERROR (kelvin_compare_error_quark ())
typedef enum {
  KELVIN_COMPARE_ERROR_NOT_A_PROFILE, /* not a document of `profile --json`; what is wrong with it
                                       */
  KELVIN_COMPARE_ERROR_NOT_COMPARABLE,
  KELVIN_COMPARE_ERROR_NO_SUCH_METRIC,
} KelvinCompareError;
GQuark kelvin_compare_error_quark (void);

/* Samples of one quantity of a run. */
typedef struct {
  char *name;     /* "cold.totalMs", "cold.phases.initMs", "memory.peakMB" */
  GArray *values; /* of double */
} KelvinMeasuredSet;

/* A profile as it is compared with another: read from the document of `kelvin profile --json`.
 * Texts are NULL where the document doesn't say. */
typedef struct {
  char *label; /* how a person named it: an id, a file */
  char *run_id;
  char *function_name;
  char *version;
  char *event;
  char *event_hash;
  char *isolation;
  char *memory_by; /* what holds the memory size, and the CPU share */
  char *cpu_by;
  char *runtime_asked;
  char *runtime_found;
  char *page_cache;
  char *status;
  gint64 memory_size_mb; /* -1 unknown */
  gint64 cold_count, cold_errors;
  gint64 warm_count, warm_errors;
  GPtrArray *sets;    /* of KelvinMeasuredSet, in the order in which they are shown */
  JsonArray *imports; /* nullable */
} KelvinMeasuredRun;

/* @label: what error messages call it. The tree is only read. */
KelvinMeasuredRun *kelvin_measured_run_read (JsonNode *document, const char *label, GError **error);
void kelvin_measured_run_free (KelvinMeasuredRun *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinMeasuredRun, kelvin_measured_run_free)

/* (nullable): no such samples. A set that is there is empty where nothing succeeded. */
const KelvinMeasuredSet *kelvin_measured_run_get_set (const KelvinMeasuredRun *self,
                                                      const char *name);

G_END_DECLS
