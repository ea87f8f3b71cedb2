#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <unistd.h>

#include "app/command.h"
#include "app/exit-status.h"
#include "app/help.h"
#include "app/output.h"
#include "config.h"
#include "engine/install-paths.h"

/* Started with a closed standard descriptor, the next file that is opened would take its number,
 * and an answer could end in the database. What stands in its place fails when it is used. */
static void
occupy_standard_descriptors (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    {
      if (fcntl (fd, F_GETFD) < 0)
        open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
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

/* The window is a program of its own, which reads the same command line: commands neither load its
 * libraries, which takes longer than all else of their start, nor need them on the machine. */
static int
become_window (char **argv)
{
  const char *program = kelvin_path_window ();

  execv (program, argv);
  kelvin_say_error ("can't start the window, %s: %s", program, g_strerror (errno));
  return KELVIN_EXIT_CANNOT;
}

static int
run (const KelvinCommandLine *line, char **argv)
{
  if (line->help)
    {
      g_autofree char *help = kelvin_help_for (line);
      kelvin_print ("%s", help);
      return KELVIN_EXIT_OK;
    }
  if (line->version)
    {
      kelvin_print ("%s\n", KELVIN_VERSION);
      return KELVIN_EXIT_OK;
    }
  if (line->command != NULL)
    return line->command->run (line);
  return become_window (argv);
}

int
main (int argc, char **argv)
{
  g_autoptr (KelvinCommandLine) line = NULL;
  g_autoptr (GError) error = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* figures read the same in text and JSON */
  g_set_prgname ("kelvin");
  occupy_standard_descriptors ();
  survive_closed_pipes ();

  line = kelvin_command_line_parse ((const char *const *) argv, &error);
  if (line == NULL)
    {
      kelvin_say_error ("%s", error->message);
      return KELVIN_EXIT_BAD_INPUT;
    }
  return kelvin_output_end (run (line, argv));
}
