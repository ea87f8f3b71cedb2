#include "engine/environment/requirement.h"

#include <string.h>

static gboolean
is_name_char (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_' || c == '.';
}

/* After a name: a version, extras, an address, a comment, or nothing. A path or address goes on
 * otherwise. */
static gboolean
may_follow_name (const char *rest)
{
  return *rest == '\0' || strchr ("=<>!~[@#( \t", *rest) != NULL;
}

char *
kelvin_requirement_name (const char *line)
{
  const char *start = line + strspn (line, " \t\r\n\xef\xbb\xbf");
  const char *end = start;
  gsize comment = strcspn (start, "#");

  if (!g_ascii_isalnum (*start) || memchr (start, ';', comment) != NULL)
    return NULL;
  while (is_name_char (*end))
    end++;

  g_autofree char *rest = g_strchomp (g_strdup (end));
  return may_follow_name (rest) ? g_strndup (start, (gsize) (end - start)) : NULL;
}

char *
kelvin_requirement_normalize (const char *name)
{
  g_autoptr (GString) normal = g_string_new (NULL);

  for (const char *at = name; *at != '\0'; at++)
    {
      gboolean separator = strchr ("-_.", *at) != NULL;

      if (!separator)
        g_string_append_c (normal, g_ascii_tolower (*at));
      else if (normal->len == 0 || normal->str[normal->len - 1] != '-')
        g_string_append_c (normal, '-');
    }

  return g_string_free (g_steal_pointer (&normal), FALSE);
}
