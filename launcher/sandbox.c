#include "launcher/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/descriptor.h"
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

/* Like fork(2): the child returns 0, on a copy of this stack. */
static pid_t
clone_pid1 (int *out_pidfd)
{
  struct clone_args arguments = { .flags = NAMESPACES | CLONE_PIDFD,
                                  .pidfd = (uintptr_t) out_pidfd,
                                  .exit_signal = SIGCHLD };

  return (pid_t) syscall (SYS_clone3, &arguments, sizeof arguments);
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

  pid_t pid = clone_pid1 (&sandbox->pidfd);
  if (pid == 0)
    {
      Pid1Fds own = { .control = fds[KELVIN_CREATE_CONTROL],
                      .output = fds[KELVIN_CREATE_STDOUT],
                      .error = fds[KELVIN_CREATE_STDERR],
                      .marks = request->has_marks ? fds[KELVIN_CREATE_MARKS] : -1,
                      .n_groups = group->n_join,
                      .gate = gate_read,
                      .alive = maker->alive,
                      .not_mine = { maker->not_theirs[0], maker->not_theirs[1], gate_write } };
      memcpy (own.groups, group->join, sizeof own.groups);
      pid1_run (request, &maker->identity, &own, maker->opens_sources);
    }
  if (pid < 0)
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

  if (maker->opens_sources && sources_open (request, &index) != 0)
    fail (out_failure, KELVIN_STEP_SOURCE, index);
  else
    started = start (sandbox, maker, request, fds, group, out_failure);
  sources_close (request);
  return started;
}
