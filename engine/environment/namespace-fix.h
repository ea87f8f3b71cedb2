#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Why this process may not have namespaces, as far as it can be told from outside: what to do, a
 * command where there is one. Asked after a whole sandbox was tried and failed with @error, an
 * errno; what a flag says alone means nothing. @root: "/", or a folder with files like those there.
 * (transfer full) */
char *kelvin_namespace_fix (const char *root, int error);

G_END_DECLS
