#pragma once

#include "app/command-line.h"

G_BEGIN_DECLS

/* The text of --help, of the program or of the command. */
char *kelvin_help_for (const KelvinCommandLine *line);

G_END_DECLS
