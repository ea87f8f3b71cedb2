#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where an engine's environments without namespaces have their code and temporary files:
 * environments/ENGINE in the data folder. */

/* (transfer full) */
char *kelvin_process_folder_name (const char *data_dir, const char *engine_id);
/* With all in it; blocking. */
void kelvin_process_folder_remove (const char *folder);
/* Removes those of engines that have ended; blocking. */
void kelvin_process_folder_sweep (const char *data_dir);

G_END_DECLS
