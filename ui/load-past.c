#include "config.h"

#include "ui/load-past.h"

#define PAGE 1000

typedef struct {
  char *run_id;
  KelvinLoadPastFunc func;
  gpointer func_data;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_free (reading->run_id);
  g_free (reading);
}

static void read_invocations (GTask *task, const char *after);
static void read_transitions (GTask *task, const char *after);

static void
tell (GTask *task, GPtrArray *invocations, GPtrArray *transitions)
{
  const Reading *reading = g_task_get_task_data (task);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  const KelvinLoadPastPage page = { invocations != NULL ? invocations : none,
                                    transitions != NULL ? transitions : none };

  reading->func (&page, reading->func_data);
}

static void
invocations_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) invocations =
      kelvin_store_list_invocations_finish (KELVIN_STORE (source), result, &next, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (invocations == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  tell (task, invocations, NULL);
  if (next != NULL)
    read_invocations (g_steal_pointer (&task), next);
  else
    g_task_return_boolean (task, TRUE);
}

/* (transfer full) @task */
static void
read_invocations (GTask *task, const char *after)
{
  const Reading *reading = g_task_get_task_data (task);

  kelvin_store_list_invocations_async (g_task_get_source_object (task), reading->run_id, PAGE,
                                       after, g_task_get_cancellable (task), invocations_cb, task);
}

static void
transitions_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;
  g_autoptr (GPtrArray) transitions =
      kelvin_store_list_transitions_finish (KELVIN_STORE (source), result, &next, &error);

  if (g_task_return_error_if_cancelled (task))
    return;
  if (transitions == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  tell (task, NULL, transitions);
  if (next != NULL)
    read_transitions (g_steal_pointer (&task), next);
  else
    read_invocations (g_steal_pointer (&task), NULL);
}

/* (transfer full) @task */
static void
read_transitions (GTask *task, const char *after)
{
  const Reading *reading = g_task_get_task_data (task);

  kelvin_store_list_transitions_async (g_task_get_source_object (task), reading->run_id, 0, PAGE,
                                       after, g_task_get_cancellable (task), transitions_cb, task);
}

void
kelvin_load_past_read_async (KelvinStore *store, const char *run_id, GCancellable *cancellable,
                             KelvinLoadPastFunc func, gpointer func_data,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (store, cancellable, callback, user_data);
  Reading *reading = g_new0 (Reading, 1);

  reading->run_id = g_strdup (run_id);
  reading->func = func;
  reading->func_data = func_data;
  g_task_set_source_tag (task, kelvin_load_past_read_async);
  g_task_set_task_data (task, reading, reading_free);
  read_transitions (task, NULL);
}

gboolean
kelvin_load_past_read_finish (KelvinStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
