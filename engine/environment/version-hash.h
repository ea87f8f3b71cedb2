#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

/* The identity of a version, 64 hex digits: what its code does, and how it is run. @manifests are
 * the hashes of its trees of dependencies and layers, each after its place. Description and Tags
 * change nothing that runs, and aren't covered. @key_file: see kelvin_variables_key_hash. (transfer
 * full) */
char *kelvin_version_hash (KelvinFunction *function, const char *code_hash,
                           const char *const *manifests, const char *key_file, GError **error);

G_END_DECLS
