#include "engine/drills/drill.h"

#include <string.h>

static const KelvinDrill *const drills[] = {
  &kelvin_drill_cold_burst,       &kelvin_drill_throttling,      &kelvin_drill_caller_retry_storm,
  &kelvin_drill_connection_storm, &kelvin_drill_slow_downstream, &kelvin_drill_cost_runaway,
};

const KelvinDrill *
kelvin_drill_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (drills); i++)
    if (strcmp (drills[i]->info.name, name) == 0)
      return drills[i];
  return NULL;
}

const KelvinDrillInfo *
kelvin_drill_list (guint *out_n)
{
  static KelvinDrillInfo infos[G_N_ELEMENTS (drills)];

  for (guint i = 0; i < G_N_ELEMENTS (drills); i++)
    infos[i] = drills[i]->info;
  *out_n = G_N_ELEMENTS (drills);
  return infos;
}

void
kelvin_drill_plan_say (KelvinDrillPlan *self, gint64 at_ms, const char *format, ...)
{
  KelvinDrillStep *step = g_new0 (KelvinDrillStep, 1);
  va_list args;

  va_start (args, format);
  step->at_ms = at_ms;
  step->what = g_strdup_vprintf (format, args);
  va_end (args);
  g_ptr_array_add (self->steps, step);
}

void
kelvin_drill_plan_add (KelvinDrillPlan *self, gint64 at_ms, guint n)
{
  gint64 at_ns = at_ms * 1000000;

  for (guint i = 0; i < n; i++)
    g_array_append_val (self->request.times_ns, at_ns);
}

void
kelvin_drill_plan_repeat (KelvinDrillPlan *self, gint64 from_ms, guint n_steps, guint n)
{
  gint64 step_ms = self->play.step_ns / 1000000;

  for (guint i = 0; i < n_steps; i++)
    kelvin_drill_plan_add (self, from_ms + i * step_ms, n);
}
