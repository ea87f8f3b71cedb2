#include "config.h"

#include "ui/charts/hue.h"

#include <glib/gi18n-lib.h>

static const char *const css_classes[KELVIN_N_HUES] = { "sandbox", "runtime", "init",   "handler",
                                                        "waiting", "idle",    "failed", "link",
                                                        "cold",    "warm" };

KelvinHue
kelvin_phase_get_hue (KelvinPhase phase)
{
  switch (phase)
    {
    case KELVIN_PHASE_SANDBOX:
      return KELVIN_HUE_SANDBOX;
    case KELVIN_PHASE_RUNTIME:
      return KELVIN_HUE_RUNTIME;
    case KELVIN_PHASE_INIT:
      return KELVIN_HUE_INIT;
    case KELVIN_PHASE_HANDLER:
      return KELVIN_HUE_HANDLER;
    case KELVIN_PHASE_RESPONSE:
      return KELVIN_HUE_IDLE;
    case KELVIN_PHASE_QUEUE:
    default:
      return KELVIN_HUE_WAITING;
    }
}

const char *
kelvin_phase_get_title (KelvinPhase phase)
{
  static const char *const titles[KELVIN_N_PHASES] = {
    NC_ ("phase", "queue"), NC_ ("phase", "sandbox"), NC_ ("phase", "runtime"),
    NC_ ("phase", "init"),  NC_ ("phase", "handler"), NC_ ("phase", "response")
  };

  g_return_val_if_fail (phase < KELVIN_N_PHASES, "");

  return g_dpgettext2 (GETTEXT_PACKAGE, "phase", titles[phase]);
}

GtkWidget *
kelvin_hue_create_swatch (KelvinHue hue)
{
  g_return_val_if_fail (hue < KELVIN_N_HUES, NULL);

  const char *classes[] = { css_classes[hue], NULL };

  return g_object_new (GTK_TYPE_BOX, "css-name", "swatch", "css-classes", classes,
                       "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
}
