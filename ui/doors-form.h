#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The doors of a function: the ways out of its sandbox. */
#define KELVIN_TYPE_DOORS_FORM (kelvin_doors_form_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDoorsForm, kelvin_doors_form, KELVIN, DOORS_FORM, AdwBin)

void kelvin_doors_form_set_open_function (KelvinDoorsForm *self, KelvinOpenFunction *open_function);

G_END_DECLS
