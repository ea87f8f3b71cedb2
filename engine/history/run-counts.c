#include "engine/history/store-private.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/run-condition.h"
#include "engine/history/store-error.h"

/* Each finds its row at its end of the index. */
static const char select_oldest[] = "SELECT r.started_at FROM runs AS r WHERE " KELVIN_RUN_CONDITION
                                    " ORDER BY r.started_at, r.id LIMIT 1";
static const char select_newest[] = "SELECT r.started_at FROM runs AS r WHERE " KELVIN_RUN_CONDITION
                                    " ORDER BY r.started_at DESC, r.id DESC LIMIT 1";

/* One pass over the index; slices are counted here, for SQLite would sort a million rows to group
 * them. */
static const char select_times[] =
    "SELECT r.started_at, r.status FROM runs AS r"
    " WHERE " KELVIN_RUN_CONDITION " ORDER BY r.started_at DESC, r.id DESC";

#define MOST_SLICES 10000

typedef struct {
  KelvinRunCondition *condition;
  guint n;
} CountRequest;

typedef struct {
  gint64 from_us;
  gint64 to_us; /* what starts then is outside */
  GArray *slices;
} RunCounts;

static void
count_request_free (CountRequest *self)
{
  g_clear_pointer (&self->condition, kelvin_run_condition_free);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CountRequest, count_request_free)

static void
run_counts_free (RunCounts *self)
{
  g_clear_pointer (&self->slices, g_array_unref);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RunCounts, run_counts_free)

/* *out_time: untouched if there is no such run. */
static gboolean
read_time (sqlite3 *db, const char *sql, const KelvinRunCondition *condition, gint64 *out_time,
           GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, sql, error);
  int result;

  if (statement == NULL)
    return FALSE;
  kelvin_run_condition_bind (condition, statement);
  result = sqlite3_step (statement);
  if (result == SQLITE_ROW)
    *out_time = sqlite3_column_int64 (statement, 0);
  else if (result != SQLITE_DONE)
    kelvin_store_set_error (error, db, "count the runs");
  return result == SQLITE_ROW || result == SQLITE_DONE;
}

/* Those that the filter names, else those of the runs that were found. */
static gboolean
read_ends (sqlite3 *db, const KelvinRunCondition *condition, RunCounts *counts, GError **error)
{
  gint64 oldest = 0, newest = 0;

  if (!read_time (db, select_oldest, condition, &oldest, error) ||
      !read_time (db, select_newest, condition, &newest, error))
    return FALSE;

  counts->from_us = condition->since_us > 0 ? condition->since_us : oldest;
  counts->to_us = condition->until_us < G_MAXINT64 ? condition->until_us : newest + 1;
  counts->to_us = MAX (counts->to_us, counts->from_us + 1);
  return TRUE;
}

/* What went wrong with the function; runs that a person cancelled, or that ended with Kelvin,
 * didn't fail. */
static gboolean
is_failed (int code)
{
  return code == kelvin_code_of_status (KELVIN_STATUS_ERROR) ||
         code == kelvin_code_of_status (KELVIN_STATUS_TIMEOUT) ||
         code == kelvin_code_of_status (KELVIN_STATUS_OUT_OF_MEMORY) ||
         code == kelvin_code_of_status (KELVIN_STATUS_THROTTLED);
}

static void
count_run (RunCounts *counts, gint64 started_at_us, int status)
{
  double place =
      (double) (started_at_us - counts->from_us) / (double) (counts->to_us - counts->from_us);
  guint index = MIN ((guint) (place * counts->slices->len), counts->slices->len - 1);
  KelvinRunSlice *slice = &g_array_index (counts->slices, KelvinRunSlice, index);

  slice->runs++;
  slice->failed += is_failed (status);
}

static gboolean
read_times (sqlite3 *db, const KelvinRunCondition *condition, RunCounts *counts, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_times, error);
  int result;

  if (statement == NULL)
    return FALSE;
  kelvin_run_condition_bind (condition, statement);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    count_run (counts, sqlite3_column_int64 (statement, 0), sqlite3_column_int (statement, 1));
  if (result != SQLITE_DONE)
    kelvin_store_set_error (error, db, "count the runs");
  return result == SQLITE_DONE;
}

static void
count_runs_in_thread (GTask *task, sqlite3 *db)
{
  const CountRequest *request = g_task_get_task_data (task);
  g_autoptr (RunCounts) counts = g_new0 (RunCounts, 1);
  g_autoptr (GError) error = NULL;

  counts->slices = g_array_sized_new (FALSE, TRUE, sizeof (KelvinRunSlice), request->n);
  g_array_set_size (counts->slices, request->n);
  if (read_ends (db, request->condition, counts, &error) &&
      read_times (db, request->condition, counts, &error))
    g_task_return_pointer (task, g_steal_pointer (&counts), (GDestroyNotify) run_counts_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_count_runs_async (KelvinStore *self, const KelvinRunFilter *filter, guint n,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (CountRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (filter != NULL);
  g_return_if_fail (n > 0 && n <= MOST_SLICES);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_count_runs_async);
  request = g_new0 (CountRequest, 1);
  request->n = n;
  request->condition = kelvin_run_condition_new (filter, &error);
  if (request->condition == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, g_steal_pointer (&request), (GDestroyNotify) count_request_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      count_runs_in_thread);
}

GArray *
kelvin_store_count_runs_finish (KelvinStore *self, GAsyncResult *result, gint64 *out_from_us,
                                gint64 *out_to_us, GError **error)
{
  g_autoptr (RunCounts) counts = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  counts = g_task_propagate_pointer (G_TASK (result), error);
  if (counts == NULL)
    return NULL;
  if (out_from_us != NULL)
    *out_from_us = counts->from_us;
  if (out_to_us != NULL)
    *out_to_us = counts->to_us;
  return g_steal_pointer (&counts->slices);
}
