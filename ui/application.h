#pragma once

#include <adwaita.h>

#include "engine/model/isolation.h"

G_BEGIN_DECLS

#define KELVIN_TYPE_APPLICATION (kelvin_application_get_type ())
G_DECLARE_FINAL_TYPE (KelvinApplication, kelvin_application, KELVIN, APPLICATION, AdwApplication)

/* Opens the window with the functions in @folders (NULL-terminated), or in the window that another
 * process already has for the same data folder and isolation. @data_dir: nullable: --data-dir.
 * Returns the exit status. */
int kelvin_application_run (char **folders, const char *data_dir, KelvinIsolation isolation);

G_END_DECLS
