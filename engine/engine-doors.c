#include "engine/engine-private.h"

/* The facade's calls about doors. */

typedef struct {
  char *function_dir;
  char *door_name;
  gboolean has_faults;
  KelvinDoorFaults faults;
} Setting;

static void
setting_free (gpointer data)
{
  Setting *setting = data;

  g_free (setting->function_dir);
  g_free (setting->door_name);
  g_free (setting);
}

static void
set_door_faults (KelvinEngine *self, GTask *task)
{
  const Setting *setting = g_task_get_task_data (task);

  kelvin_door_keeper_set_faults (self->doors, setting->function_dir, setting->door_name,
                                 setting->has_faults ? &setting->faults : NULL);
  g_task_return_boolean (task, TRUE);
}

void
kelvin_engine_set_door_faults (KelvinEngine *self, const char *function_dir, const char *door_name,
                               const KelvinDoorFaults *faults)
{
  g_return_if_fail (KELVIN_IS_ENGINE (self));
  g_return_if_fail (function_dir != NULL && door_name != NULL);

  GTask *task = g_task_new (self, NULL, NULL, NULL);
  Setting *setting = g_new0 (Setting, 1);

  setting->function_dir = g_strdup (function_dir);
  setting->door_name = g_strdup (door_name);
  setting->has_faults = faults != NULL;
  if (faults != NULL)
    setting->faults = *faults;
  g_task_set_source_tag (task, kelvin_engine_set_door_faults);
  g_task_set_task_data (task, setting, setting_free);
  kelvin_engine_call (self, task, set_door_faults);
}
