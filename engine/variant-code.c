#include "engine/variant-code.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <sys/stat.h>

#include "engine/environment/code-copy.h"
#include "engine/install-paths.h"
#include "engine/model/json-text.h"

#define ANSWER_DEPTH 6
#define LARGEST_ANSWER (32 * 1024 * 1024)
#define LONGEST_S "60"

static const char *const compile_script =
    "import os, py_compile, sys\n"
    "for place, folders, files in os.walk(sys.argv[1]):\n"
    "    for name in files:\n"
    "        if name.endswith('.py'):\n"
    "            try:\n"
    "                py_compile.compile(os.path.join(place, name), doraise=True, invalidation_mode="
    "py_compile.PycInvalidationMode.UNCHECKED_HASH)\n"
    "            except (py_compile.PyCompileError, OSError, ValueError):\n"
    "                pass\n";

/* An interpreter that only parses text; the program timeout holds it to a minute. */
static char *
run_interpreter (const char *const *argv, GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  g_autofree char *out = NULL;
  int status = 0;

  g_ptr_array_add (all, (char *) "timeout");
  g_ptr_array_add (all, (char *) LONGEST_S);
  for (guint i = 0; argv[i] != NULL; i++)
    g_ptr_array_add (all, (char *) argv[i]);
  g_ptr_array_add (all, NULL);
  if (!g_spawn_sync (NULL, (char **) all->pdata, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out, NULL,
                     &status, error) ||
      !g_spawn_check_wait_status (status, error))
    return NULL;
  return g_steal_pointer (&out);
}

static gboolean
copy_file (const char *from, const char *to, const struct stat *info, GError **error)
{
  g_autoptr (GFile) source = g_file_new_for_path (from);
  g_autoptr (GFile) target = g_file_new_for_path (to);

  return g_file_copy (source, target, G_FILE_COPY_NOFOLLOW_SYMLINKS, NULL, NULL, NULL, error) &&
         (S_ISLNK (info->st_mode) || chmod (to, info->st_mode & 0100 ? 0755 : 0644) == 0);
}

static gboolean
copy_folder (const char *from, const char *to, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, error);
  const char *name;

  if (dir == NULL)
    return FALSE;
  if (mkdir (to, 0755) != 0 || chmod (to, 0755) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s can't be made: %s", to,
                   g_strerror (errno));
      return FALSE;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *source = g_build_filename (from, name, NULL);
      g_autofree char *target = g_build_filename (to, name, NULL);
      struct stat info = { 0 };

      if (lstat (source, &info) != 0)
        continue;
      if (!(S_ISDIR (info.st_mode) ? copy_folder (source, target, error)
                                   : copy_file (source, target, &info, error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
apply_patch (const char *folder, const KelvinPatch *patch, GError **error)
{
  g_autofree char *path = g_build_filename (folder, patch->file, NULL);

  return g_file_set_contents (path, patch->text, -1, error) && chmod (path, 0644) == 0;
}

gboolean
kelvin_variant_copy_code (KelvinTarget *target, const char *folder, const KelvinAdvice *advice,
                          GError **error)
{
  if (!copy_folder (kelvin_version_get_code_dir (target->version), folder, error))
    return FALSE;
  for (guint i = 0; advice != NULL && i < advice->patches->len; i++)
    if (!apply_patch (folder, &g_array_index (advice->patches, KelvinPatch, i), error))
      return FALSE;
  return TRUE;
}

gboolean
kelvin_variant_compile (KelvinTarget *target, const char *folder, GError **error)
{
  const char *argv[] = {
    target->interpreter->path, "-I", "-S", "-c", compile_script, folder, NULL
  };
  g_autofree char *out = run_interpreter (argv, error);

  return out != NULL;
}

void
kelvin_variant_leave_out (const char *folder, const char *const *paths)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = g_build_filename (folder, paths[i], NULL);

      if (g_unlink (path) != 0)
        kelvin_code_remove_folder (path);
    }
}

JsonNode *
kelvin_variant_ask_to_defer (KelvinTarget *target, const char *file, GArray *lines, GError **error)
{
  g_autofree char *script =
      g_build_filename (kelvin_path_runtimes (), "tools", "defer_imports.py", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new_with_free_func (g_free);
  const char *head[] = { target->interpreter->path,
                         "-I",
                         "-S",
                         "-B",
                         script,
                         kelvin_version_get_code_dir (target->version),
                         file };

  for (guint i = 0; i < G_N_ELEMENTS (head); i++)
    g_ptr_array_add (argv, g_strdup (head[i]));
  for (guint i = 0; i < lines->len; i++)
    g_ptr_array_add (argv, g_strdup_printf ("%u", g_array_index (lines, guint, i)));
  g_ptr_array_add (argv, NULL);

  g_autofree char *out = run_interpreter ((const char *const *) argv->pdata, error);
  gsize length = out != NULL ? strlen (out) : 0;
  if (out == NULL || length > LARGEST_ANSWER)
    return NULL;
  return kelvin_json_parse (out, length, ANSWER_DEPTH, error);
}
