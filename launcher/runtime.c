#include "launcher/runtime.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launcher/filter.h"

/* The child borrows the memory of pid 1 until it executes, so this is how it tells what failed. The
 * object is volatile: the compiler could take what vfork's child writes for dead otherwise. */
typedef struct {
  KelvinStep step;
  int error;
} Failure;

static int
place_descriptors (const RuntimeFds *fds)
{
  int first_unused = fds->marks < 0 ? KELVIN_MARKS_FD : KELVIN_MARKS_FD + 1;

  if (dup2 (fds->input, STDIN_FILENO) < 0 || dup2 (fds->output, STDOUT_FILENO) < 0 ||
      dup2 (fds->error, STDERR_FILENO) < 0)
    return -1;
  if (fds->marks >= 0 && dup2 (fds->marks, KELVIN_MARKS_FD) < 0)
    return -1;
  /* Where it has that number already, nothing was done. */
  if (fds->marks == KELVIN_MARKS_FD && fcntl (KELVIN_MARKS_FD, F_SETFD, 0) != 0)
    return -1;
  return close_range ((unsigned) first_unused, ~0U, 0);
}

/* The kernel takes 0 for the writer. A thread that moves itself alone, by v1's `tasks`, needn't
 * wait for all others to hold still, which takes 10 ms and more. What pid 1 takes isn't the
 * function's, so only the runtime and what it starts are in the groups. */
static int
join_groups (const RuntimeFds *fds)
{
  for (int i = 0; i < fds->n_groups; i++)
    if (write (fds->groups[i], "0", 1) != 1)
      return -1;
  return 0;
}

/* What a parent ignored would stay ignored. */
static void
reset_signals (void)
{
  sigset_t none;

  for (int number = 1; number < NSIG; number++)
    signal (number, SIG_DFL);
  sigemptyset (&none);
  sigprocmask (SIG_SETMASK, &none, NULL);
}

static void
execute (const Request *request, const RuntimeFds *fds, volatile Failure *failure)
{
  reset_signals ();
  failure->step = KELVIN_STEP_GROUP;
  if (join_groups (fds) != 0)
    return;

  failure->step = KELVIN_STEP_EXECUTE;
  /* The second line, where no pid namespace ends it. */
  if (request->is_process && prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) != 0)
    return;
  if (setsid () < 0 || place_descriptors (fds) != 0 || chdir (request->folder) != 0)
    return;

  failure->step = KELVIN_STEP_FILTER;
  if (filter_install () != 0)
    return;

  failure->step = KELVIN_STEP_EXECUTE;
  execve (request->arguments[0], request->arguments, request->variables);
}

pid_t
runtime_start (const Request *request, const RuntimeFds *fds, KelvinStep *out_step)
{
  volatile Failure failure = { 0 };

  /* Copying pid 1's page tables would cost more than all that the child does. */
  pid_t pid = vfork ();
  if (pid == 0)
    {
      execute (request, fds, &failure);
      failure.error = errno;
      _exit (127);
    }
  *out_step = KELVIN_STEP_EXECUTE;
  if (pid < 0 || failure.error == 0)
    return pid;

  waitpid (pid, NULL, 0);
  *out_step = failure.step;
  errno = failure.error;
  return -1;
}
