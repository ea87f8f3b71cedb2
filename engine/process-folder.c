#include "engine/process-folder.h"

#include <unistd.h>

#include "engine/environment/code-copy.h"
#include "engine/history/engine-lock.h"

#define FOLDER "environments"

char *
kelvin_process_folder_name (const char *data_dir, const char *engine_id)
{
  return g_build_filename (data_dir, FOLDER, engine_id, NULL);
}

void
kelvin_process_folder_remove (const char *folder)
{
  g_autofree char *parent = g_path_get_dirname (folder);

  kelvin_code_remove_folder (folder);
  /* Stays while another engine has one. */
  rmdir (parent);
}

void
kelvin_process_folder_sweep (const char *data_dir)
{
  g_autofree char *path = g_build_filename (data_dir, FOLDER, NULL);
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *folder = g_build_filename (path, name, NULL);

      if (!kelvin_engine_lock_is_held (data_dir, name))
        kelvin_process_folder_remove (folder);
    }
}
