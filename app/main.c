#include <errno.h>
#include <unistd.h>

#include "app/command.h"
#include "app/exit-status.h"
#include "app/help.h"
#include "app/output.h"
#include "app/startup.h"
#include "config.h"
#include "engine/install-paths.h"

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
      kelvin_print ("%s\n", KELVIN_RELEASE);
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

  kelvin_startup ();
  line = kelvin_command_line_parse ((const char *const *) argv, &error);
  if (line == NULL)
    {
      kelvin_say_error ("%s", error->message);
      return KELVIN_EXIT_BAD_INPUT;
    }
  return kelvin_output_end (run (line, argv));
}
