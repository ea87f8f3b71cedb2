#include "engine/environment/interpreter-private.h"

#include <stdlib.h>

G_DEFINE_QUARK (kelvin - interpreter - error - quark, kelvin_interpreter_error)

/* What a minor version of Python is, a major one is of Node: "3.11" is 11, "20" is 20. */
typedef int Release;

KelvinInterpreter *
kelvin_interpreter_copy (const KelvinInterpreter *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  KelvinInterpreter *copy = g_new0 (KelvinInterpreter, 1);
  copy->family = self->family;
  copy->name = g_strdup (self->name);
  copy->version = g_strdup (self->version);
  copy->path = g_strdup (self->path);
  copy->prefix = g_strdup (self->prefix);
  return copy;
}

void
kelvin_interpreter_free (KelvinInterpreter *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->version);
  g_free (self->path);
  g_free (self->prefix);
  g_free (self);
}

static Release
release_of (KelvinRuntimeFamily family, const char *version)
{
  const char *dot = strchr (version, '.');

  if (family == KELVIN_RUNTIME_PYTHON)
    return dot != NULL ? atoi (dot + 1) : 0;
  return atoi (version);
}

static int
patch_of (const char *version)
{
  const char *last = strrchr (version, '.');

  return last != NULL ? atoi (last + 1) : 0;
}

/* Node's minor version, which its name doesn't hold; for Python it is the release. */
static int
minor_of (const char *version)
{
  const char *dot = strchr (version, '.');

  return dot != NULL ? atoi (dot + 1) : 0;
}

static gboolean
is_of_system (const KelvinInterpreter *self)
{
  return g_str_equal (self->prefix, "/usr");
}

/* Newer releases last, as names are counted; within one the system's first, then the newest. */
static int
compare (gconstpointer a, gconstpointer b)
{
  const KelvinInterpreter *first = *(const KelvinInterpreter *const *) a;
  const KelvinInterpreter *second = *(const KelvinInterpreter *const *) b;
  int by_release =
      release_of (first->family, first->version) - release_of (second->family, second->version);

  if (first->family != second->family)
    return first->family < second->family ? -1 : 1;
  if (by_release != 0)
    return by_release;
  if (is_of_system (first) != is_of_system (second))
    return is_of_system (first) ? -1 : 1;
  if (minor_of (first->version) != minor_of (second->version))
    return minor_of (second->version) - minor_of (first->version);
  return patch_of (second->version) - patch_of (first->version);
}

static gboolean
holds (GPtrArray *interpreters, const char *path)
{
  for (guint i = 0; i < interpreters->len; i++)
    {
      const KelvinInterpreter *known = interpreters->pdata[i];
      if (g_str_equal (known->path, path))
        return TRUE;
    }
  return FALSE;
}

/* @out_problem: why the last of those that can't be used can't. */
static void
add_family (GPtrArray *interpreters, KelvinRuntimeFamily family, GCancellable *cancellable,
            GError **out_problem)
{
  g_autoptr (GPtrArray) programs = kelvin_interpreter_places_list (family, NULL);

  for (guint i = 0; i < programs->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (GError) problem = NULL;
      g_autoptr (KelvinInterpreter) found =
          kelvin_interpreter_probe (family, programs->pdata[i], cancellable, &problem);

      if (found == NULL && out_problem != NULL)
        {
          g_clear_error (out_problem);
          *out_problem = g_steal_pointer (&problem);
        }
      else if (found != NULL && !holds (interpreters, found->path))
        g_ptr_array_add (interpreters, g_steal_pointer (&found));
    }
}

static GPtrArray *
new_list (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_interpreter_free);
}

GPtrArray *
kelvin_interpreter_list (GCancellable *cancellable)
{
  GPtrArray *interpreters = new_list ();

  add_family (interpreters, KELVIN_RUNTIME_PYTHON, cancellable, NULL);
  add_family (interpreters, KELVIN_RUNTIME_NODE, cancellable, NULL);
  g_ptr_array_sort (interpreters, compare);
  return interpreters;
}

