#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

/* Reads the function in the folder that a command was given, and says on standard error what its
 * document has that Kelvin doesn't know. Blocking. */
KelvinFunction *kelvin_function_operand_load (const char *dir, GError **error);

G_END_DECLS
