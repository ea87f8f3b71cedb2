/* The engine's end of one sandbox: its life, and what its pid 1 is told. */

#include "engine/environment/sandbox-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/pidfd.h>
#include <sys/socket.h>

#include "engine/environment/sandbox-plan-private.h"
#include "launcher/wire.h"

KelvinSandbox *
kelvin_sandbox_ref (KelvinSandbox *self)
{
  g_atomic_ref_count_inc (&self->refs);
  return self;
}

void
kelvin_sandbox_unref (KelvinSandbox *self)
{
  if (!g_atomic_ref_count_dec (&self->refs))
    return;

  g_assert (self->control_watch == NULL && self->marks_watch == NULL && self->pidfd_watch == NULL);
  kelvin_sandbox_plan_free (self->plan);
  kelvin_sandbox_limits_free (self->limits);
  g_clear_pointer (&self->report, g_byte_array_unref);
  g_free (self);
}

static void
apply_cpu_share (KelvinSandbox *self)
{
  guint memory_mb = self->cpu_memory_mb;
  gint64 quota_us =
      memory_mb > 0 ? kelvin_sandbox_limits_cpu_quota (memory_mb, g_get_num_processors ()) : 0;

  /* A group that is gone holds nobody back. */
  if (self->limits != NULL)
    kelvin_sandbox_limits_set_cpu_quota (self->limits, quota_us);
}

void
kelvin_sandbox_handle_created (KelvinSandbox *self, int pidfd, KelvinSandboxLimits *limits,
                               gboolean was_parked)
{
  self->was_parked = was_parked;
  kelvin_fd_clear (&self->pidfd);
  self->pidfd = pidfd;
  g_clear_pointer (&self->limits, kelvin_sandbox_limits_free);
  self->limits = limits;
  if (self->cpu_memory_mb > 0)
    apply_cpu_share (self);
  if (self->kill_wanted)
    kelvin_sandbox_kill (self);
}

/* A network that ends while pid 1 still waits for it: nothing will come. */
static void
network_ended_cb (const GError *error, gpointer user_data)
{
  g_autoptr (KelvinSandbox) self = kelvin_sandbox_ref (user_data);

  if (self->ready_ns != 0 || self->gone || self->network_failed)
    return;
  self->network_failed = TRUE;
  kelvin_sandbox_kill (self);
  if (self->events.failed != NULL)
    self->events.failed (self, error, self->user_data);
}

void
kelvin_sandbox_handle_network (KelvinSandbox *self, int user_namespace, int network_namespace)
{
  g_autoptr (GError) error = NULL;

  self->network = kelvin_sandbox_network_start (user_namespace, network_namespace, network_ended_cb,
                                                self, &error);
  if (self->network == NULL)
    network_ended_cb (error, self);
}

void
kelvin_sandbox_detach (KelvinSandbox *self)
{
  self->launcher = NULL;
  kelvin_sandbox_stop_reading (self);
}

static gboolean
make_pipe (KelvinFd *our_end, int *their_end, GError **error)
{
  int ends[2] = { -1, -1 };

  if (!g_unix_open_pipe (ends, FD_CLOEXEC, error))
    return FALSE;
  *our_end = ends[0];
  *their_end = ends[1];
  return g_unix_set_fd_nonblocking (*our_end, TRUE, error);
}

static gboolean
make_control (KelvinFd *our_end, int *their_end, GError **error)
{
  int ends[2] = { -1, -1 };

  if (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "A socket for the sandbox can't be made: %s", g_strerror (errno));
      return FALSE;
    }
  *our_end = ends[0];
  *their_end = ends[1];
  return g_unix_set_fd_nonblocking (*our_end, TRUE, error);
}

/* @theirs: one descriptor for each of KelvinCreateFd. */
static gboolean
open_descriptors (KelvinSandbox *self, int *theirs, GError **error)
{
  return make_control (&self->control, &theirs[KELVIN_CREATE_CONTROL], error) &&
         make_pipe (&self->out, &theirs[KELVIN_CREATE_STDOUT], error) &&
         make_pipe (&self->err, &theirs[KELVIN_CREATE_STDERR], error) &&
         (!kelvin_sandbox_plan_has_marks (self->plan) ||
          make_pipe (&self->marks, &theirs[KELVIN_CREATE_MARKS], error));
}

