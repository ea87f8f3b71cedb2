#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Small files of what was found out earlier, to be found out again if they are lost. They are
 * written without waiting for the disk, and count only until the machine starts anew: what a power
 * loss left half written is never read. Blocking; any thread. */

/* NULL where there is none. */
GVariant *kelvin_boot_cache_load (const char *path, const GVariantType *type);
/* A failure is no error: the next reader finds nothing. Consumes a floating @value. */
void kelvin_boot_cache_save (const char *path, GVariant *value);

G_END_DECLS
