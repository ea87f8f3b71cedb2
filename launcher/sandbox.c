#include "launcher/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/park.h"
#include "launcher/pid1.h"
#include "launcher/sources.h"

#define NAMESPACES                                                                                 \
  (CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |       \
   CLONE_NEWCGROUP)

static bool
fail (SandboxFailure *failure, KelvinStep step, uint32_t operation)
{
  *failure = (SandboxFailure){ .step = step, .error = errno, .operation = operation };
  return false;
}

pid_t
sandbox_clone_pid1 (int *out_pidfd)
{
  struct clone_args arguments = { .flags = NAMESPACES | CLONE_PIDFD,
                                  .pidfd = (uintptr_t) out_pidfd,
                                  .exit_signal = SIGCHLD };

  return (pid_t) syscall (SYS_clone3, &arguments, sizeof arguments);
}

/* The same without namespaces. By the older call, which filters of containers let pass. */
static pid_t
clone_process (int *out_pidfd)
{
  return (pid_t) syscall (SYS_clone, CLONE_PIDFD | SIGCHLD, NULL, out_pidfd, NULL, NULL);
}

_Noreturn static void
live (SandboxMaker *maker, Request *request, const int *fds, const Cgroup *group, const int *gate)
{
  Pid1Fds own = { .control = fds[KELVIN_CREATE_CONTROL],
                  .output = fds[KELVIN_CREATE_STDOUT],
                  .error = fds[KELVIN_CREATE_STDERR],
                  .marks = request->has_marks ? fds[KELVIN_CREATE_MARKS] : -1,
                  .n_groups = group->n_join,
                  .gate = gate[0],
                  .alive = maker->alive,
                  .not_mine = { maker->not_theirs[0], maker->not_theirs[1], gate[1] } };

  memcpy (own.groups, group->join, sizeof own.groups);
  pid1_run (request, &maker->identity, &own, maker->opens_sources);
}

static bool
start_process (Sandbox *sandbox, SandboxMaker *maker, Request *request, const int *fds,
               const Cgroup *group, SandboxFailure *out_failure)
{
  const int no_gate[2] = { -1, -1 };

  sandbox->is_process = true;
  sandbox->pid = clone_process (&sandbox->pidfd);
  if (sandbox->pid == 0)
    live (maker, request, fds, group, no_gate);
  return sandbox->pid > 0 || fail (out_failure, KELVIN_STEP_CLONE, 0);
}

/* Before pid 1 becomes another user: then its files in /proc are closed to an ordinary one. */
static bool
open_namespaces (Sandbox *sandbox)
{
  static const char *const names[] = { "user", "net" };

  for (int i = 0; i < 2; i++)
    {
      char path[64];

      snprintf (path, sizeof path, "/proc/%d/ns/%s", (int) sandbox->pid, names[i]);
      sandbox->namespaces[i] = open (path, O_RDONLY | O_CLOEXEC);
      if (sandbox->namespaces[i] < 0)
        return false;
    }
  return true;
}

static bool
start (Sandbox *sandbox, SandboxMaker *maker, Request *request, const int *fds, const Cgroup *group,
       SandboxFailure *out_failure)
{
  int gate[2] = { -1, -1 };

  if (pipe2 (gate, O_CLOEXEC) != 0)
    return fail (out_failure, KELVIN_STEP_CLONE, 0);
  AUTO_CLOSE int gate_read = gate[0];
  AUTO_CLOSE int gate_write = gate[1];
  uid_t outside = identity_take (&maker->identity);

  pid_t pid = sandbox_clone_pid1 (&sandbox->pidfd);
  if (pid == 0)
    live (maker, request, fds, group, gate);
  if (pid < 0)
    return fail (out_failure, KELVIN_STEP_CLONE, 0);
  sandbox->pid = pid;
  if (request->shows_network && !open_namespaces (sandbox))
    return fail (out_failure, KELVIN_STEP_CLONE, 0);
  if (identity_map (&maker->identity, pid, request->uid, request->gid, outside) == 0 &&
      write (gate_write, "", 1) == 1)
    return true;

  return fail (out_failure, KELVIN_STEP_MAP, 0);
}

bool
sandbox_start (Sandbox *sandbox, SandboxMaker *maker, Request *request, const int *fds,
               const Cgroup *group, SandboxFailure *out_failure)
{
  uint32_t index = 0;
  bool started = false;

  if (request->is_process)
    return start_process (sandbox, maker, request, fds, group, out_failure);
  if (maker->opens_sources && sources_open (request, &index) != 0)
    fail (out_failure, KELVIN_STEP_SOURCE, index);
  else if (park_start (maker->park, maker, sandbox, fds, group))
    started = true;
  else
    started = start (sandbox, maker, request, fds, group, out_failure);
  sources_close (request);
  return started;
}
