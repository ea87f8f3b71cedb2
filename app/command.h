#pragma once

#include "app/command-line.h"

G_BEGIN_DECLS

/* One command of the program. Adding one is a file and a line in command-list.c. */
struct _KelvinCommand {
  const char *name;            /* "invoke", "history list" */
  const char *operands;        /* for people: "DIR [--event FILE]" */
  const char *summary;         /* one line */
  const char *description;     /* nullable: what else --help says */
  const GOptionEntry *entries; /* its own options; ends with an entry of no name */
  guint min_operands;
  guint max_operands;
  int (*run) (const KelvinCommandLine *line); /* returns the exit status */
};

extern const KelvinCommand kelvin_command_new;
extern const KelvinCommand kelvin_command_invoke;
extern const KelvinCommand kelvin_command_profile;
extern const KelvinCommand kelvin_command_load;
extern const KelvinCommand kelvin_command_tune;
extern const KelvinCommand kelvin_command_drill;
extern const KelvinCommand kelvin_command_history_list;
extern const KelvinCommand kelvin_command_history_show;
extern const KelvinCommand kelvin_command_doctor;
extern const KelvinCommand kelvin_command_serve;
extern const KelvinCommand kelvin_command_compare;

/* All of them, in the order of the help; NULL-terminated. */
extern const KelvinCommand *const kelvin_commands[];

G_END_DECLS
