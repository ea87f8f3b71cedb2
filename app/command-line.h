#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

typedef struct _KelvinCommand KelvinCommand;

/* What the person typed, taken apart. */
typedef struct {
  const KelvinCommand *command; /* NULL: the window, or a text about the program */
  char *group;                  /* nullable: "history" alone, asking for help */
  char **operands;              /* NULL-terminated; never NULL itself */
  char *data_dir;               /* nullable: the default one */
  KelvinIsolation isolation;
  gboolean json;
  gboolean no_payloads;
  gboolean help;
  gboolean version;
} KelvinCommandLine;

/* @argv[0] is the program. Options may stand before or after operands and the command. A command's
 * own options land in the variables that its entries name. Errors are of G_OPTION_ERROR. */
KelvinCommandLine *kelvin_command_line_parse (const char *const *argv, GError **error);
void kelvin_command_line_free (KelvinCommandLine *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinCommandLine, kelvin_command_line_free)

G_END_DECLS
