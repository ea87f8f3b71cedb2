/* What a sandbox tells: by its pid 1, by the launcher, and by the mark of its bootstrap. */

#include "engine/environment/sandbox-private.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>

#include "engine/environment/code-copy.h"
#include "engine/environment/sandbox-plan-private.h"
#include "launcher/wire.h"

/* What pid 1 sends. */
typedef union {
  KelvinMessageHead head;
  KelvinFailed failed;
  KelvinReady ready;
  KelvinExited exited;
  KelvinInstant instant;
  KelvinUsageReport usage;
} News;

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
                        .memory_peak_bytes = report->memory_peak_bytes,
                        .cgroup_peak_bytes = -1,
                        .throttled_us = -1 };

  if (self->events.usage != NULL)
    self->events.usage (self, &usage, self->user_data);
}

static void
emit_frozen (KelvinSandbox *self, const KelvinInstant *instant)
{
  if (self->events.frozen != NULL)
    self->events.frozen (self, instant->at_ns, self->user_data);
}

static void
emit_cleared (KelvinSandbox *self)
{
  if (self->events.cleared != NULL)
    self->events.cleared (self, self->user_data);
}

static void
emit_started_again (KelvinSandbox *self, const KelvinInstant *instant)
{
  self->ready_ns = instant->at_ns;
  if (self->events.started_again != NULL)
    self->events.started_again (self, instant->at_ns, self->user_data);
}

static guint
count_listeners (KelvinSandbox *self)
{
  GArray *steps = self->plan->steps;
  guint count = 0;

  for (guint i = 0; i < steps->len; i++)
    count += g_array_index (steps, KelvinPlanStep, i).kind == KELVIN_OPERATION_LISTEN;
  return count;
}

static void
close_all (const int *fds, guint n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    close (fds[i]);
}

/* The Runtime API's socket, those of the doors, and /tmp. Without its sockets nobody can speak with
 * the runtime. */
static void
handle_ready (KelvinSandbox *self, const KelvinReady *ready, const int *fds, guint n_fds)
{
  KelvinFailed lost = { .head = ready->head, .step = KELVIN_STEP_DESCRIPTORS };
  guint n_listeners = count_listeners (self);

  if (kelvin_sandbox_plan_is_process (self->plan) && n_fds == 0)
    {
      /* Opened by this side; without namespaces there are no doors. */
      emit_ready (self, ready, kelvin_fd_steal (&self->plan->api_fd));
      return;
    }
  if (n_fds >= n_listeners && n_fds <= n_listeners + 1)
    {
      kelvin_fd_clear (&self->temporary);
      self->temporary = n_fds > n_listeners ? fds[n_listeners] : -1;
      self->n_listeners = n_listeners - 1;
      memcpy (self->listeners, fds + 1, self->n_listeners * sizeof *fds);
      emit_ready (self, ready, fds[0]);
      return;
    }
  close_all (fds, n_fds);
  kelvin_sandbox_kill (self);
  kelvin_sandbox_handle_failed (self, &lost);
}

static void
handle_news (KelvinSandbox *self, const News *news, gsize size, const int *fds, guint n_fds)
{
  KelvinMessageType type = news->head.type;

  if (type == KELVIN_MESSAGE_READY && size == sizeof news->ready && self->ready_ns == 0)
    {
      handle_ready (self, &news->ready, fds, n_fds);
      return;
    }
  if (type == KELVIN_MESSAGE_RUNNING && n_fds == 1)
    {
      kelvin_fd_clear (&self->runtime);
      self->runtime = fds[0];
      return;
    }
  close_all (fds, n_fds);
  if (type == KELVIN_MESSAGE_FAILED && size == sizeof news->failed)
    kelvin_sandbox_handle_failed (self, &news->failed);
  else if (type == KELVIN_MESSAGE_EXITED && size == sizeof news->exited)
    emit_exited (self, &news->exited);
  else if (type == KELVIN_MESSAGE_USAGE && size == sizeof news->usage)
    emit_usage (self, &news->usage);
  else if (type == KELVIN_MESSAGE_FROZEN && size == sizeof news->instant)
    emit_frozen (self, &news->instant);
  else if (type == KELVIN_MESSAGE_CLEARED)
    emit_cleared (self);
  else if (type == KELVIN_MESSAGE_STARTED && size == sizeof news->instant)
    emit_started_again (self, &news->instant);
}

/* One message at a time, since the owner may free the sandbox when it is told. Returns FALSE when
 * there is no more. */
