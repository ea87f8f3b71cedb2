#pragma once

#include <gtk/gtk.h>

#include "engine/model/load-plan.h"

G_BEGIN_DECLS

/* How the rate of a load changes over its time: a small picture beside its settings. */
#define KELVIN_TYPE_PATTERN_CURVE (kelvin_pattern_curve_get_type ())
G_DECLARE_FINAL_TYPE (KelvinPatternCurve, kelvin_pattern_curve, KELVIN, PATTERN_CURVE, GtkWidget)

void kelvin_pattern_curve_set_pattern (KelvinPatternCurve *self, KelvinPattern pattern);

G_END_DECLS
