/* One whole sandbox, made only to see whether it can be. */

#include "engine/environment/launcher-private.h"

#include "engine/environment/sandbox-plan-private.h"

typedef struct {
  GError *error;
  gboolean exited;
  gboolean gone;
} Trial;

static void
ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  close (api_fd);
}

static void
failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  Trial *trial = user_data;

  if (trial->error == NULL)
    trial->error = g_error_copy (error);
}

static void
exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  Trial *trial = user_data;

  trial->exited = !how->signalled && how->code == 0;
  if (!trial->exited)
    trial->error = g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                                "A program that only exits ended with %s %d in a sandbox",
                                how->signalled ? "signal" : "status", how->code);
  kelvin_sandbox_kill (sandbox);
}

static void
gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  Trial *trial = user_data;

  trial->gone = TRUE;
}

static const KelvinSandboxEvents trial_events = {
  .ready = ready_cb, .failed = failed_cb, .exited = exited_cb, .gone = gone_cb
};

static void
try (KelvinLauncher *launcher, GMainContext *context, Trial *trial)
{
  g_autoptr (KelvinSandboxPlan) plan = kelvin_sandbox_plan_new_trial ();
  KelvinSandbox *sandbox =
      kelvin_sandbox_start (launcher, plan, &trial_events, trial, &trial->error);

  if (sandbox == NULL)
    return;
  while (!trial->gone)
    g_main_context_iteration (context, TRUE);
  kelvin_sandbox_free (sandbox);
  if (!trial->exited && trial->error == NULL)
    trial->error =
        g_error_new_literal (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                             "The sandbox ended before a program had been executed in it");
}

static void
gained_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  kelvin_launcher_gain_groups_finish (result);
  *(gboolean *) user_data = TRUE;
}

static void
gain_groups (KelvinLauncher *launcher, GMainContext *context)
{
  gboolean done = FALSE;

  g_main_context_push_thread_default (context);
  kelvin_launcher_gain_groups_async (launcher, gained_cb, &done);
  while (!done)
    g_main_context_iteration (context, TRUE);
  g_main_context_pop_thread_default (context);
}

GError *
kelvin_launcher_try_sandbox (const char *program, const char **out_limits)
{
  g_return_val_if_fail (program != NULL, NULL);

  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (KelvinPoller) poller = kelvin_poller_new (context);
  Trial trial = { 0 };
  g_autoptr (KelvinLauncher) launcher = kelvin_launcher_new (program, poller, &trial.error);

  if (launcher != NULL)
    {
      gain_groups (launcher, context);
      try (launcher, context, &trial);
    }
  if (out_limits != NULL)
    *out_limits = launcher != NULL ? kelvin_launcher_get_limits (launcher) : NULL;
  return trial.error;
}