/* Where names and folders tell the version, one question finds it. */
static KelvinInterpreter *
find_exact (KelvinRuntimeFamily family, const char *version, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) programs = kelvin_interpreter_places_list (family, version);
  g_autoptr (GPtrArray) matching = new_list ();

  for (guint i = 0; i < programs->len && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autoptr (KelvinInterpreter) found =
          kelvin_interpreter_probe (family, programs->pdata[i], cancellable, NULL);

      if (found == NULL || release_of (family, found->version) != release_of (family, version))
        continue;
      if (is_of_system (found))
        return g_steal_pointer (&found);
      g_ptr_array_add (matching, g_steal_pointer (&found));
    }
  g_ptr_array_sort (matching, compare);
  return matching->len > 0 ? kelvin_interpreter_copy (matching->pdata[0]) : NULL;
}

static KelvinInterpreter *
find_nearest (GPtrArray *interpreters, Release asked)
{
  KelvinInterpreter *nearest = NULL;
  int least = G_MAXINT;

  for (guint i = 0; i < interpreters->len; i++)
    {
      KelvinInterpreter *next = interpreters->pdata[i];
      int distance = ABS (release_of (next->family, next->version) - asked);
      if (distance > least || (distance == least && !is_of_system (next)))
        continue;
      nearest = next;
      least = distance;
    }
  return nearest != NULL ? kelvin_interpreter_copy (nearest) : NULL;
}

/* "3.11" of 3.11.2, "20" of 20.11.1: what a runtime's name would say. */
static char *
short_version (const KelvinInterpreter *self)
{
  g_auto (GStrv) parts = g_strsplit (self->version, ".", 3);

  if (self->family == KELVIN_RUNTIME_NODE)
    return g_strdup (parts[0]);
  return g_strconcat (parts[0], ".", parts[1], NULL);
}

static void
set_not_found (const char *runtime, KelvinRuntimeFamily family, const char *version, GError **error)
{
  if (family == KELVIN_RUNTIME_PYTHON)
    g_set_error (error, KELVIN_INTERPRETER_ERROR, KELVIN_INTERPRETER_ERROR_NOT_FOUND,
                 "No Python was found for %s in /usr, on PATH or under uv, pyenv, asdf and mise; "
                 "get one with `sudo apt install python3`, `uv python install %s` or "
                 "`pyenv install %s`",
                 runtime, version, version);
  else
    g_set_error (error, KELVIN_INTERPRETER_ERROR, KELVIN_INTERPRETER_ERROR_NOT_FOUND,
                 "No Node.js was found for %s in /usr, on PATH or under nvm, fnm, volta, asdf and "
                 "mise; get one with `sudo apt install nodejs`, `nvm install %s` or "
                 "`fnm install %s`",
                 runtime, version, version);
}

static KelvinInterpreter *
find_other (const char *runtime, KelvinRuntimeFamily family, const char *version,
            GCancellable *cancellable, char **out_note, GError **error)
{
  g_autoptr (GPtrArray) interpreters = new_list ();
  g_autoptr (GError) problem = NULL;

  add_family (interpreters, family, cancellable, &problem);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  g_ptr_array_sort (interpreters, compare);

  g_autoptr (KelvinInterpreter) nearest = find_nearest (interpreters, release_of (family, version));
  if (nearest == NULL && problem != NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  else if (nearest == NULL)
    set_not_found (runtime, family, version, error);
  if (nearest == NULL || release_of (family, nearest->version) == release_of (family, version))
    return g_steal_pointer (&nearest);

  g_autofree char *found = short_version (nearest);
  *out_note = g_strdup_printf ("measured on %s, asked for %s", found, version);
  return g_steal_pointer (&nearest);
}

KelvinInterpreter *
kelvin_interpreter_find (const char *runtime, GCancellable *cancellable, char **out_note,
                         GError **error)
{
  KelvinRuntimeFamily family = KELVIN_RUNTIME_PROVIDED;
  g_autofree char *version = NULL;

  g_return_val_if_fail (runtime != NULL, NULL);
  g_return_val_if_fail (out_note != NULL, NULL);

  *out_note = NULL;
  if (!kelvin_runtime_parse (runtime, &family, &version))
    {
      g_set_error (error, KELVIN_INTERPRETER_ERROR, KELVIN_INTERPRETER_ERROR_NOT_FOUND,
                   "%s names no runtime that Kelvin knows; python3.x, nodejsN.x and provided.* do",
                   runtime);
      return NULL;
    }
  if (family == KELVIN_RUNTIME_PROVIDED)
    return NULL;

  KelvinInterpreter *exact = find_exact (family, version, cancellable);
  if (exact != NULL)
    return exact;
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return find_other (runtime, family, version, cancellable, out_note, error);
}
