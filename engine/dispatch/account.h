#pragma once

#include "engine/analysis/cost.h"
#include "engine/environment/environment.h"
#include "engine/environment/target.h"
#include "engine/model/invocation.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

/* A run that begins now: its id, times, version, commit and note are set. (transfer full) */
KelvinRun *kelvin_account_new_run (KelvinRunKind kind, const KelvinTarget *target,
                                   const KelvinEnvironmentHost *host, const char *engine_id,
                                   gint64 now_us);

/* The record of a settled attempt, priced. @environment 0: none was reached. @now_us is real time,
 * and
 * @now_ns monotonic: the same instant, by which `started_at_us` is told. (transfer full) */
KelvinInvocation *kelvin_account_new_invocation (const KelvinDelivery *delivery,
                                                 const KelvinRun *run, const KelvinTarget *target,
                                                 guint64 environment, guint64 number,
                                                 KelvinPriceTable *prices, gint64 now_us,
                                                 gint64 now_ns);

G_END_DECLS
