#include "app/startup.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

/* Started with a closed standard descriptor, the next file that is opened would take its number,
 * and an answer could end in the database. What stands in its place fails when it is used. */
static void
occupy_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0)
        open ("/dev/null", (fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
    }
}

static void
ignore_signal (int number)
{
}

/* A reader that goes away is an error of the write, not an end of the program. A handler, because
 * what is ignored stays ignored in the programs that are started, functions included. */
static void
survive_closed_pipes (void)
{
  const struct sigaction action = { .sa_handler = ignore_signal, .sa_flags = SA_RESTART };

  sigaction (SIGPIPE, &action, NULL);
}

void
kelvin_startup (void)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* figures read the same in text and JSON */
  g_set_prgname ("kelvin");
  occupy_standard_descriptors ();
  survive_closed_pipes ();
}
