#include "engine/model/function-private.h"

#include <string.h>

/* Where each runtime family looks for the module that a handler names. */

static char *
first_there (KelvinFunction *self, const char *stem, const char *const *endings)
{
  for (guint i = 0; endings[i] != NULL; i++)
    {
      g_autofree char *relative = g_strconcat (stem, endings[i], NULL);
      g_autofree char *path = g_build_filename (self->dir, relative, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&relative);
    }

  return NULL;
}

/* "src/app.main" and "src.app.main" both name main in src/app.py */
static char *
find_python (KelvinFunction *self)
{
  static const char *const endings[] = { ".py", "/__init__.py", NULL };
  const char *dot = strrchr (self->handler, '.');
  if (dot == NULL)
    return NULL;

  g_autofree char *stem = g_strndup (self->handler, (gsize) (dot - self->handler));
  g_strdelimit (stem, ".", '/');
  return first_there (self, stem, endings);
}

/* The module ends at the first dot of the last part: "src/index.lib.handler" is in src/index.js. */
static char *
find_node (KelvinFunction *self)
{
  static const char *const endings[] = { ".js", ".mjs", ".cjs", NULL };
  const char *slash = strrchr (self->handler, '/');
  const char *dot = strchr (slash != NULL ? slash : self->handler, '.');
  if (dot == NULL)
    return NULL;

  g_autofree char *stem = g_strndup (self->handler, (gsize) (dot - self->handler));
  return first_there (self, stem, endings);
}

static char *
find_bootstrap (KelvinFunction *self)
{
  static const char *const endings[] = { "", NULL };

  return first_there (self, "bootstrap", endings);
}

char *
kelvin_function_find_handler_file (KelvinFunction *self)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (self), NULL);

  switch (self->family)
    {
    case KELVIN_RUNTIME_PYTHON:
      return find_python (self);
    case KELVIN_RUNTIME_NODE:
      return find_node (self);
    case KELVIN_RUNTIME_PROVIDED:
      return find_bootstrap (self);
    default:
      g_return_val_if_reached (NULL);
    }
}
