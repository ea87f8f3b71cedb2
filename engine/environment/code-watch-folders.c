#include "engine/environment/code-watch-folders.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/environment/code-name.h"
#include "engine/model/function.h"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

static gboolean
is_folder (const char *path, const struct dirent *entry, gboolean tree)
{
  struct stat info;

  if (entry->d_type == DT_DIR)
    return TRUE;
  /* a link stands for a folder in the place of a tree alone; some file systems don't tell types */
  if (entry->d_type != DT_UNKNOWN && !(tree && entry->d_type == DT_LNK))
    return FALSE;

  return (tree ? stat (path, &info) : lstat (path, &info)) == 0 && S_ISDIR (info.st_mode);
}

static void
add_children (GPtrArray *folders, const char *path, gboolean top, guint most)
{
  g_autoptr (DIR) folder = opendir (path);
  const struct dirent *entry;

  while (folder != NULL && folders->len < most && (entry = readdir (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, entry->d_name, NULL);
      KelvinCodeName kind = kelvin_code_name_classify (entry->d_name, top);

      if (strcmp (entry->d_name, ".") == 0 || strcmp (entry->d_name, "..") == 0 ||
          kind == KELVIN_CODE_NAME_LEFT_OUT)
        continue;
      if (is_folder (child, entry, kind == KELVIN_CODE_NAME_TREE))
        g_ptr_array_add (folders, g_steal_pointer (&child));
    }
}

static void
add_layers (GPtrArray *folders, const char *function_dir)
{
  g_autoptr (KelvinFunction) function = kelvin_function_load (function_dir, NULL);
  const char *const *layers = function != NULL ? kelvin_function_get_layers (function) : NULL;

  for (guint i = 0; layers != NULL && layers[i] != NULL; i++)
    g_ptr_array_add (folders, g_strdup (layers[i]));
}

GPtrArray *
kelvin_code_watch_folders (const char *function_dir, guint most, GCancellable *cancellable)
{
  GPtrArray *folders = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (folders, g_strdup (function_dir));
  add_layers (folders, function_dir);
  /* the list grows behind the place that is looked at: breadth first */
  for (guint i = 0; i < folders->len && folders->len < most; i++)
    {
      if (g_cancellable_is_cancelled (cancellable))
        break;
      add_children (folders, g_ptr_array_index (folders, i), i == 0, most);
    }

  return folders;
}
