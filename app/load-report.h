#pragma once

#include "engine/load.h"

G_BEGIN_DECLS

/* Prints what a load came to, for people. */
void kelvin_load_report_print (const KelvinLoadResult *result);

G_END_DECLS
