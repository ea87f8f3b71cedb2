#include "engine/events/function-name.h"

#include <string.h>

#define LONGEST_NAME 64

static gboolean
is_name (const char *text)
{
  gsize length = strlen (text);

  if (length == 0 || length > LONGEST_NAME)
    return FALSE;
  return strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
         length;
}

/* Where the name stands among the parts between colons; -1 where it can't. */
static int
find_name (char **parts, guint n)
{
  if (n >= 7 && strcmp (parts[0], "arn") == 0 && strcmp (parts[2], "lambda") == 0 &&
      strcmp (parts[5], "function") == 0)
    return 6;
  if (n >= 3 && strcmp (parts[1], "function") == 0)
    return 2;
  return n <= 2 ? 0 : -1;
}

gboolean
kelvin_function_name_parse (const char *text, char **out_name, char **out_qualifier)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", -1);
  guint n = g_strv_length (parts);
  int at = find_name (parts, n);

  if (n == 0 || at < 0 || n > (guint) at + 2 || !is_name (parts[at]))
    return FALSE;
  *out_name = g_strdup (parts[at]);
  *out_qualifier = g_strdup (parts[at + 1]);

  return TRUE;
}
