#pragma once

#include "engine/analysis/advice.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

/* Code of variants of a version. All blocking. */

/* A copy of @target's own code in the new folder @folder, with the patches of @advice (nullable).
 * Dependencies stay where they are. */
gboolean kelvin_variant_copy_code (KelvinTarget *target, const char *folder,
                                   const KelvinAdvice *advice, GError **error);
/* Byte code of all of it, which is taken without a look at the source. */
gboolean kelvin_variant_compile (KelvinTarget *target, const char *folder, GError **error);
/* Files and folders of the package that weren't opened. */
void kelvin_variant_leave_out (const char *folder, const char *const *paths);
/* What defer_imports.py says of the import statements of @file in @lines. (transfer full) */
JsonNode *kelvin_variant_ask_to_defer (KelvinTarget *target, const char *file, GArray *lines,
                                       GError **error);

G_END_DECLS
