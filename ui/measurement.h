#pragma once

#include "engine/engine.h"
#include "ui/init-code.h"

G_BEGIN_DECLS

/* What a profile measured: its run and its calls, as the engine returned or the history kept them;
 * without calls that were cut off by cancelling. */
typedef struct {
  KelvinRun *run;
  GPtrArray *cold; /* of KelvinInvocation, in order */
  GPtrArray *warm;
  char *runtime_asked;       /* nullable: "python3.11" */
  char *runtime_found;       /* nullable: "3.11.2" */
  JsonArray *advice;         /* nullable: nothing was tried */
  KelvinInitCode *init_code; /* nullable: what init imports wasn't recorded */
} KelvinMeasurement;

void kelvin_measurement_free (KelvinMeasurement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinMeasurement, kelvin_measurement_free)

KelvinMeasurement *kelvin_measurement_new_from_profile (const KelvinProfile *profile);

/* The newest profile of a function in the history. */
void kelvin_measurement_load_async (KelvinStore *store, const char *function_name,
                                    GCancellable *cancellable, GAsyncReadyCallback callback,
                                    gpointer user_data);
/* NULL without an error where there is none. (nullable) */
KelvinMeasurement *kelvin_measurement_load_finish (KelvinStore *store, GAsyncResult *result,
                                                   GError **error);

/* The times that callers waited, milliseconds, of the calls that succeeded. (element-type double)
 */
GArray *kelvin_measurement_get_totals (GPtrArray *invocations);
/* The same of one phase, where it happened. (element-type double) */
GArray *kelvin_measurement_get_phase (GPtrArray *invocations, KelvinPhase phase);
/* The call whose time is nearest to the median of those that succeeded. (nullable) (transfer none)
 */
KelvinInvocation *kelvin_measurement_find_median (GPtrArray *invocations);

/* The call whose billed time, init and duration, is nearest to the median. (nullable) (transfer
 * none) */
KelvinInvocation *kelvin_measurement_find_typical_bill (GPtrArray *invocations);
/* The first call that failed. (nullable) (transfer none) */
KelvinInvocation *kelvin_measurement_find_failed (const KelvinMeasurement *self);
/* How a failed call failed, in a sentence. (transfer full) */
char *kelvin_measurement_describe_failure (const KelvinInvocation *invocation);

/* What the figures rest on, in a sentence: how many, on what, with which limits. @machine is
 * nullable. (transfer full) */
char *kelvin_measurement_describe (const KelvinMeasurement *self, const KelvinMachine *machine,
                                   gint64 now_us);

G_END_DECLS
