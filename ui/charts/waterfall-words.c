#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/waterfall.h"

static void
describe_row (GString *text, const KelvinWaterfallRow *row)
{
  if (text->len > 0)
    g_string_append (text, "; ");
  g_string_append_printf (text, "%s: ", row->label);

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    if (row->phases.us[i] >= 0)
      /* Translators: name of a phase and its length in milliseconds */
      g_string_append_printf (text, _ ("%s %.2f ms, "), kelvin_phase_get_title ((KelvinPhase) i),
                              row->phases.us[i] / 1000.);
  /* Translators: the sum of what stands before */
  g_string_append_printf (text, _ ("in all %.2f ms"),
                          kelvin_phases_get_total_us (&row->phases) / 1000.);
  if (row->note != NULL)
    g_string_append_printf (text, " (%s)", row->note);
}

char *
kelvin_waterfall_describe (const KelvinWaterfallRow *rows, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (n == 0)
    return g_strdup (_ ("No run yet"));

  for (guint i = 0; i < n; i++)
    describe_row (text, &rows[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}