static gboolean
receive_news (KelvinSandbox *self)
{
  News news = { 0 };
  int fds[KELVIN_MOST_FDS];
  int n_fds = 0;

  if (self->control < 0)
    return FALSE;
  gssize size = wire_receive (self->control, &news, sizeof news, fds, KELVIN_MOST_FDS, &n_fds);
  if (size < 0 && errno == EAGAIN)
    return FALSE;
  if (size < (gssize) sizeof news.head)
    {
      /* Pid 1 has ended; the launcher says when nothing is left. */
      g_clear_pointer (&self->control_watch, kelvin_watch_remove);
      kelvin_fd_clear (&self->control);
      return FALSE;
    }
  handle_news (self, &news, size, fds, (guint) n_fds);
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

/* What follows the mark, as much as is there now. */
static void
read_report (KelvinSandbox *self)
{
  guint8 part[16 * 1024];
  gssize size = 0;

  if (self->marks < 0)
    return;
  while (self->marks >= 0 && (size = read (self->marks, part, sizeof part)) > 0)
    {
      if (self->report == NULL || self->report->len > KELVIN_LARGEST_REPORT)
        kelvin_sandbox_stop_reading_marks (self);
      else
        g_byte_array_append (self->report, part, size);
    }
  if (size == 0 || (errno != EAGAIN && errno != EINTR))
    kelvin_sandbox_stop_reading_marks (self);
}

/* The runtime's own word, so it is held to what can be. */
static void
read_mark (KelvinSandbox *self)
{
  gint64 at_ns = 0;

  if (self->marks < 0 || self->ready_ns == 0)
    return;
  if (self->mark_read)
    {
      read_report (self);
      return;
    }
  gssize size = read (self->marks, &at_ns, sizeof at_ns);
  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  self->mark_read = TRUE;
  if (size != KELVIN_MARK_BYTES || self->report == NULL)
    kelvin_sandbox_stop_reading_marks (self);
  if (size != KELVIN_MARK_BYTES || self->events.init_started == NULL)
    return;

  at_ns = CLAMP (GINT64_FROM_LE (at_ns), self->ready_ns, now_ns ());
  self->events.init_started (self, at_ns, self->user_data);
}

void
kelvin_sandbox_read_marks (KelvinSandbox *self)
{
  read_mark (self);
  if (self->mark_read)
    read_report (self);
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
  kelvin_sandbox_read_marks (self);
}

void
kelvin_sandbox_start_reading_marks (KelvinSandbox *self)
{
  if (self->marks >= 0)
    self->marks_watch = kelvin_poller_add (self->poller, self->marks, EPOLLIN, marks_cb, self);
}

void
kelvin_sandbox_stop_reading_marks (KelvinSandbox *self)
{
  g_clear_pointer (&self->marks_watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->marks);
}

void
kelvin_sandbox_start_reading (KelvinSandbox *self)
{
  self->control_watch = kelvin_poller_add (self->poller, self->control, EPOLLIN, control_cb, self);
  kelvin_sandbox_start_reading_marks (self);
}

void
kelvin_sandbox_stop_reading (KelvinSandbox *self)
{
  g_clear_pointer (&self->control_watch, kelvin_watch_remove);
  g_clear_pointer (&self->pidfd_watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->control);
  kelvin_sandbox_stop_reading_marks (self);
}

void
kelvin_sandbox_handle_failed (KelvinSandbox *self, const KelvinFailed *failed)
{
  if (self->network_failed)
    return;
  emit_failed (self, kelvin_launcher_error_new (self->plan, failed));
}

static void
remove_folder_in_thread (GTask *task, gpointer source, gpointer task_data,
                         GCancellable *cancellable)
{
  kelvin_code_remove_folder (task_data);
}

/* What an environment without namespaces had of its own. Where this program ends first, the
 * engine's close or the next engine removes it. */
static void
remove_folder (const char *path)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, NULL, NULL);

  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, remove_folder_in_thread);
}

/* Pid 1 may have said something before it ended. */
void
kelvin_sandbox_handle_gone (KelvinSandbox *self)
{
  kelvin_sandbox_drain (self);
  kelvin_sandbox_stop_reading (self);
  g_clear_pointer (&self->network, kelvin_sandbox_network_free);
  self->launcher = NULL;
  self->gone = TRUE;
  if (kelvin_sandbox_plan_is_process (self->plan))
    remove_folder (self->plan->own_folder);
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
  emit_failed (self, g_error_new_literal (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_GONE,
                                          "kelvin-launcher has ended, and with it every sandbox; "
                                          "it is started again for the next event"));
  if (self->pidfd < 0)
    {
      kelvin_sandbox_handle_gone (self);
      return;
    }
  kelvin_sandbox_kill (self);
  if (!self->gone)
    self->pidfd_watch = kelvin_poller_add (self->poller, self->pidfd, EPOLLIN, pidfd_cb, self);
}
