#pragma once

#include <adwaita.h>

#include "ui/measurement.h"

G_BEGIN_DECLS

/* The figures of one profile: how long an answer takes, and where a cold start goes. */
#define KELVIN_TYPE_PROFILE_VIEW (kelvin_profile_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinProfileView, kelvin_profile_view, KELVIN, PROFILE_VIEW, AdwBin)

GtkWidget *kelvin_profile_view_new (void);

void kelvin_profile_view_set_measurement (KelvinProfileView *self,
                                          const KelvinMeasurement *measurement);

G_END_DECLS