static KelvinSandbox *
sandbox_new (KelvinLauncher *launcher, KelvinSandboxPlan *plan, const KelvinSandboxEvents *events,
             gpointer user_data)
{
  KelvinSandbox *self = g_new0 (KelvinSandbox, 1);

  g_atomic_ref_count_init (&self->refs);
  self->plan = kelvin_sandbox_plan_ref (plan);
  self->poller = kelvin_launcher_get_poller (launcher);
  self->events = *events;
  self->user_data = user_data;
  self->control = self->marks = self->out = self->err = self->pidfd = -1;
  self->runtime = self->temporary = -1;
  self->id = kelvin_launcher_next_id (launcher);
  return self;
}

static gboolean
ask_launcher (KelvinSandbox *self, KelvinLauncher *launcher, GError **error)
{
  g_autoptr (GBytes) message = kelvin_sandbox_plan_encode (self->plan, self->id);
  int theirs[KELVIN_CREATE_N_FDS] = { -1, -1, -1, -1 };
  guint n_fds =
      kelvin_sandbox_plan_has_marks (self->plan) ? KELVIN_CREATE_N_FDS : KELVIN_CREATE_MARKS;

  if (!open_descriptors (self, theirs, error))
    {
      for (guint i = 0; i < n_fds; i++)
        kelvin_fd_clear (&theirs[i]);
      return FALSE;
    }
  return kelvin_launcher_send (launcher, message, theirs, n_fds, error);
}

KelvinSandbox *
kelvin_sandbox_start (KelvinLauncher *launcher, KelvinSandboxPlan *plan,
                      const KelvinSandboxEvents *events, gpointer user_data, GError **error)
{
  g_return_val_if_fail (launcher != NULL && plan != NULL && events != NULL, NULL);

  KelvinSandbox *self = sandbox_new (launcher, plan, events, user_data);
  if (!ask_launcher (self, launcher, error))
    {
      kelvin_sandbox_free (self);
      return NULL;
    }

  self->launcher = launcher;
  kelvin_launcher_add_sandbox (launcher, self->id, self);
  kelvin_sandbox_start_reading (self);
  return self;
}

int
kelvin_sandbox_get_stdout_fd (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->out;
}

int
kelvin_sandbox_get_stderr_fd (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->err;
}

void
kelvin_sandbox_collect_report (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL && self->report == NULL);

  self->report = g_byte_array_new ();
}

GBytes *
kelvin_sandbox_take_report (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->report == NULL)
    return NULL;

  kelvin_sandbox_read_marks (self);
  GByteArray *report = g_steal_pointer (&self->report);
  if (report->len == 0 || report->len > KELVIN_LARGEST_REPORT)
    {
      g_byte_array_unref (report);
      return NULL;
    }
  return g_byte_array_free_to_bytes (report);
}

/* A pid 1 that takes nothing more can't be left to itself; one that has ended needs nothing. */
static void
tell_with (KelvinSandbox *self, KelvinMessageType type, const int *fds, int n_fds)
{
  KelvinMessageHead head = { .type = type, .id = self->id };

  if (self->control >= 0 && wire_send (self->control, &head, sizeof head, fds, n_fds) != 0 &&
      errno == EAGAIN)
    kelvin_sandbox_kill (self);
}

static void
tell (KelvinSandbox *self, KelvinMessageType type)
{
  tell_with (self, type, NULL, 0);
}

void
kelvin_sandbox_clear (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  /* What is held back would end only when it gets its next share. */
  kelvin_sandbox_share_cpu (self, 0);
  tell (self, KELVIN_MESSAGE_CLEAR);
}

