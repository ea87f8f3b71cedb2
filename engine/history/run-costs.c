#include "engine/history/store-private.h"

#include "engine/history/connection.h"
#include "engine/history/rows.h"
#include "engine/history/run-condition.h"
#include "engine/history/store-error.h"

static const char select_costs[] =
    "SELECT (SELECT text FROM names WHERE id = r.function), COUNT(*), SUM(r.invocations),"
    " SUM(r.cold_starts), SUM(r.cost), MIN(r.started_at) FROM runs AS r WHERE " KELVIN_RUN_CONDITION
    " GROUP BY r.function ORDER BY SUM(r.cost) DESC";

void
kelvin_function_cost_free (KelvinFunctionCost *self)
{
  g_free (self->function_name);
  g_free (self);
}

static KelvinFunctionCost *
read_cost (sqlite3_stmt *row)
{
  KelvinFunctionCost *cost = g_new0 (KelvinFunctionCost, 1);

  cost->function_name = kelvin_rows_read_text (row, 0);
  cost->runs = sqlite3_column_int64 (row, 1);
  cost->invocations = sqlite3_column_int64 (row, 2);
  cost->cold_starts = sqlite3_column_int64 (row, 3);
  cost->cost_pico_usd = sqlite3_column_int64 (row, 4);
  cost->since_us = sqlite3_column_int64 (row, 5);
  return cost;
}

static GPtrArray *
read_costs (sqlite3 *db, const KelvinRunCondition *condition, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_costs, error);
  g_autoptr (GPtrArray) costs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_function_cost_free);
  int result;

  if (statement == NULL)
    return NULL;
  kelvin_run_condition_bind (condition, statement);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    g_ptr_array_add (costs, read_cost (statement));
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "add up the costs of the runs");
      return NULL;
    }
  return g_steal_pointer (&costs);
}

static void
sum_costs_in_thread (GTask *task, sqlite3 *db)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *costs = read_costs (db, g_task_get_task_data (task), &error);

  if (costs != NULL)
    g_task_return_pointer (task, costs, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_sum_costs_async (KelvinStore *self, const KelvinRunFilter *filter,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (filter != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_sum_costs_async);
  KelvinRunCondition *condition = kelvin_run_condition_new (filter, &error);
  if (condition == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, condition, (GDestroyNotify) kelvin_run_condition_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      sum_costs_in_thread);
}

GPtrArray *
kelvin_store_sum_costs_finish (KelvinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
