/* How long a program takes from its execution to the first byte that it writes.
 *
 *   bench-start TIMES PROGRAM [ARGUMENT…]
 *
 * Prints the milliseconds of each start, one a line. */
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/fd.h"

extern char **environ;

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

static pid_t
start (char *const *arguments, int output)
{
  pid_t pid = vfork ();

  if (pid != 0)
    return pid;
  dup2 (output, STDOUT_FILENO);
  execve (arguments[0], arguments, environ);
  _exit (127);
}

/* Negative when it wrote nothing. */
static double
measure (char *const *arguments)
{
  int ends[2];
  char byte;

  if (pipe2 (ends, O_CLOEXEC) != 0)
    return -1;

  g_auto (KelvinFd) reading = ends[0];
  g_auto (KelvinFd) writing = ends[1];
  gint64 started_ns = now_ns ();
  pid_t pid = start (arguments, writing);
  kelvin_fd_clear (&writing);
  gboolean wrote = pid > 0 && read (reading, &byte, 1) == 1;
  gint64 ended_ns = now_ns ();

  if (pid > 0)
    waitpid (pid, NULL, 0);
  return wrote ? (ended_ns - started_ns) / 1e6 : -1;
}

int
main (int argc, char **argv)
{
  if (argc < 3)
    {
      g_printerr ("usage: bench-start TIMES PROGRAM [ARGUMENT…]\n");
      return 2;
    }
  for (int left = atoi (argv[1]); left > 0; left--)
    {
      double ms = measure (argv + 2);
      if (ms < 0)
        {
          g_printerr ("%s wrote nothing\n", argv[2]);
          return 1;
        }
      g_print ("%.4f\n", ms);
    }
  return 0;
}
