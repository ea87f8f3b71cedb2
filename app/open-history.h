#pragma once

#include "app/command-line.h"

G_BEGIN_DECLS

/* The history of the data folder, opened for reading it: no sandbox is needed for that. Blocking.
 */
KelvinStore *kelvin_open_history (const KelvinCommandLine *line, GError **error);

G_END_DECLS
