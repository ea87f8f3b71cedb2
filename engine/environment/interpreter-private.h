#pragma once

#include "engine/environment/interpreter.h"

G_BEGIN_DECLS

/* interpreter-places.c: where interpreters may be. Programs by their paths, /usr first, each once;
 * nothing is executed. @version narrows it to those whose name or folder says so ("3.11", "20");
 * NULL: all. */
GPtrArray *kelvin_interpreter_places_list (KelvinRuntimeFamily family, const char *version);

/* interpreter-probe.c: asks a program what it is. A shim answers for what it stands for. Blocking;
 * an answer is remembered while the file's size and time stay. */
KelvinInterpreter *kelvin_interpreter_probe (KelvinRuntimeFamily family, const char *program,
                                             GCancellable *cancellable, GError **error);

G_END_DECLS
