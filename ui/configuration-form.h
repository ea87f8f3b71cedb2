#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The fields of function.json that change how a function runs. */
#define KELVIN_TYPE_CONFIGURATION_FORM (kelvin_configuration_form_get_type ())
G_DECLARE_FINAL_TYPE (KelvinConfigurationForm, kelvin_configuration_form, KELVIN,
                      CONFIGURATION_FORM, AdwBin)

void kelvin_configuration_form_set_open_function (KelvinConfigurationForm *self,
                                                  KelvinOpenFunction *open_function);

G_END_DECLS
