#include "engine/history/task-release.h"

static gboolean
done_cb (gpointer user_data)
{
  return G_SOURCE_REMOVE;
}

void
kelvin_task_release (GTask *task)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  g_source_set_priority (source, g_task_get_priority (task));
  g_source_set_static_name (source, "history-task-release");
  g_source_set_callback (source, done_cb, task, g_object_unref);
  g_source_attach (source, g_task_get_context (task));
}
