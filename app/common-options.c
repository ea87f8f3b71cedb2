#include "app/common-options.h"

KelvinCommonOptions kelvin_common_options;

/* File names and what may hold any character are FILENAME: text would have to be valid in the
 * locale. */
const GOptionEntry kelvin_program_options[] = {
  { "data-dir", 0, 0, G_OPTION_ARG_FILENAME, &kelvin_common_options.data_dir,
    "keep the history in DIR", "DIR" },
  { "isolation", 0, 0, G_OPTION_ARG_FILENAME, &kelvin_common_options.isolation,
    "namespaces, or process: without a sandbox, which each figure then says", "KIND" },
  { "help", 'h', 0, G_OPTION_ARG_NONE, &kelvin_common_options.help, "show this text", NULL },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &kelvin_common_options.operands, NULL,
    NULL },
  { NULL },
};

const GOptionEntry kelvin_window_options[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, &kelvin_common_options.version, "show the version alone",
    NULL },
  { NULL },
};

const GOptionEntry kelvin_command_options[] = {
  { "json", 0, 0, G_OPTION_ARG_NONE, &kelvin_common_options.json, "print one JSON document", NULL },
  { "no-payloads", 0, 0, G_OPTION_ARG_NONE, &kelvin_common_options.no_payloads,
    "don't store events and results", NULL },
  { NULL },
};
