/* The engine's end of one sandbox: speaks with its pid 1. */

#include "engine/environment/launcher-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/pidfd.h>
#include <sys/socket.h>
#include <time.h>

#include "engine/environment/sandbox-plan-private.h"
#include "engine/fd.h"
#include "launcher/wire.h"

struct _KelvinSandbox {
  gatomicrefcount refs;
  KelvinLauncher *launcher; /* NULL when it has ended, or this sandbox is gone */
  KelvinSandboxPlan *plan;
  KelvinSandboxEvents events; /* all NULL once the owner has freed it */
  gpointer user_data;
  guint64 id;

  KelvinFd control;
  KelvinFd marks;
  KelvinFd out;
  KelvinFd err;
  KelvinFd pidfd;
  KelvinWatch *control_watch;
  KelvinWatch *marks_watch;
  KelvinWatch *pidfd_watch; /* only without launcher, which else says when it is gone */

  KelvinPoller *poller;
  gint64 ready_ns; /* 0: not yet */
  gboolean kill_wanted;
  gboolean gone;
};

/* What pid 1 sends. */
typedef union {
  KelvinMessageHead head;
  KelvinFailed failed;
  KelvinReady ready;
  KelvinExited exited;
  KelvinUsageReport usage;
} News;

static gboolean receive_news (KelvinSandbox *self);

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
  g_free (self);
}

static void
stop_reading (KelvinSandbox *self)
{
  g_clear_pointer (&self->control_watch, kelvin_watch_remove);
  g_clear_pointer (&self->marks_watch, kelvin_watch_remove);
  g_clear_pointer (&self->pidfd_watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->control);
  kelvin_fd_clear (&self->marks);
}

static void
emit_failed (KelvinSandbox *self, GError *error)
{
  if (self->events.failed != NULL)
    self->events.failed (self, error, self->user_data);
  g_error_free (error);
}

static void
emit_ready (KelvinSandbox *self, const KelvinReady *ready, int api_fd)
{
  self->ready_ns = ready->ready_ns;
  if (self->events.ready != NULL)
    self->events.ready (self, api_fd, ready->ready_ns, self->user_data);
  else
    close (api_fd);
}

static void
emit_exited (KelvinSandbox *self, const KelvinExited *exited)
{
  KelvinExit how = { .signalled = exited->signalled, .code = exited->code, .at_ns = exited->at_ns };

  if (self->events.exited != NULL)
    self->events.exited (self, &how, self->user_data);
}

static void
emit_usage (KelvinSandbox *self, const KelvinUsageReport *report)
{
  KelvinUsage usage = { .cpu_us = report->cpu_us,
                        .memory_bytes = report->memory_bytes,
                        .memory_peak_bytes = report->memory_peak_bytes };

  if (self->events.usage != NULL)
    self->events.usage (self, &usage, self->user_data);
}

static void
handle_news (KelvinSandbox *self, const News *news, gsize size, int fd)
{
  KelvinMessageType type = news->head.type;

  if (type == KELVIN_MESSAGE_READY && size == sizeof news->ready && fd >= 0)
    {
      emit_ready (self, &news->ready, fd);
      return;
    }
  if (fd >= 0)
    close (fd);
  if (type == KELVIN_MESSAGE_FAILED && size == sizeof news->failed)
    kelvin_sandbox_handle_failed (self, &news->failed);
  else if (type == KELVIN_MESSAGE_EXITED && size == sizeof news->exited)
    emit_exited (self, &news->exited);
  else if (type == KELVIN_MESSAGE_USAGE && size == sizeof news->usage)
    emit_usage (self, &news->usage);
}

/* One message at a time, since the owner may free the sandbox when it is told. Returns FALSE when
 * there is no more. */
static gboolean
receive_news (KelvinSandbox *self)
{
  News news = { 0 };
  int fds[1] = { -1 };
  int n_fds = 0;

  if (self->control < 0)
    return FALSE;
  gssize size = wire_receive (self->control, &news, sizeof news, fds, 1, &n_fds);
  if (size < 0 && errno == EAGAIN)
    return FALSE;
  if (size < (gssize) sizeof news.head)
    {
      /* Pid 1 has ended; the launcher says when nothing is left. */
      g_clear_pointer (&self->control_watch, kelvin_watch_remove);
      kelvin_fd_clear (&self->control);
      return FALSE;
    }
  handle_news (self, &news, size, n_fds == 1 ? fds[0] : -1);
  return TRUE;
}

