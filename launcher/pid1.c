#include "launcher/pid1.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/network.h"
#include "launcher/operations.h"
#include "launcher/privileges.h"
#include "launcher/runtime.h"
#include "launcher/sources.h"
#include "launcher/tree.h"
#include "launcher/usage.h"
#include "launcher/wire.h"

typedef struct {
  uint64_t id;
  int control;
  int alive;
  int signals;
  const Request *request; /* what is started, again after it was ended */
  RuntimeFds fds;
  pid_t runtime;
} Pid1;

static int64_t
now_ns (void)
{
  struct timespec now = { 0 };

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * (int64_t) 1000000000 + now.tv_nsec;
}

/* What has no pid namespace to end it is ended first. */
_Noreturn static void
leave (int status)
{
  if (tree_is_of_descendants ())
    tree_end (NULL, 0);
  _exit (status);
}

/* Nobody is left to serve when the engine doesn't take a message. */
static void
report (int control, const void *message, size_t size, const int *fds, int n_fds)
{
  if (wire_send (control, message, size, fds, n_fds) != 0)
    leave (1);
}

_Noreturn static void
fail (const Request *request, int control, KelvinStep step, uint32_t operation)
{
  KelvinFailed failed = { .head = { .type = KELVIN_MESSAGE_FAILED, .id = request->id },
                          .step = step,
                          .error = errno,
                          .operation = operation };

  report (control, &failed, sizeof failed, NULL, 0);
  leave (1);
}

static void
wait_for_maps (int gate)
{
  char byte = 0;
  ssize_t size = 0;

  do
    size = read (gate, &byte, 1);
  while (size < 0 && errno == EINTR);
  if (size != 1)
    _exit (1);
}

/* The launcher may have ended before the signal was asked for: then its pipe has ended too. Without
 * a pid namespace that is all: killed at once, this one couldn't end the others. */
static void
die_with_launcher (int alive)
{
  struct pollfd pipe_end = { .fd = alive, .events = POLLIN };

  if (!tree_is_of_descendants ())
    prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (poll (&pipe_end, 1, 0) != 0)
    _exit (1);
}

/* The launcher, of which this is a copy, holds descriptors of the sandboxes made before. */
static void
close_all_but (int *fds, int count)
{
  unsigned next = STDERR_FILENO + 1;

  for (int left = count; left > 0; left--)
    {
      int lowest = 0;
      for (int i = 1; i < left; i++)
        if (fds[i] < fds[lowest])
          lowest = i;
      if (fds[lowest] > (int) next)
        close_range (next, (unsigned) fds[lowest] - 1, 0);
      if (fds[lowest] >= (int) next)
        next = (unsigned) fds[lowest] + 1;
      fds[lowest] = fds[left - 1];
    }
  close_range (next, ~0U, 0);
}

