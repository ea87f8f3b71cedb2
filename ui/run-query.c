#include "config.h"

#include "ui/run-query.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "engine/model/since.h"

static void
set_problem (KelvinRunQuery *self, const char *format, const char *value)
{
  g_auto (GStrv) parts = NULL;

  if (self->problem != NULL)
    return;

  parts = g_strsplit (format, "%s", 2);
  self->problem = g_strjoinv (value, parts);
}

static void
read_since (KelvinRunQuery *self, const char *value, gint64 now_us)
{
  if (kelvin_parse_span (value, now_us, &self->within_us) ||
      kelvin_parse_since (value, now_us, &self->since_us))
    return;

  set_problem (self, _ ("since:%s isn’t a time; it must be like 30m, 24h, 7d or 2026-11-24T14:05"),
               value);
}

static void
read_until (KelvinRunQuery *self, const char *value, gint64 now_us)
{
  if (!kelvin_parse_since (value, now_us, &self->until_us))
    set_problem (
        self, _ ("until:%s isn’t a time; it must be like 30m, 24h, 7d or 2026-11-24T14:05"), value);
}

static void
read_kinds (KelvinRunQuery *self, const char *value)
{
  g_auto (GStrv) kinds = g_strsplit (value, ",", -1);
  KelvinRunKind kind;

  for (guint i = 0; kinds[i] != NULL; i++)
    if (!kelvin_run_kind_from_string (kinds[i], &kind))
      {
        set_problem (
            self, _ ("kind:%s is unknown; there are invoke, profile, load, tune, drill and serve"),
            kinds[i]);
        return;
      }

  g_free (self->kinds);
  self->kinds = g_strdup (value);
}

static void
read_status (KelvinRunQuery *self, const char *value)
{
  KelvinStatus status;

  if (!kelvin_status_from_string (value, &status))
    {
      set_problem (self,
                   _ ("status:%s is unknown; there are ok, error, timeout, out-of-memory, "
                      "throttled, cancelled, interrupted and running"),
                   value);
      return;
    }

  g_free (self->status);
  self->status = g_strdup (value);
}

/* Does the word ask for a field? Then it is taken. */
static gboolean
read_field (KelvinRunQuery *self, const char *word, gint64 now_us)
{
  const char *colon = strchr (word, ':');

  if (colon == NULL)
    return FALSE;

  /* a field whose value is still being typed filters nothing yet */
  const char *value = colon + 1;
  if (g_str_has_prefix (word, "since:"))
    {
      if (*value != '\0')
        read_since (self, value, now_us);
    }
  else if (g_str_has_prefix (word, "until:"))
    {
      if (*value != '\0')
        read_until (self, value, now_us);
    }
  else if (g_str_has_prefix (word, "kind:"))
    {
      if (*value != '\0')
        read_kinds (self, value);
    }
  else if (g_str_has_prefix (word, "status:"))
    {
      if (*value != '\0')
        read_status (self, value);
    }
  else if (g_str_has_prefix (word, "function:"))
    {
      g_free (self->function_name);
      self->function_name = *value != '\0' ? g_strdup (value) : NULL;
    }
  else
    return FALSE;

  return TRUE;
}

KelvinRunQuery *
kelvin_run_query_parse (const char *text, gint64 now_us)
{
  KelvinRunQuery *self = g_new0 (KelvinRunQuery, 1);
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  g_autoptr (GStrvBuilder) free_words = g_strv_builder_new ();

  self->within_us = self->since_us = self->until_us = -1;
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *folded = g_utf8_casefold (words[i], -1);

      if (*words[i] != '\0' && !read_field (self, words[i], now_us))
        g_strv_builder_add (free_words, folded);
    }

  self->words = g_strv_builder_end (free_words);
  return self;
}

void
kelvin_run_query_free (KelvinRunQuery *self)
{
  g_free (self->function_name);
  g_free (self->kinds);
  g_free (self->status);
  g_strfreev (self->words);
  g_free (self->problem);
  g_free (self);
}

KelvinRunFilter
kelvin_run_query_to_filter (const KelvinRunQuery *self)
{
  return (KelvinRunFilter){ .function_name = self->function_name,
                            .kinds = self->kinds,
                            .status = self->status,
                            .since_us = MAX (self->within_us, self->since_us),
                            .until_us = self->until_us };
}

/* A span isn't part of a range: it says what is looked at. */
static gboolean
is_end_of_range (const char *word)
{
  gint64 us;

  if (g_str_has_prefix (word, "until:"))
    return TRUE;

  return g_str_has_prefix (word, "since:") && !kelvin_parse_span (word + strlen ("since:"), 0, &us);
}

char *
kelvin_run_query_set_range (const char *text, gint64 since_us, gint64 until_us)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t", -1);
  g_autoptr (GString) changed = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0' && !is_end_of_range (words[i]))
      g_string_append_printf (changed, "%s ", words[i]);
  if (since_us >= 0)
    {
      g_autofree char *since = kelvin_format_local (since_us);

      g_string_append_printf (changed, "since:%s ", since);
    }
  if (until_us >= 0)
    {
      g_autofree char *until = kelvin_format_local (until_us);

      g_string_append_printf (changed, "until:%s ", until);
    }

  if (changed->len > 0)
    g_string_truncate (changed, changed->len - 1);
  return g_string_free (g_steal_pointer (&changed), FALSE);
}

static gboolean
holds (const char *text, const char *folded_word)
{
  g_autofree char *folded = text != NULL ? g_utf8_casefold (text, -1) : NULL;

  return folded != NULL && strstr (folded, folded_word) != NULL;
}

gboolean
kelvin_run_query_matches (const KelvinRunQuery *self, const KelvinRun *run)
{
  for (guint i = 0; self->words[i] != NULL; i++)
    {
      const char *word = self->words[i];

      if (!holds (run->function_name, word) && !holds (run->git_branch, word) &&
          !holds (run->git_commit, word) && !holds (run->id, word) && !holds (run->note, word) &&
          !holds (kelvin_run_kind_to_string (run->kind), word) &&
          !holds (kelvin_status_to_string (run->status), word))
        return FALSE;
    }

  return TRUE;
}
