/* Control groups by systemd, where the launcher's own group isn't one that it may divide. */

#include "engine/environment/launcher-private.h"

#include "engine/environment/delegation.h"

/* A start that waits for longer is worse than one without. */
#define LIMIT_MS 1000

/* Is the whole hierarchy version 2? Of version 1 systemd hands nothing down. */
#define V2_ALONE "/sys/fs/cgroup/cgroup.controllers"

static void
looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  kelvin_launcher_look_finish (result, NULL);
  g_task_return_boolean (task, TRUE);
}

static void
delegated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KelvinLauncher *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  if (kelvin_delegation_ask_finish (result, &error))
    {
      kelvin_launcher_look_async (self, looked_cb, g_steal_pointer (&task));
      return;
    }
  g_debug ("no control groups by systemd: %s", error->message);
  g_task_return_boolean (task, TRUE);
}

void
kelvin_launcher_gain_groups_async (KelvinLauncher *self, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_return_if_fail (self != NULL);

  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, kelvin_launcher_gain_groups_async);
  g_task_set_task_data (task, self, NULL);
  if (kelvin_launcher_get_limits (self) != NULL || !g_file_test (V2_ALONE, G_FILE_TEST_EXISTS))
    g_task_return_boolean (task, TRUE);
  else
    kelvin_delegation_ask_async (kelvin_launcher_get_pid (self), LIMIT_MS, NULL, delegated_cb,
                                 g_steal_pointer (&task));
}

void
kelvin_launcher_gain_groups_finish (GAsyncResult *result)
{
  g_task_propagate_boolean (G_TASK (result), NULL);
}
