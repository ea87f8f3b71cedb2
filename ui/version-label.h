#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* Which version of a function was run last, and how long ago, small beside its name; the hash is in
 * the tooltip. */
#define KELVIN_TYPE_VERSION_LABEL (kelvin_version_label_get_type ())
G_DECLARE_FINAL_TYPE (KelvinVersionLabel, kelvin_version_label, KELVIN, VERSION_LABEL, AdwBin)

void kelvin_version_label_set_open_function (KelvinVersionLabel *self,
                                             KelvinOpenFunction *open_function);

G_END_DECLS
