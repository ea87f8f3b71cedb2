#pragma once

#include "engine/tune.h"

G_BEGIN_DECLS

/* A tuning as text, on standard output. */
void kelvin_tune_report_print (const KelvinTune *tune);

G_END_DECLS