static void
make_sandbox (Request *request, const Identity *identity, const Pid1Fds *fds, bool sources_are_open,
              Listeners *listeners)
{
  uint32_t index = 0;
  bool sources_failed = !sources_are_open && sources_open (request, &index) != 0;
  int error = errno;

  /* The launcher maps users meanwhile, and would take an early end for a failure of its own. */
  if (!fds->is_parked)
    wait_for_maps (fds->gate);
  errno = error;
  if (sources_failed)
    fail (request, fds->control, KELVIN_STEP_SOURCE, index);
  if (!fds->is_parked && identity_assume (identity, request->uid, request->gid) != 0)
    fail (request, fds->control, KELVIN_STEP_IDENTITY, 0);
  die_with_launcher (fds->alive);
  if (operations_apply (request, listeners, &index) != 0)
    fail (request, fds->control, KELVIN_STEP_OPERATION, index);
  if (privileges_drop () != 0 || prctl (PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
    fail (request, fds->control, KELVIN_STEP_PRIVILEGES, 0);
}

/* The operations act on the files of the person, whom it stays. */
static void
make_process (Request *request, const Pid1Fds *fds)
{
  uint32_t index = 0;

  if (tree_of_descendants () != 0)
    fail (request, fds->control, KELVIN_STEP_CLONE, 0);
  die_with_launcher (fds->alive);
  if (operations_apply (request, NULL, &index) != 0)
    fail (request, fds->control, KELVIN_STEP_OPERATION, index);
  if (privileges_give_up () != 0)
    fail (request, fds->control, KELVIN_STEP_PRIVILEGES, 0);
}

static void
say_ready (const Request *request, int control, Listeners *listeners)
{
  KelvinReady ready = { .head = { .type = KELVIN_MESSAGE_READY, .id = request->id },
                        .ready_ns = now_ns () };

  /* Without namespaces it is everybody's. */
  AUTO_CLOSE int temporary =
      request->is_process ? -1 : open ("/tmp", O_PATH | O_DIRECTORY | O_CLOEXEC);
  int fds[KELVIN_MOST_LISTENERS + 1];
  int count = listeners->count;

  memcpy (fds, listeners->fds, sizeof *fds * (size_t) count);
  if (temporary >= 0)
    fds[count++] = temporary;
  report (control, &ready, sizeof ready, fds, count);
  for (int i = 0; i < listeners->count; i++)
    close (listeners->fds[i]);
}

/* The kernel keeps every signal from inside away from a pid 1 that handles none; what the launcher
 * handles, or a sanitizer in it, would come through. */
static void
handle_no_signals (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL };

  for (int number = 1; number < NSIG; number++)
    sigaction (number, &action, NULL);
}

/* Stopped children are no news; SIGCHLD says only that one ended. */
static int
watch_children (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
  sigset_t child;

  handle_no_signals ();
  sigaction (SIGCHLD, &action, NULL);
  sigemptyset (&child);
  sigaddset (&child, SIGCHLD);
  sigprocmask (SIG_SETMASK, &child, NULL);
  return signalfd (-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* With it the engine can wake the runtime itself, which is sooner than by asking here. */
static void
report_running (const Pid1 *self)
{
  KelvinMessageHead running = { .type = KELVIN_MESSAGE_RUNNING, .id = self->id };
  AUTO_CLOSE int pidfd = pidfd_open (self->runtime, 0);

  report (self->control, &running, sizeof running, &pidfd, pidfd >= 0 ? 1 : 0);
}

/* The descriptors stay: the runtime may be started again. */
static void
start_runtime (Pid1 *self)
{
  KelvinStep step = KELVIN_STEP_EXECUTE;
  AUTO_CLOSE int nothing = open ("/dev/null", O_RDONLY | O_CLOEXEC);

  self->fds.input = nothing;
  self->runtime = nothing < 0 ? -1 : runtime_start (self->request, &self->fds, &step);
  if (self->runtime < 0)
    fail (self->request, self->control, step, 0);
  descriptor_clear (&self->fds.marks);
  report_running (self);
}

static void
report_exit (const Pid1 *self, int status)
{
  KelvinExited exited = { .head = { .type = KELVIN_MESSAGE_EXITED, .id = self->id },
                          .at_ns = now_ns (),
                          .signalled = WIFSIGNALED (status) != 0 };

  exited.code = exited.signalled ? WTERMSIG (status) : WEXITSTATUS (status);
  report (self->control, &exited, sizeof exited, NULL, 0);
}

static void
reap (const Pid1 *self)
{
  struct signalfd_siginfo info;
  int status = 0;
  pid_t pid = 0;

  while (read (self->signals, &info, sizeof info) > 0)
    continue;
  while ((pid = waitpid (-1, &status, WNOHANG)) > 0)
    if (pid == self->runtime)
      report_exit (self, status);
}

static void
answer_usage (const Pid1 *self)
{
  Usage usage;

  usage_read (&usage);
  KelvinUsageReport answer = { .head = { .type = KELVIN_MESSAGE_USAGE, .id = self->id },
                               .cpu_us = usage.cpu_us,
                               .memory_bytes = usage.memory_bytes,
                               .memory_peak_bytes = usage.memory_peak_bytes };
  report (self->control, &answer, sizeof answer, NULL, 0);
}

static void
report_instant (const Pid1 *self, KelvinMessageType type)
{
  KelvinInstant instant = { .head = { .type = type, .id = self->id }, .at_ns = now_ns () };

  report (self->control, &instant, sizeof instant, NULL, 0);
}

/* A process that forks right now has either made its child, which gets the signal too, or makes it
 * when it goes on. */
static void
freeze (const Pid1 *self)
{
  tree_signal (SIGSTOP);
  report_instant (self, KELVIN_MESSAGE_FROZEN);
}

/* What doesn't end isn't reported: then the engine gives the sandbox up. */
static void
clear (Pid1 *self)
{
  KelvinMessageHead cleared = { .type = KELVIN_MESSAGE_CLEARED, .id = self->id };

  bool is_empty = tree_clear ();
  self->runtime = -1;
  if (is_empty)
    report (self->control, &cleared, sizeof cleared, NULL, 0);
}

static void
start_again (Pid1 *self, int marks)
{
  self->fds.marks = marks;
  report_instant (self, KELVIN_MESSAGE_STARTED);
  start_runtime (self);
}

static void
obey (Pid1 *self)
{
  KelvinMessageHead head = { 0 };
  int fd = -1;
  int n_fds = 0;

  if (wire_receive (self->control, &head, sizeof head, &fd, 1, &n_fds) != sizeof head)
    leave (0);

  AUTO_CLOSE int marks = fd;
  if (head.type == KELVIN_MESSAGE_ASK_USAGE || head.type == KELVIN_MESSAGE_ASK_BOUNDARY)
    answer_usage (self);
  if (head.type == KELVIN_MESSAGE_ASK_BOUNDARY)
    usage_begin_anew ();
  else if (head.type == KELVIN_MESSAGE_FREEZE)
    freeze (self);
  else if (head.type == KELVIN_MESSAGE_THAW)
    tree_signal (SIGCONT);
  else if (head.type == KELVIN_MESSAGE_CLEAR)
    clear (self);
  else if (head.type == KELVIN_MESSAGE_START)
    start_again (self, descriptor_steal (&marks));
}

_Noreturn static void
serve (Pid1 *self)
{
  struct pollfd waiting[] = {
    { .fd = self->control, .events = POLLIN },
    { .fd = self->signals, .events = POLLIN },
    { .fd = self->alive, .events = POLLIN },
  };

  for (;;)
    {
      if (poll (waiting, sizeof waiting / sizeof *waiting, -1) < 0 && errno != EINTR)
        leave (1);
      if (waiting[2].revents != 0)
        leave (0);
      if (waiting[1].revents != 0)
        reap (self);
      if (waiting[0].revents != 0)
        obey (self);
    }
}

static void
close_not_mine (const Pid1Fds *fds)
{
  for (size_t i = 0; !fds->is_parked && i < sizeof fds->not_mine / sizeof *fds->not_mine; i++)
    close (fds->not_mine[i]);
}

void
pid1_park (const Identity *identity, const Pid1Fds *fds, uid_t uid, gid_t gid)
{
  int kept[] = { fds->gate, fds->alive };

  close_all_but (kept, 2);
  wait_for_maps (fds->gate);
  if (identity_assume (identity, uid, gid) != 0)
    _exit (1);
  die_with_launcher (fds->alive);
  network_switch_on_loopback ();
}

void
pid1_run (Request *request, const Identity *identity, Pid1Fds *fds, bool sources_are_open)
{
  Pid1 self = { .id = request->id,
                .control = fds->control,
                .alive = fds->alive,
                .request = request,
                .fds = { .output = fds->output,
                         .error = fds->error,
                         .marks = fds->marks,
                         .groups = fds->groups,
                         .n_groups = fds->n_groups } };
  Listeners listeners = { 0 };

  close_not_mine (fds);
  if (request->is_process)
    make_process (request, fds);
  else
    make_sandbox (request, identity, fds, sources_are_open, &listeners);
  self.signals = watch_children ();
  say_ready (request, self.control, &listeners);

  int kept[6 + CGROUP_MOST_TREES] = { self.control, self.alive, self.signals,
                                      fds->output,  fds->error, fds->marks };
  memcpy (&kept[6], fds->groups, sizeof *kept * (size_t) fds->n_groups);
  close_all_but (kept, 6 + fds->n_groups);
  start_runtime (&self);
  serve (&self);
}
