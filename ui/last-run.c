#include "config.h"

#include "ui/last-run.h"

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;
  g_autoptr (GPtrArray) runs =
      kelvin_store_list_runs_finish (KELVIN_STORE (source), result, NULL, &error);

  if (runs == NULL)
    g_task_return_error (task, error);
  else if (runs->len == 0)
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_pointer (task, kelvin_run_ref (g_ptr_array_index (runs, 0)),
                           (GDestroyNotify) kelvin_run_unref);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  KelvinEngine *engine = KELVIN_ENGINE (source);
  const char *function_name = g_task_get_task_data (task);
  const KelvinRunFilter filter = {
    .function_name = function_name, .since_us = -1, .until_us = -1, .limit = 1
  };
  GCancellable *cancellable = g_task_get_cancellable (task);
  GError *error = NULL;

  if (!kelvin_engine_wait_open_finish (engine, result, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (kelvin_engine_get_store (engine) == NULL)
    {
      g_task_return_pointer (task, NULL, NULL); /* it is being closed */
      return;
    }

  kelvin_store_list_runs_async (kelvin_engine_get_store (engine), &filter, cancellable, listed_cb,
                                g_steal_pointer (&task));
}

void
kelvin_last_run_find_async (KelvinEngine *engine, const char *function_name,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, kelvin_last_run_find_async);
  g_task_set_task_data (task, g_strdup (function_name), g_free);
  kelvin_engine_wait_open_async (engine, opened_cb, task);
}

KelvinRun *
kelvin_last_run_find_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
