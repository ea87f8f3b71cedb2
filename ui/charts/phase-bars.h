#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* Where one start's time went: a line and a bar for each phase, and their sum. */
#define KELVIN_TYPE_PHASE_BARS (kelvin_phase_bars_get_type ())
G_DECLARE_FINAL_TYPE (KelvinPhaseBars, kelvin_phase_bars, KELVIN, PHASE_BARS, KelvinChart)

GtkWidget *kelvin_phase_bars_new (void);

/* The phases of one real start: they add up. */
void kelvin_phase_bars_set_phases (KelvinPhaseBars *self, const KelvinPhases *phases);

G_END_DECLS
