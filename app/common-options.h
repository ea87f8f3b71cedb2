#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Option tables end with an entry of no name. */
extern const GOptionEntry kelvin_program_options[]; /* understood with and without a command */
extern const GOptionEntry kelvin_window_options[];  /* without a command alone */
extern const GOptionEntry kelvin_command_options[]; /* with every command */

/* Where the tables above put what they read; main thread. */
typedef struct {
  char *data_dir;
  char *isolation;
  char **operands;
  gboolean json;
  gboolean no_payloads;
  gboolean help;
  gboolean version;
} KelvinCommonOptions;
extern KelvinCommonOptions kelvin_common_options;

G_END_DECLS
