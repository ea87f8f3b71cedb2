#pragma once

#include "engine/load.h"
#include "ui/charts/lane-data.h"
#include "ui/charts/scatter.h"

G_BEGIN_DECLS

/* From the engine's records to those of the charts. Pure. */

/* FALSE where the attempt reached no environment. */
gboolean kelvin_load_bar_of_attempt (const KelvinLoadAttempt *attempt, KelvinLaneBar *out_bar);
/* FALSE where the event isn't settled by this attempt, or wasn't answered. */
gboolean kelvin_load_dot_of_attempt (const KelvinLoadAttempt *attempt, KelvinScatterDot *out_dot);

/* The same of what the history kept; @started_us: of the run. */
gboolean kelvin_load_bar_of_invocation (const KelvinInvocation *invocation, gint64 started_us,
                                        KelvinLaneBar *out_bar);
gboolean kelvin_load_dot_of_invocation (const KelvinInvocation *invocation, gint64 started_us,
                                        KelvinScatterDot *out_dot);

G_END_DECLS
