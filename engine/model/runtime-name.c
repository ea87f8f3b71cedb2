#include "engine/model/function.h"

#include <string.h>

#define OLDEST_PYTHON_MINOR 8
#define OLDEST_NODE 16

/* One to three digits between @start and @end; anything else is 0. */
static guint
read_number (const char *start, const char *end)
{
  guint number = 0;

  if (end <= start || end - start > 3 || *start == '0')
    return 0;
  for (const char *at = start; at < end; at++)
    {
      if (!g_ascii_isdigit (*at))
        return 0;
      number = number * 10 + (guint) g_ascii_digit_value (*at);
    }

  return number;
}

static char *
python_version (const char *runtime)
{
  static const char head[] = "python3.";
  if (!g_str_has_prefix (runtime, head))
    return NULL;

  const char *minor = runtime + strlen (head);
  if (read_number (minor, minor + strlen (minor)) < OLDEST_PYTHON_MINOR)
    return NULL;

  return g_strconcat ("3.", minor, NULL);
}

static char *
node_version (const char *runtime)
{
  static const char head[] = "nodejs";
  if (!g_str_has_prefix (runtime, head) || !g_str_has_suffix (runtime, ".x"))
    return NULL;

  const char *major = runtime + strlen (head);
  const char *end = runtime + strlen (runtime) - strlen (".x");
  if (read_number (major, end) < OLDEST_NODE)
    return NULL;

  return g_strndup (major, (gsize) (end - major));
}

static char *
provided_version (const char *runtime)
{
  static const char *const names[] = { "provided", "provided.al2", "provided.al2023", NULL };

  return g_strv_contains (names, runtime) ? g_strdup ("") : NULL;
}

static const struct {
  KelvinRuntimeFamily family;
  char *(*read_version) (const char *runtime); /* NULL where the name is another family's */
} families[] = {
  { KELVIN_RUNTIME_PYTHON, python_version },
  { KELVIN_RUNTIME_NODE, node_version },
  { KELVIN_RUNTIME_PROVIDED, provided_version },
};

gboolean
kelvin_runtime_parse (const char *runtime, KelvinRuntimeFamily *out_family, char **out_version)
{
  g_return_val_if_fail (runtime != NULL, FALSE);

  for (guint i = 0; i < G_N_ELEMENTS (families); i++)
    {
      g_autofree char *version = families[i].read_version (runtime);

      if (version == NULL)
        continue;
      if (out_family != NULL)
        *out_family = families[i].family;
      if (out_version != NULL)
        *out_version = g_steal_pointer (&version);
      return TRUE;
    }

  return FALSE;
}
