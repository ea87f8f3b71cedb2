#pragma once

#include <gtk/gtk.h>

#include "engine/model/phase.h"

G_BEGIN_DECLS

/* What a colour of a chart means; ui/style.css gives each its value, light and dark. */
typedef enum {
  KELVIN_HUE_SANDBOX,
  KELVIN_HUE_RUNTIME,
  KELVIN_HUE_INIT,
  KELVIN_HUE_HANDLER,
  KELVIN_HUE_WAITING,
  KELVIN_HUE_IDLE,
  KELVIN_HUE_FAILED,
  KELVIN_HUE_LINK,
  KELVIN_HUE_COLD,
  KELVIN_HUE_WARM,
} KelvinHue;
#define KELVIN_N_HUES 10

KelvinHue kelvin_phase_get_hue (KelvinPhase phase);
/* "sandbox", … in the language of the window; static. */
const char *kelvin_phase_get_title (KelvinPhase phase);

/* A "swatch" node in the style: a small square in a legend, or an unseen child that a chart reads
 * its colour from. */
GtkWidget *kelvin_hue_create_swatch (KelvinHue hue);

G_END_DECLS
