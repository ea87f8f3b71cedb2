#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Profiles as documents: what `profile --json` printed, and baselines in a function's folder. All
 * of it blocks; errors are of KELVIN_COMPARE_ERROR. */

/* @what: how a message calls it */
JsonNode *kelvin_profile_text_parse (const char *text, gsize length, const char *what,
                                     GError **error);
JsonNode *kelvin_profile_file_read (const char *path, GError **error);

/* DIR/.kelvin/baselines/NAME.json; fails where NAME has more than letters, digits, '-',
 * '_' and '.'. */
char *kelvin_baseline_get_path (const char *function_dir, const char *name, GError **error);
gboolean kelvin_baseline_save (const char *path, JsonNode *document, GError **error);

G_END_DECLS
