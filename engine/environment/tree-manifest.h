#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* 64 hex digits over path, size, change time and inode of all that is in a tree of dependencies.
 * Folders' own times are kept in the file @cache; while none of them changed, files aren't looked
 * at: package managers make and rename files, and both change the folder. Blocking. Errors are of
 * KELVIN_CODE_STORE_ERROR. (transfer full) */
char *kelvin_tree_manifest_hash (const char *root, const char *cache, GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
