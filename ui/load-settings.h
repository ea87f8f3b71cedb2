#pragma once

#include <gtk/gtk.h>

#include "engine/load.h"

G_BEGIN_DECLS

/* What a load is started with, in a strip: pattern and its curve, how much, for how long, how
 * callers behave, limits and seed. */
#define KELVIN_TYPE_LOAD_SETTINGS (kelvin_load_settings_get_type ())
G_DECLARE_FINAL_TYPE (KelvinLoadSettings, kelvin_load_settings, KELVIN, LOAD_SETTINGS, GtkWidget)

/* The name of the event that is sent; nullable: {}. */
void kelvin_load_settings_set_event_name (KelvinLoadSettings *self, const char *event_name);
/* Sets all that a person chose in @request; the function and the event are left alone. */
void kelvin_load_settings_fill (KelvinLoadSettings *self, KelvinLoadRequest *request);

G_END_DECLS
