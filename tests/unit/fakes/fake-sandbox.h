#pragma once

#include "engine/environment/launcher.h"
#include "engine/environment/target.h"
#include "engine/runtime/runtime-api.h"

/* A launcher without processes and a Runtime API without sockets: tests that link these instead of
 * launcher.c, sandbox.c, sandbox-plan.c and runtime-api.c call by hand what a sandbox would report.
 */

struct _KelvinSandbox {
  KelvinSandboxEvents events;
  gpointer user_data;
  KelvinRuntimeApi *api; /* NULL before `ready` */
  int out[2];
  int err[2];
  guint usages_asked;
  gboolean collects_report;
  guint clears_asked;
  guint starts_asked;
  gboolean killed;
  gboolean frozen;
  const KelvinUsage *in_groups; /* what its control groups say; NULL: it has none */
  gboolean killed_for_memory;
  gboolean was_parked;
  gint64 temporary_bytes; /* in its /tmp */
  guint cpu_memory_mb;    /* the share that it was given; 0: no limit */
};

struct _KelvinRuntimeApi {
  KelvinRuntimeApiEvents events;
  gpointer user_data;
  guint delivered;
  guint resets;
  gint64 deadline_ms; /* of the event that was delivered last */
  char *request_id;
};

/* The newest that was made and not freed; NULL if there is none. */
KelvinSandbox *fake_sandbox_newest (void);
KelvinRuntimeApi *fake_api_newest (void);
/* In the order of their making; those that were freed are left out. (element-type KelvinSandbox) */
GPtrArray *fake_sandboxes (void);

/* From now on no plan can be made, for this reason; NULL: it can. */
void fake_sandbox_fail_to_plan (const char *message);

void fake_sandbox_report_ready (KelvinSandbox *sandbox, gint64 at_ns);
void fake_sandbox_answer_usages (KelvinSandbox *sandbox, gint64 cpu_us, gint64 memory_bytes);
/* The answers to what was asked for, which must have been. */
void fake_sandbox_report_cleared (KelvinSandbox *sandbox);
void fake_sandbox_report_started_again (KelvinSandbox *sandbox, gint64 at_ns);
/* Reports `gone`, which frees it. */
void fake_sandbox_report_gone (KelvinSandbox *sandbox);
void fake_api_ask_next (KelvinRuntimeApi *api, gint64 at_ns);
void fake_api_respond (KelvinRuntimeApi *api, const char *text, gint64 at_ns);

/* A provided function of 128 MB and 3 s, in the version @hash. */
KelvinTarget *fake_target_new (const char *hash);
