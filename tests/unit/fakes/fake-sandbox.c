#include "tests/unit/fakes/fake-sandbox.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib-unix.h>

static GPtrArray *sandboxes;
static char *plan_failure;
static KelvinRuntimeApi *newest_api;

G_DEFINE_QUARK (kelvin - launcher - error - quark, kelvin_launcher_error)

GPtrArray *
fake_sandboxes (void)
{
  if (sandboxes == NULL)
    sandboxes = g_ptr_array_new ();
  return sandboxes;
}

KelvinSandbox *
fake_sandbox_newest (void)
{
  GPtrArray *all = fake_sandboxes ();

  return all->len > 0 ? g_ptr_array_index (all, all->len - 1) : NULL;
}

KelvinRuntimeApi *
fake_api_newest (void)
{
  return newest_api;
}

void
fake_sandbox_fail_to_plan (const char *message)
{
  g_free (plan_failure);
  plan_failure = g_strdup (message);
}

/* --- what the engine calls --- */

KelvinSandboxPlan *
kelvin_sandbox_plan_new (KelvinVersion *version, const KelvinInterpreter *interpreter,
                         const char *const *variables, GError **error)
{
  if (plan_failure == NULL)
    return (KelvinSandboxPlan *) g_strdup ("plan");
  g_set_error_literal (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC, plan_failure);
  return NULL;
}

KelvinSandboxPlan *
kelvin_sandbox_plan_new_process (KelvinVersion *version, const KelvinInterpreter *interpreter,
                                 const char *const *variables, const char *folder, GError **error)
{
  return kelvin_sandbox_plan_new (version, interpreter, variables, error);
}

void
kelvin_sandbox_plan_free (KelvinSandboxPlan *self)
{
  g_free (self);
}

static void
open_output (int pipe[2])
{
  g_assert_true (g_unix_open_pipe (pipe, FD_CLOEXEC, NULL));
  g_assert_true (g_unix_set_fd_nonblocking (pipe[0], TRUE, NULL));
}

KelvinSandbox *
kelvin_sandbox_start (KelvinLauncher *launcher, KelvinSandboxPlan *plan,
                      const KelvinSandboxEvents *events, gpointer user_data, GError **error)
{
  KelvinSandbox *self = g_new0 (KelvinSandbox, 1);

  self->events = *events;
  self->user_data = user_data;
  open_output (self->out);
  open_output (self->err);
  g_ptr_array_add (fake_sandboxes (), self);

  return self;
}

int
kelvin_sandbox_get_stdout_fd (KelvinSandbox *self)
{
  return self->out[0];
}

int
kelvin_sandbox_get_stderr_fd (KelvinSandbox *self)
{
  return self->err[0];
}

gboolean
kelvin_sandbox_read_usage (KelvinSandbox *self, KelvinReading reading, KelvinUsage *out_usage)
{
  if (self->in_groups == NULL)
    return FALSE;
  *out_usage = *self->in_groups;
  return TRUE;
}

void
kelvin_sandbox_share_cpu (KelvinSandbox *self, guint memory_mb)
{
  self->cpu_memory_mb = memory_mb;
}

guint
kelvin_sandbox_take_listeners (KelvinSandbox *self, int *fds)
{
  return 0;
}

gboolean
kelvin_sandbox_was_parked (KelvinSandbox *self)
{
  return self->was_parked;
}

gboolean
kelvin_sandbox_was_killed_for_memory (KelvinSandbox *self)
{
  return self->killed_for_memory;
}

void
kelvin_sandbox_collect_report (KelvinSandbox *self)
{
  self->collects_report = TRUE;
}

GBytes *
kelvin_sandbox_take_report (KelvinSandbox *self)
{
  return self->collects_report ? g_bytes_new_static ("report", 6) : NULL;
}

void
kelvin_sandbox_ask_usage (KelvinSandbox *self, KelvinReading reading)
{
  self->usages_asked++;
}

gint64
kelvin_sandbox_get_temporary_bytes (KelvinSandbox *self)
{
  return self->temporary_bytes;
}

void
kelvin_sandbox_kill (KelvinSandbox *self)
{
  self->killed = TRUE;
}

