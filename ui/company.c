#include "config.h"

#include "ui/company.h"

#define MOST_COLD_STARTS 20

typedef struct {
  KelvinInvocation *invocation;
  KelvinStore *store;
  KelvinCompany *company;
} Search;

void
kelvin_company_free (KelvinCompany *self)
{
  g_clear_pointer (&self->last_warm, kelvin_invocation_unref);
  g_clear_pointer (&self->median_cold, kelvin_invocation_unref);
  g_free (self);
}

static void
search_free (gpointer data)
{
  Search *search = data;

  kelvin_invocation_unref (search->invocation);
  g_object_unref (search->store);
  g_clear_pointer (&search->company, kelvin_company_free);
  g_free (search);
}

KelvinInvocation *
kelvin_company_find_median (GPtrArray *starts)
{
  if (starts->len == 0)
    return NULL;

  g_autofree double *totals = g_new (double, starts->len);
  for (guint i = 0; i < starts->len; i++)
    {
      const KelvinInvocation *start = g_ptr_array_index (starts, i);

      totals[i] = kelvin_us_to_ms (kelvin_phases_get_total_us (&start->phases));
    }

  return g_ptr_array_index (starts, kelvin_median_index (totals, starts->len));
}

static gboolean
is_itself (gconstpointer candidate, const KelvinInvocation *invocation)
{
  const KelvinInvocation *other = candidate;

  return memcmp (&other->request_id, &invocation->request_id, sizeof other->request_id) == 0;
}

static void
cold_listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GPtrArray) starts =
      kelvin_store_list_recent_finish (KELVIN_STORE (source), result, &error);

  if (starts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  /* the only one there is would stand beside itself */
  gboolean alone =
      starts->len == 1 && is_itself (g_ptr_array_index (starts, 0), search->invocation);
  KelvinInvocation *median = alone ? NULL : kelvin_company_find_median (starts);
  search->company->n_cold = starts->len;
  if (median != NULL)
    search->company->median_cold = kelvin_invocation_ref (median);
  g_task_return_pointer (task, g_steal_pointer (&search->company),
                         (GDestroyNotify) kelvin_company_free);
}

static void
warm_listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  Search *search = g_task_get_task_data (task);
  KelvinInvocation *invocation = search->invocation;
  GError *error = NULL;
  g_autoptr (GPtrArray) starts =
      kelvin_store_list_recent_finish (KELVIN_STORE (source), result, &error);

  if (starts == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  for (guint i = 0; i < starts->len && search->company->last_warm == NULL; i++)
    if (!is_itself (g_ptr_array_index (starts, i), invocation))
      search->company->last_warm = kelvin_invocation_ref (g_ptr_array_index (starts, i));

  GCancellable *cancellable = g_task_get_cancellable (task);
  kelvin_store_list_recent_async (search->store, invocation->function_name, invocation->version,
                                  KELVIN_START_COLD, MOST_COLD_STARTS, cancellable, cold_listed_cb,
                                  g_steal_pointer (&task));
}

void
kelvin_company_find_async (KelvinStore *store, KelvinInvocation *invocation,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->invocation = kelvin_invocation_ref (invocation);
  search->store = g_object_ref (store);
  search->company = g_new0 (KelvinCompany, 1);
  g_task_set_source_tag (task, kelvin_company_find_async);
  g_task_set_task_data (task, search, search_free);
  /* the newest of them may be the invocation itself */
  kelvin_store_list_recent_async (store, invocation->function_name, invocation->version,
                                  KELVIN_START_WARM, 2, cancellable, warm_listed_cb, task);
}

KelvinCompany *
kelvin_company_find_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