static void
control_cb (int fd, guint32 events, gpointer user_data)
{
  g_autoptr (KelvinSandbox) self = kelvin_sandbox_ref (user_data);

  receive_news (self);
}

static gint64
now_ns (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* The runtime's own word, so it is held to what can be. */
static void
read_mark (KelvinSandbox *self)
{
  gint64 at_ns = 0;

  if (self->marks < 0 || self->ready_ns == 0)
    return;
  gssize size = read (self->marks, &at_ns, sizeof at_ns);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  g_clear_pointer (&self->marks_watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->marks);
  if (size != KELVIN_MARK_BYTES || self->events.init_started == NULL)
    return;

  at_ns = CLAMP (GINT64_FROM_LE (at_ns), self->ready_ns, now_ns ());
  self->events.init_started (self, at_ns, self->user_data);
}

/* The mark may be seen before READY, which came first. */
static void
marks_cb (int fd, guint32 events, gpointer user_data)
{
  g_autoptr (KelvinSandbox) self = kelvin_sandbox_ref (user_data);

  if (self->ready_ns == 0)
    receive_news (self);
  read_mark (self);
}

void
kelvin_sandbox_drain (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  g_autoptr (KelvinSandbox) keep = kelvin_sandbox_ref (self);
  while (receive_news (self))
    continue;
  read_mark (self);
}

void
kelvin_sandbox_handle_created (KelvinSandbox *self, int pidfd)
{
  kelvin_fd_clear (&self->pidfd);
  self->pidfd = pidfd;
  if (self->kill_wanted)
    kelvin_sandbox_kill (self);
}

void
kelvin_sandbox_handle_failed (KelvinSandbox *self, const KelvinFailed *failed)
{
  emit_failed (self, kelvin_launcher_error_new (self->plan, failed));
}

/* Pid 1 may have said something before it ended. */
void
kelvin_sandbox_handle_gone (KelvinSandbox *self)
{
  kelvin_sandbox_drain (self);
  stop_reading (self);
  self->launcher = NULL;
  self->gone = TRUE;
  if (self->events.gone != NULL)
    self->events.gone (self, self->user_data);
}

static void
pidfd_cb (int fd, guint32 events, gpointer user_data)
{
  g_autoptr (KelvinSandbox) self = kelvin_sandbox_ref (user_data);

  kelvin_sandbox_handle_gone (self);
}

void
kelvin_sandbox_handle_launcher_gone (KelvinSandbox *self)
{
  self->launcher = NULL;
  if (self->ready_ns == 0)
    emit_failed (self, g_error_new_literal (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE,
                                            "kelvin-launcher ended while it made the sandbox"));
  if (self->pidfd < 0)
    {
      kelvin_sandbox_handle_gone (self);
      return;
    }
  kelvin_sandbox_kill (self);
  if (!self->gone)
    self->pidfd_watch = kelvin_poller_add (self->poller, self->pidfd, EPOLLIN, pidfd_cb, self);
}

void
kelvin_sandbox_detach (KelvinSandbox *self)
{
  self->launcher = NULL;
  stop_reading (self);
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
  self->control_watch = kelvin_poller_add (self->poller, self->control, EPOLLIN, control_cb, self);
  if (self->marks >= 0)
    self->marks_watch = kelvin_poller_add (self->poller, self->marks, EPOLLIN, marks_cb, self);
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

/* A pid 1 that takes nothing more can't be left to itself; one that has ended needs nothing. */
static void
tell (KelvinSandbox *self, KelvinMessageType type)
{
  KelvinMessageHead head = { .type = type, .id = self->id };

  if (self->control >= 0 && wire_send (self->control, &head, sizeof head, NULL, 0) != 0 &&
      errno == EAGAIN)
    kelvin_sandbox_kill (self);
}

void
kelvin_sandbox_ask_usage (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  tell (self, KELVIN_MESSAGE_ASK_USAGE);
}

void
kelvin_sandbox_freeze (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  tell (self, KELVIN_MESSAGE_FREEZE);
}

void
kelvin_sandbox_thaw (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  tell (self, KELVIN_MESSAGE_THAW);
}

void
kelvin_sandbox_kill (KelvinSandbox *self)
{
  g_return_if_fail (self != NULL);

  self->kill_wanted = TRUE;
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
  stop_reading (self);
  kelvin_fd_clear (&self->out);
  kelvin_fd_clear (&self->err);
  kelvin_fd_clear (&self->pidfd);
  kelvin_sandbox_unref (self);
}
