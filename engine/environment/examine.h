#pragma once

#include <gio/gio.h>

#include "engine/model/machine.h"

G_BEGIN_DECLS

/* What `kelvin doctor` tells: makes a whole sandbox with @launcher_program, looks for interpreters,
 * and names the mechanism behind each limit. Blocking, any thread. (transfer full) */
KelvinMachine *kelvin_examine_machine (const char *launcher_program, GCancellable *cancellable);

G_END_DECLS
