#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A hash of environment variables' values that tells nothing to who hasn't got the key: 32 random
 * bytes in the file @key_file, made when first needed, readable by its owner alone. 64 hex digits;
 * NULL and an error of KELVIN_CODE_STORE_ERROR where the key can't be read or made. Blocking.
 * (transfer full)
 */
char *kelvin_variables_key_hash (const char *key_file, const char *text, GError **error);

G_END_DECLS