gboolean
kelvin_sandbox_start_again (KelvinSandbox *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  g_auto (KelvinFd) theirs = -1;

  kelvin_sandbox_stop_reading_marks (self);
  if (kelvin_sandbox_plan_has_marks (self->plan) && !make_pipe (&self->marks, &theirs, error))
    return FALSE;
  kelvin_fd_clear (&self->runtime);
  self->ready_ns = 0;
  self->mark_read = FALSE;
  if (self->report != NULL)
    g_byte_array_set_size (self->report, 0);
  kelvin_sandbox_start_reading_marks (self);
  if (self->limits != NULL)
    kelvin_sandbox_limits_forget_kills (self->limits);
  tell_with (self, KELVIN_MESSAGE_START, &theirs, theirs >= 0 ? 1 : 0);
  return TRUE;
}

void
kelvin_sandbox_ask_usage (KelvinSandbox *self, KelvinReading reading)
{
  g_return_if_fail (self != NULL);

  tell (self, reading == KELVIN_READING_BOUNDARY ? KELVIN_MESSAGE_ASK_BOUNDARY
                                                 : KELVIN_MESSAGE_ASK_USAGE);
}

gint64
kelvin_sandbox_get_temporary_bytes (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return kelvin_sandbox_limits_temporary_bytes (self->temporary);
}

gboolean
kelvin_sandbox_read_usage (KelvinSandbox *self, KelvinReading reading, KelvinUsage *out_usage)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->limits == NULL)
    return FALSE;
  if (reading == KELVIN_READING_BOUNDARY)
    return kelvin_sandbox_limits_read_boundary (self->limits, self->temporary, out_usage);
  return kelvin_sandbox_limits_read (self->limits, self->temporary, out_usage);
}

void
kelvin_sandbox_share_cpu (KelvinSandbox *self, guint memory_mb)
{
  g_return_if_fail (self != NULL);

  if (self->cpu_memory_mb == memory_mb)
    return;
  self->cpu_memory_mb = memory_mb;
  apply_cpu_share (self);
}

guint
kelvin_sandbox_take_listeners (KelvinSandbox *self, int *fds)
{
  g_return_val_if_fail (self != NULL, 0);

  guint n = self->n_listeners;

  memcpy (fds, self->listeners, n * sizeof *fds);
  self->n_listeners = 0;
  return n;
}

gboolean
kelvin_sandbox_was_parked (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->was_parked;
}

gboolean
kelvin_sandbox_was_killed_for_memory (KelvinSandbox *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->limits != NULL && kelvin_sandbox_limits_has_killed (self->limits);
}

void
kelvin_sandbox_freeze (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  tell (self, KELVIN_MESSAGE_FREEZE);
}

/* The runtime at once, since an event waits for it; pid 1 continues the others, and it once more,
 * where it hadn't come to stopping it yet. */
void
kelvin_sandbox_thaw (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  if (self->runtime >= 0)
    pidfd_send_signal (self->runtime, SIGCONT, NULL, 0);

  tell (self, KELVIN_MESSAGE_THAW);
}

void
kelvin_sandbox_kill (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  self->kill_wanted = TRUE;
  /* One that is held back would end only when it gets its next share. */
  kelvin_sandbox_share_cpu (self, 0);
  /* Without a pid namespace the launcher ends what is left. Where that has ended, pid 1 does, which
   * must live to do so. */
  if (self->launcher == NULL && kelvin_sandbox_plan_is_process (self->plan))
    return;
  if (self->pidfd >= 0)
    pidfd_send_signal (self->pidfd, SIGKILL, NULL, 0);
}

void
kelvin_sandbox_free (KelvinSandbox *self)
{
  if (self == NULL)
    return;

  self->events = (KelvinSandboxEvents){ 0 };
  if (!self->gone)
    kelvin_sandbox_kill (self);
  if (self->launcher != NULL)
    kelvin_launcher_remove_sandbox (self->launcher, self->id);
  self->launcher = NULL;
  kelvin_sandbox_stop_reading (self);
  g_clear_pointer (&self->network, kelvin_sandbox_network_free);
  kelvin_fd_clear (&self->out);
  kelvin_fd_clear (&self->err);
  kelvin_fd_clear (&self->pidfd);
  kelvin_fd_clear (&self->runtime);
  kelvin_fd_clear (&self->temporary);
  while (self->n_listeners > 0)
    close (self->listeners[--self->n_listeners]);
  kelvin_sandbox_unref (self);
}
