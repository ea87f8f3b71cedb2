#include "engine/history/store-private.h"

#include "engine/history/codes.h"
#include "engine/history/connection.h"
#include "engine/history/page.h"
#include "engine/history/rows.h"
#include "engine/history/run-row.h"
#include "engine/history/store-error.h"

/* In the order of the table's key: a page reads its own rows alone. */
static const char select_page[] =
    "SELECT t.at_ns, t.environment, t.from_state, t.to_state,"
    " (SELECT text FROM names WHERE id = t.reason)"
    " FROM transitions AS t WHERE t.run = ?1"
    " AND (t.at_ns, t.environment, t.to_state) > (?2, ?3, ?4) AND (?5 = 0 OR t.environment = ?5)"
    " ORDER BY t.at_ns, t.environment, t.to_state LIMIT ?6";

/* A cursor holds a time, and an environment and a state beside each other. */
#define STATE_BITS 8

typedef struct {
  char *run_id;
  guint64 environment;
  guint limit;
  gint64 after_ns; /* the cursor; -1 for the first page */
  gint64 after;
} ListRequest;

static void
list_request_free (ListRequest *self)
{
  g_free (self->run_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ListRequest, list_request_free)

static KelvinPastTransition *
read_transition (sqlite3_stmt *row, GError **error)
{
  g_autofree char *reason = kelvin_rows_read_text (row, 4);
  KelvinTransition transition = { .at_ns = sqlite3_column_int64 (row, 0),
                                  .environment = (guint64) sqlite3_column_int64 (row, 1),
                                  .reason = reason };

  if (kelvin_code_to_state (sqlite3_column_int (row, 2), &transition.from) &&
      kelvin_code_to_state (sqlite3_column_int (row, 3), &transition.to))
    return kelvin_past_transition_new (&transition);

  kelvin_store_set_damaged (error, sqlite3_db_filename (sqlite3_db_handle (row), "main"),
                            "is damaged: a row of transitions holds a state that there isn't");
  return NULL;
}

static char *
make_cursor (const KelvinPage *page)
{
  const KelvinPastTransition *last = page->items->pdata[page->items->len - 1];
  const KelvinTransition *transition = &last->transition;

  return kelvin_page_format_cursor (transition->at_ns,
                                    (gint64) (transition->environment << STATE_BITS) |
                                        kelvin_code_of_state (transition->to));
}

static void
bind_request (sqlite3_stmt *statement, const ListRequest *request, gint64 run)
{
  sqlite3_bind_int64 (statement, 1, run);
  sqlite3_bind_int64 (statement, 2, request->after_ns);
  sqlite3_bind_int64 (statement, 3, request->after >> STATE_BITS);
  sqlite3_bind_int64 (statement, 4, request->after & ((1 << STATE_BITS) - 1));
  sqlite3_bind_int64 (statement, 5, (gint64) request->environment);
  sqlite3_bind_int64 (statement, 6, request->limit + 1);
}

static KelvinPage *
read_page (sqlite3 *db, const ListRequest *request, gint64 run, GError **error)
{
  g_autoptr (sqlite3_stmt) statement = kelvin_connection_prepare (db, select_page, error);
  g_autoptr (KelvinPage) page = kelvin_page_new ((GDestroyNotify) kelvin_past_transition_free);
  int result;

  if (statement == NULL)
    return NULL;
  bind_request (statement, request, run);
  while ((result = sqlite3_step (statement)) == SQLITE_ROW)
    {
      KelvinPastTransition *transition;

      if (page->items->len == request->limit)
        {
          page->next = make_cursor (page);
          return g_steal_pointer (&page);
        }
      transition = read_transition (statement, error);
      if (transition == NULL)
        return NULL;
      g_ptr_array_add (page->items, transition);
    }
  if (result != SQLITE_DONE)
    {
      kelvin_store_set_error (error, db, "read a run's transitions");
      return NULL;
    }
  return g_steal_pointer (&page);
}

static void
list_transitions_in_thread (GTask *task, sqlite3 *db)
{
  const ListRequest *request = g_task_get_task_data (task);
  g_autoptr (KelvinPage) page = NULL;
  g_autoptr (GError) error = NULL;
  gint64 run;

  if (kelvin_run_row_find (db, request->run_id, &run, &error))
    page = read_page (db, request, run, &error);
  if (page != NULL)
    g_task_return_pointer (task, g_steal_pointer (&page), (GDestroyNotify) kelvin_page_free);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
kelvin_store_list_transitions_async (KelvinStore *self, const char *run_id, guint64 environment,
                                     guint limit, const char *after, GCancellable *cancellable,
                                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (ListRequest) request = g_new0 (ListRequest, 1);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (run_id != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_list_transitions_async);
  request->run_id = g_strdup (run_id);
  request->environment = environment;
  request->limit = kelvin_page_clamp_limit (limit);
  request->after_ns = -1;
  if (after != NULL &&
      !kelvin_page_parse_cursor (after, &request->after_ns, &request->after, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, g_steal_pointer (&request), (GDestroyNotify) list_request_free);
  kelvin_readers_run (kelvin_store_get_readers (self), g_steal_pointer (&task),
                      list_transitions_in_thread);
}

GPtrArray *
kelvin_store_list_transitions_finish (KelvinStore *self, GAsyncResult *result, char **out_next,
                                      GError **error)
{
  KelvinPage *page;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  page = g_task_propagate_pointer (G_TASK (result), error);
  return page != NULL ? kelvin_page_finish (page, out_next) : NULL;
}
