#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The folders directly below @dir that pip put there (`pip install --target`), by the records it
 * leaves: a set of names. Blocking. (transfer full) */
GHashTable *kelvin_installed_packages (const char *dir);

G_END_DECLS
