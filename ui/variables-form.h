#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The environment variables of a function. */
#define KELVIN_TYPE_VARIABLES_FORM (kelvin_variables_form_get_type ())
G_DECLARE_FINAL_TYPE (KelvinVariablesForm, kelvin_variables_form, KELVIN, VARIABLES_FORM, AdwBin)

void kelvin_variables_form_set_open_function (KelvinVariablesForm *self,
                                              KelvinOpenFunction *open_function);

G_END_DECLS
