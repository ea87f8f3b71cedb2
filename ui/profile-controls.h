#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What the header bar shows for the Profile page: how many cold and warm calls, and the button,
 * which is the action win.profile. Signal "cancel", without arguments. */
#define KELVIN_TYPE_PROFILE_CONTROLS (kelvin_profile_controls_get_type ())
G_DECLARE_FINAL_TYPE (KelvinProfileControls, kelvin_profile_controls, KELVIN, PROFILE_CONTROLS,
                      AdwBin)

GtkWidget *kelvin_profile_controls_new (void);

guint kelvin_profile_controls_get_cold (KelvinProfileControls *self);
guint kelvin_profile_controls_get_warm (KelvinProfileControls *self);
void kelvin_profile_controls_set_counts (KelvinProfileControls *self, guint cold, guint warm);
/* Leaves out what a narrow header has no room for; the counts stay as they were set. */
void kelvin_profile_controls_set_narrow (KelvinProfileControls *self, gboolean narrow);
/* Shows Cancel in place of Profile. */
void kelvin_profile_controls_set_running (KelvinProfileControls *self, gboolean running);

G_END_DECLS
