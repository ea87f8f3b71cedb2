#pragma once

#include "engine/model/phase.h"

G_BEGIN_DECLS

/* Prints a line for each phase that happened: its name, its length, and a bar where it lies in the
 * whole time, on one scale. */
void kelvin_phase_bars_print (const KelvinPhases *phases, guint indent);

G_END_DECLS
