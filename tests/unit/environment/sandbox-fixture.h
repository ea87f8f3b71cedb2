#pragma once

#include "engine/environment/launcher.h"
#include "engine/environment/sandbox-plan-private.h"
#include "engine/fd.h"

G_BEGIN_DECLS

/* A launcher and one sandbox, and what the sandbox has reported. What runs in it is a line of
 * shell. */
typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinLauncher *launcher;
  KelvinSandbox *sandbox;

  KelvinFd api_fd;
  GError *error;
  KelvinExit how;
  KelvinUsage usage;
  gint64 ready_ns;
  gint64 mark_ns;
  guint n_usages;
  gboolean exited;
  gint64 frozen_ns; /* 0: not yet */
  gboolean cleared;
  gboolean started_again;
  gboolean gone;
} SandboxFixture;

typedef struct {
  const char *name;
  void (*func) (SandboxFixture *f);
} SandboxCase;

extern const KelvinSandboxEvents sandbox_events;

/* kelvin-launcher, where every user can execute it. */
const char *sandbox_program (void);

/* A sandbox without code that executes @arguments. */
KelvinSandboxPlan *sandbox_plan_program (const char *const *arguments);
KelvinSandboxPlan *sandbox_plan_script (const char *script);
/* Puts @step before the one that seals the root. */
void sandbox_plan_insert (KelvinSandboxPlan *plan, const KelvinPlanStep *step);
void sandbox_start_plan (SandboxFixture *f, KelvinSandboxPlan *plan);
void sandbox_start (SandboxFixture *f, const char *script);
void sandbox_wait_until (SandboxFixture *f, const gboolean *condition);
void sandbox_wait_until_ready (SandboxFixture *f);
void sandbox_ask_usage (SandboxFixture *f);
/* What was written on standard output until the runtime ended, without the last newline. */
char *sandbox_run_plan (SandboxFixture *f, KelvinSandboxPlan *plan);
char *sandbox_run (SandboxFixture *f, const char *script);

/* Runs each case as this user, and for root once more as an ordinary one. Main returns it. */
int sandbox_run_cases (int argc, char **argv, const char *group, const SandboxCase *cases,
                       gsize n_cases);

G_END_DECLS
