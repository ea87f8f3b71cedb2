#include "engine/history/run-condition.h"

#include "engine/history/codes.h"
#include "engine/history/page.h"

static gboolean
parse_kinds (const char *kinds, guint *out_kinds, GError **error)
{
  g_auto (GStrv) words = NULL;
  guint bits = 0;

  if (kinds == NULL)
    {
      *out_kinds = G_MAXUINT;
      return TRUE;
    }

  words = g_strsplit (kinds, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      KelvinRunKind kind;

      if (!kelvin_run_kind_from_string (words[i], &kind))
        {
          g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
                       "\"%s\" is no kind of run: there are invoke, profile, load, tune, drill and "
                       "serve",
                       words[i]);
          return FALSE;
        }
      bits |= 1u << kelvin_code_of_run_kind (kind);
    }
  *out_kinds = bits;
  return TRUE;
}

static gboolean
parse_status (const char *text, int *out_code, GError **error)
{
  KelvinStatus status;

  if (text == NULL)
    return TRUE;
  if (!kelvin_status_from_string (text, &status))
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID,
                   "\"%s\" is no status: there are running, ok, error, timeout, out-of-memory, "
                   "throttled, cancelled and interrupted",
                   text);
      return FALSE;
    }
  *out_code = kelvin_code_of_status (status);
  return TRUE;
}

KelvinRunCondition *
kelvin_run_condition_new (const KelvinRunFilter *filter, GError **error)
{
  g_autoptr (KelvinRunCondition) self = g_new0 (KelvinRunCondition, 1);

  self->function_name = g_strdup (filter->function_name);
  self->since_us = MAX (filter->since_us, 0);
  self->until_us = filter->until_us > 0 ? filter->until_us : G_MAXINT64;
  self->before_us = G_MAXINT64;
  self->before_id = G_MAXINT64;
  self->limit = kelvin_page_clamp_limit (filter->limit);

  if (!parse_kinds (filter->kinds, &self->kinds, error) ||
      !parse_status (filter->status, &self->status, error))
    return NULL;
  if (filter->after != NULL &&
      !kelvin_page_parse_cursor (filter->after, &self->before_us, &self->before_id, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_run_condition_free (KelvinRunCondition *self)
{
  g_free (self->function_name);
  g_free (self);
}

void
kelvin_run_condition_bind (const KelvinRunCondition *self, sqlite3_stmt *statement)
{
  sqlite3_bind_int64 (statement, 1, self->before_us);
  sqlite3_bind_int64 (statement, 2, self->before_id);
  sqlite3_bind_int64 (statement, 3, self->since_us);
  sqlite3_bind_int64 (statement, 4, self->until_us);
  sqlite3_bind_int64 (statement, 5, self->kinds);
  sqlite3_bind_int (statement, 6, self->status);
  sqlite3_bind_text (statement, 7, self->function_name, -1, SQLITE_STATIC);
}
