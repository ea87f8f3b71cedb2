#include "app/open-history.h"

#include "engine/install-paths.h"

KelvinStore *
kelvin_open_history (const KelvinCommandLine *line, GError **error)
{
  g_autofree char *data_dir = kelvin_path_user_data (line->data_dir);

  return kelvin_store_open (data_dir, KELVIN_STORE_KEEP_PAYLOADS, error);
}
