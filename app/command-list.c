#include "app/command.h"

const KelvinCommand *const kelvin_commands[] = {
  &kelvin_command_new,          &kelvin_command_invoke, &kelvin_command_profile,
  &kelvin_command_compare,      &kelvin_command_tune,   &kelvin_command_load,
  &kelvin_command_drill,        &kelvin_command_serve,  &kelvin_command_history_list,
  &kelvin_command_history_show, &kelvin_command_doctor, NULL,
};
