#include "app/command-line.h"
#include "app/exit-status.h"
#include "app/startup.h"
#include "ui/application.h"

/* The window, started by the program kelvin with the command line that it was given. */
int
main (int argc, char **argv)
{
  g_autoptr (KelvinCommandLine) line = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_startup ();
  line = kelvin_command_line_parse ((const char *const *) argv, &error);
  if (line == NULL)
    return kelvin_fail (error);
  return kelvin_application_run (line->operands, line->data_dir, line->isolation);
}
