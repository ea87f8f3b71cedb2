#pragma once

#include "engine/model/invocation.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

/* Counts the invocations of a run as they end. Bounded: beyond a million waits of one kind a
 * uniform sample of a million stands for all (Vitter 1985, algorithm R), seeded by the count, so
 * that it repeats. */
typedef struct _KelvinTally KelvinTally;

/* @run stays the caller's and outlives the tally. */
KelvinTally *kelvin_tally_new (KelvinRun *run);
void kelvin_tally_free (KelvinTally *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinTally, kelvin_tally_free)

/* Adds to the run's sums. A failure becomes its status; the first one counts. */
void kelvin_tally_add (KelvinTally *self, const KelvinInvocation *invocation);
/* Sets the run's percentiles of the time that callers waited, of the successful invocations. */
void kelvin_tally_set_percentiles (KelvinTally *self);
/* The run has ended: percentiles, time and, where nothing failed, status `ok`. */
void kelvin_tally_end_run (KelvinTally *self, gint64 now_us);

G_END_DECLS
