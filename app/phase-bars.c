#include "app/phase-bars.h"

#include "app/output.h"

#define COLUMNS 48
#define EIGHTHS (COLUMNS * 8)

/* A bar of whole columns and a last one of some eighths: as long as the phase, and never too short
 * to be seen. It begins at a whole column, as a terminal can't do better. */
static char *
bar_between (gint64 from_us, gint64 to_us, gint64 total_us)
{
  gint64 first = MIN (from_us * COLUMNS / total_us, COLUMNS - 1);
  gint64 eighths = MAX ((to_us - from_us) * EIGHTHS / total_us, 1);
  GString *bar = g_string_new (NULL);

  g_string_append_printf (bar, "%*s", (int) first, "");
  for (gint64 i = 0; i < eighths / 8; i++)
    g_string_append (bar, "█");
  if (eighths % 8 > 0)
    g_string_append_unichar (bar, 0x2590 - (gunichar) (eighths % 8)); /* ▏ is 0x258f, ▉ 0x2589 */
  return g_string_free (bar, FALSE);
}

void
kelvin_phase_bars_print (const KelvinPhases *phases, guint indent)
{
  gint64 total_us = MAX (kelvin_phases_get_total_us (phases), 1);
  gint64 from_us = 0;

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      if (phases->us[i] < 0)
        continue;
      g_autofree char *bar = bar_between (from_us, from_us + phases->us[i], total_us);
      kelvin_print ("%*s%-8s %9.2f ms  %s\n", (int) indent, "", kelvin_phase_get_name (i),
                    (double) phases->us[i] / 1000, bar);
      from_us += phases->us[i];
    }
  kelvin_print ("%*s%-8s %9.2f ms\n", (int) indent, "", "together",
                (double) kelvin_phases_get_total_us (phases) / 1000);
}
