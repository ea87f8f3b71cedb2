#pragma once

#include "engine/model/invocation.h"
#include "engine/model/run.h"

G_BEGIN_DECLS

/* How an invocation ended, as a sentence without a full stop: "Succeeded, cold", "Failed: the
 * handler ran out of memory at 256 MB". (transfer full) */
char *kelvin_describe_outcome (KelvinInvocation *invocation);
/* What it took: "billed 161 ms · 38.2 of 256 MB at the peak · CPU 153 ms · $0.00000087". (transfer
 * full) */
char *kelvin_describe_use (KelvinInvocation *invocation);
/* How a run stands, in a word or a few: "ok", "4 failed", "running". (transfer full) */
char *kelvin_describe_run_result (KelvinRun *run);
/* The same as a sentence without a full stop: "All 120 succeeded", "4 of 120 failed", "Failed: it
 * ran out of memory". (transfer full) */
char *kelvin_describe_run_outcome (KelvinRun *run);
/* "invoke", "profile", … in the language of the window; static. */
const char *kelvin_describe_run_kind (KelvinRunKind kind);
/* Where a run's version comes from: "main 81c03d, edited"; NULL without git. (transfer full) */
char *kelvin_describe_commit (KelvinRun *run);

G_END_DECLS
