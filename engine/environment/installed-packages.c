#include "engine/environment/installed-packages.h"

#include <string.h>

#include "engine/environment/code-name.h"

/* A record has a line for each file: its path, a hash, its size. */
static void
add_recorded (GHashTable *folders, const char *record)
{
  g_auto (GStrv) lines = g_strsplit (record, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = strcspn (lines[i], "/,");
      g_autofree char *folder = g_strndup (lines[i], length);

      /* ".." leads to programs beside the packages */
      if (lines[i][length] == '/' && *folder != '\0' && strcmp (folder, "..") != 0 &&
          kelvin_code_name_classify (folder, TRUE) == KELVIN_CODE_NAME_OWN)
        g_hash_table_add (folders, g_steal_pointer (&folder));
    }
}

GHashTable *
kelvin_installed_packages (const char *dir)
{
  GHashTable *folders = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GDir) top = g_dir_open (dir, 0, NULL);
  const char *name;

  while (top != NULL && (name = g_dir_read_name (top)) != NULL)
    {
      g_autofree char *path = g_build_filename (dir, name, "RECORD", NULL);
      g_autofree char *record = NULL;

      if (g_str_has_suffix (name, ".dist-info") && g_file_get_contents (path, &record, NULL, NULL))
        add_recorded (folders, record);
    }

  return folders;
}