void
kelvin_sandbox_clear (KelvinSandbox *self)
{
  self->clears_asked++;
}

gboolean
kelvin_sandbox_start_again (KelvinSandbox *self, GError **error)
{
  self->starts_asked++;
  return TRUE;
}

void
kelvin_sandbox_freeze (KelvinSandbox *self)
{
  self->frozen = TRUE;
}

void
kelvin_sandbox_thaw (KelvinSandbox *self)
{
  self->frozen = FALSE;
}

void
kelvin_sandbox_free (KelvinSandbox *self)
{
  for (int i = 0; i < 2; i++)
    {
      close (self->out[i]);
      close (self->err[i]);
    }
  g_ptr_array_remove (fake_sandboxes (), self);
  g_free (self);
}

KelvinRuntimeApi *
kelvin_runtime_api_new (KelvinPoller *poller, int listen_fd, const KelvinRuntimeApiEvents *events,
                        gpointer user_data)
{
  close (listen_fd);
  newest_api = g_new0 (KelvinRuntimeApi, 1);
  newest_api->events = *events;
  newest_api->user_data = user_data;

  return newest_api;
}

void
kelvin_runtime_api_free (KelvinRuntimeApi *self)
{
  if (newest_api == self)
    newest_api = NULL;
  g_free (self->request_id);
  g_free (self);
}

void
kelvin_runtime_api_reset (KelvinRuntimeApi *self)
{
  self->resets++;
}

void
kelvin_runtime_api_deliver (KelvinRuntimeApi *self, const KelvinRuntimeEvent *event)
{
  self->delivered++;
  self->deadline_ms = event->deadline_ms;
  g_free (self->request_id);
  self->request_id = g_strdup (event->request_id);
}

/* --- what a sandbox would do --- */

void
fake_sandbox_report_ready (KelvinSandbox *sandbox, gint64 at_ns)
{
  sandbox->events.ready (sandbox, open ("/dev/null", O_RDONLY | O_CLOEXEC), at_ns,
                         sandbox->user_data);
  sandbox->api = newest_api;
}

void
fake_sandbox_answer_usages (KelvinSandbox *sandbox, gint64 cpu_us, gint64 memory_bytes)
{
  KelvinUsage usage = { cpu_us, memory_bytes, memory_bytes, -1, -1 };

  for (; sandbox->usages_asked > 0; sandbox->usages_asked--)
    sandbox->events.usage (sandbox, &usage, sandbox->user_data);
}

void
fake_sandbox_report_cleared (KelvinSandbox *sandbox)
{
  g_assert_cmpuint (sandbox->clears_asked, ==, 1);
  sandbox->clears_asked = 0;
  sandbox->events.cleared (sandbox, sandbox->user_data);
}

void
fake_sandbox_report_started_again (KelvinSandbox *sandbox, gint64 at_ns)
{
  g_assert_cmpuint (sandbox->starts_asked, ==, 1);
  sandbox->starts_asked = 0;
  sandbox->events.started_again (sandbox, at_ns, sandbox->user_data);
}

void
fake_sandbox_report_gone (KelvinSandbox *sandbox)
{
  sandbox->events.gone (sandbox, sandbox->user_data);
}

void
fake_api_ask_next (KelvinRuntimeApi *api, gint64 at_ns)
{
  api->events.next (api, at_ns, api->user_data);
}

void
fake_api_respond (KelvinRuntimeApi *api, const char *text, gint64 at_ns)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  api->events.response (api, body, at_ns, api->user_data);
}

KelvinTarget *
fake_target_new (const char *hash)
{
  const char *json = "{\"FunctionName\": \"hello\", \"Runtime\": \"provided.al2023\", "
                     "\"Handler\": \"hello\", \"MemorySize\": 128, \"Timeout\": 3}";
  g_autoptr (GError) error = NULL;
  KelvinVersionFields fields = {
    .function = kelvin_function_parse (g_get_tmp_dir (), json, -1, &error),
    .hash = g_strdup (hash),
    .code_dir = g_strdup ("/nowhere"),
    .trees = g_ptr_array_new (),
  };

  g_assert_no_error (error);
  return kelvin_target_new (kelvin_version_new (&fields), NULL, NULL, NULL);
}
