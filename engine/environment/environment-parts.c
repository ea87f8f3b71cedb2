#include "engine/environment/environment-private.h"
#include "engine/environment/variables.h"
#include "engine/fd.h"

static KelvinSandboxPlan *
make_plan (KelvinEnvironment *self, const char *const *variables, GError **error)
{
  const KelvinTarget *target = self->target;

  if (self->host->isolation == KELVIN_ISOLATION_NAMESPACES)
    return kelvin_sandbox_plan_new (target->version, target->interpreter, variables, error);

  g_autofree char *folder =
      g_strdup_printf ("%s/%" G_GUINT64_FORMAT, self->host->process_folder, self->number);
  return kelvin_sandbox_plan_new_process (target->version, target->interpreter, variables, folder,
                                          error);
}

gboolean
kelvin_environment_start_sandbox (KelvinEnvironment *self, const KelvinSandboxEvents *events,
                                  GError **error)
{
  KelvinRecording recording = self->delivery->recording;
  g_auto (GStrv) variables =
      kelvin_variables_new (self->target, self->log_stream, recording,
                            self->delivery->provisions ? "provisioned-concurrency" : "on-demand");
  g_autoptr (KelvinSandboxPlan) plan = make_plan (self, (const char *const *) variables, error);

  if (plan == NULL)
    return FALSE;
  kelvin_timeline_begin (&self->timeline, kelvin_clock_now_ns (self->host->clock));
  self->sandbox = kelvin_sandbox_start (self->host->launcher, plan, events, self, error);
  if (self->sandbox == NULL)
    return FALSE;
  if (recording != KELVIN_RECORD_NOTHING)
    kelvin_sandbox_collect_report (self->sandbox);
  self->output =
      kelvin_output_capture_new (self->host->poller, kelvin_sandbox_get_stdout_fd (self->sandbox),
                                 kelvin_sandbox_get_stderr_fd (self->sandbox));

  return TRUE;
}

static void
open_doors (KelvinEnvironment *self)
{
  int fds[KELVIN_DOORS_MOST_LISTENERS];
  guint n_fds = kelvin_sandbox_take_listeners (self->sandbox, fds);

  if (n_fds > 0)
    self->doors = kelvin_doors_new (self->host->poller, self->host->clock, self->host->doors,
                                    kelvin_version_get_function (self->target->version),
                                    self->number, fds, n_fds);
}

void
kelvin_environment_open_api (KelvinEnvironment *self, int api_fd,
                             const KelvinRuntimeApiEvents *events)
{
  self->api = kelvin_runtime_api_new (self->host->poller, api_fd, events, self);
  open_doors (self);
}

void
kelvin_environment_release_parts (KelvinEnvironment *self)
{
  g_clear_pointer (&self->limit, kelvin_timer_cancel);
  g_clear_pointer (&self->api, kelvin_runtime_api_free);
  g_clear_pointer (&self->doors, kelvin_doors_free);
  g_clear_pointer (&self->output, kelvin_output_capture_free);
  g_clear_pointer (&self->sandbox, kelvin_sandbox_free);
}
