#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Makes @path (0700 whatever the umask is) and history.db in it (0600), and narrows the modes of
 * those that exist. Returns the path of history.db. */
char *kelvin_data_folder_prepare (const char *path, GError **error);

/* Makes the folder @path with mode 0700. */
gboolean kelvin_data_folder_make (const char *path, GError **error);

G_END_DECLS
