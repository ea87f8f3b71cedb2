#include "engine/history/store-private.h"

#include "engine/history/connection.h"
#include "engine/history/door-queries.h"
#include "engine/history/page.h"
#include "engine/history/rows.h"
#include "engine/history/run-row.h"
#include "engine/history/store-error.h"

static const char select_page[] =
    "SELECT " KELVIN_ROWS_INVOCATION ","
    " (SELECT bytes FROM payloads WHERE id = i.event),"
    " (SELECT bytes FROM payloads WHERE id = i.payload),"
    " (SELECT text FROM logs WHERE invocation = i.id)"
    " FROM invocations AS i WHERE i.id > ?1 AND i.id <= ?2 ORDER BY i.id LIMIT ?3";
#define EVENT_COLUMN (KELVIN_ROWS_N_INVOCATION + 0)
#define PAYLOAD_COLUMN (KELVIN_ROWS_N_INVOCATION + 1)
#define LOG_COLUMN (KELVIN_ROWS_N_INVOCATION + 2)

static const char select_attempts[] = "SELECT " KELVIN_ROWS_ATTEMPT " FROM attempts AS a"
                                      " WHERE a.invocation BETWEEN ?1 AND ?2"
                                      " ORDER BY a.invocation, a.number";

/* A page ends early rather than fill the memory: 1,000 logs may be 2 GB. */
#define MOST_PAGE_BYTES (64 * 1024 * 1024)

typedef struct {
  char *run_id;
  guint limit;
  gint64 after_run; /* the cursor: row id of the run, 0 for the first page */
  gint64 after;     /* and a number within it */
} ListRequest;

static void
list_request_free (ListRequest *self)
{
  g_free (self->run_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListRequest, list_request_free)

static gboolean
check_cursor (const ListRequest *request, gint64 run, GError **error)
{
  if (request->after_run == 0 || request->after_run == run)
    return TRUE;

  g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
               "The place to go on from belongs to another run than %s", request->run_id);
  return FALSE;
}

static gsize
read_payloads_and_log (sqlite3_stmt *row, KelvinInvocation *invocation)
{
  invocation->event = kelvin_rows_read_bytes (row, EVENT_COLUMN);
  invocation->payload = kelvin_rows_read_bytes (row, PAYLOAD_COLUMN);
  if (sqlite3_column_type (row, LOG_COLUMN) != SQLITE_NULL)
    {
      g_free (invocation->log);
      invocation->log = kelvin_rows_read_text (row, LOG_COLUMN);
    }
  return sqlite3_column_bytes (row, EVENT_COLUMN) + sqlite3_column_bytes (row, PAYLOAD_COLUMN) +
         sqlite3_column_bytes (row, LOG_COLUMN);
}

static char *
make_cursor (const KelvinPage *page, gint64 run)
{
  const KelvinInvocation *last = page->items->pdata[page->items->len - 1];

  return kelvin_page_format_cursor (run, last->number);
}

static KelvinPage *
read_page (sqlite3 *db, const ListRequest *request, gint64 run, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_page, error);
  g_autoptr (KelvinPage) page = kelvin_page_new ((GDestroyNotify) kelvin_invocation_unref);
  gsize bytes = 0;
  int result;

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, kelvin_rows_make_id (run, request->after));
  sqlite3_bind_int64 (statement, 2, kelvin_rows_make_id (run, KELVIN_ROWS_LARGEST_NUMBER));
  sqlite3_bind_int64 (statement, 3, request->limit + 1);

  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KelvinInvocation *invocation;

      if (page->items->len == request->limit || bytes > MOST_PAGE_BYTES)
        {
          page->next = make_cursor (page, run);
          return g_steal_pointer (&page);
        }
      invocation = kelvin_rows_read_invocation (statement, request->run_id, error);
      if (invocation == NULL)
        return NULL;
      g_ptr_array_add (page->items, invocation);
      bytes += read_payloads_and_log (statement, invocation);
    }
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read a run's invocations");
      return NULL;
    }
  return g_steal_pointer (&page);
}

/* The invocation of @number; both lists are in order, so @index only moves on. */
static KelvinInvocation *
find_in_page (const KelvinPage *page, guint *index, guint64 number)
{
  for (; *index < page->items->len; (*index)++)
    {
      KelvinInvocation *invocation = page->items->pdata[*index];

      if (invocation->number == number)
        return invocation;
      if (invocation->number > number)
        return NULL;
    }
  return NULL;
}

static gboolean
add_attempt (KelvinInvocation *invocation, sqlite3_stmt *row, GError **error)
{
  KelvinAttempt attempt;

  if (!kelvin_rows_read_attempt (row, &attempt, error))
    return FALSE;
  if (invocation->attempts == NULL)
    invocation->attempts = g_array_new (FALSE, FALSE, sizeof attempt);
  g_array_append_val (invocation->attempts, attempt);
  return TRUE;
}

static gboolean
read_attempts (sqlite3 *db, KelvinPage *page, gint64 run, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  const KelvinInvocation *first, *last;
  guint index = 0;
  int result;

  if (page->items->len == 0)
    return TRUE;
  statement = kelvin_connection_prepare (db, select_attempts, error);
  if (statement == NULL)
    return FALSE;

  first = page->items->pdata[0];
  last = page->items->pdata[page->items->len - 1];
  sqlite3_bind_int64 (statement, 1, kelvin_rows_make_id (run, first->number));
  sqlite3_bind_int64 (statement, 2, kelvin_rows_make_id (run, last->number));
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      guint64 number = kelvin_rows_get_number (sqlite3_column_int64 (statement, 0));
      KelvinInvocation *invocation = find_in_page (page, &index, number);

      if (invocation != NULL && !add_attempt (invocation, statement, error))
        return FALSE;
    }
  if (result != SQLITE_DONE)
    kelvin_store_set_error (error, db, "read the attempts");
  return result == SQLITE_DONE;
}

static void
list_invocations_in_thread (GTask *task, sqlite3 *db)
{
  const ListRequest *request = g_task_get_task_data (task);
  g_autoptr (KelvinPage) page = NULL;
  g_autoptr (GError) error = NULL;
  gint64 run;

  if (kelvin_run_row_find (db, request->run_id, &run, &error) &&
      check_cursor (request, run, &error))
    page = read_page (db, request, run, &error);
  if (page != NULL && read_attempts (db, page, run, &error) &&
      kelvin_door_queries_read (db, page->items, run, &error))
    g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) kelvin_page_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

char *
kelvin_store_format_invocation_cursor (guint64 number)
{
  return kelvin_page_format_cursor (0, (gint64) MAX (number, 1) - 1);
}

void
kelvin_store_list_invocations_async (KelvinStore *self, const char *run_id, guint limit,
                                     const char *after, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (ListRequest) request = g_new0 (ListRequest, 1);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (run_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_list_invocations_async);
  request->run_id = g_strdup (run_id);
  request->limit = kelvin_page_clamp_limit (limit);
  if (after != NULL &&
      !kelvin_page_parse_cursor (after, &request->after_run, &request->after, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, g_steal_pointer (&request), (GDestroyNotify) list_request_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      list_invocations_in_thread);
}

GPtrArray *
kelvin_store_list_invocations_finish (KelvinStore *self, GAsyncResult *result, char **out_next,
                                      GError **error)
{
  KelvinPage *page;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  page = g_task_propagate_pointer (G_TASK (result), error);
  return page != NULL ? kelvin_page_finish (page, out_next) : NULL;
}
