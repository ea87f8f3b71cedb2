#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The folders of a function that are worth watching, nearest to the top first, and at most @most of
 * them: those with code, those in trees of dependencies, and its layers'. Absolute paths. Blocking.
 * (transfer full) */
GPtrArray *kelvin_code_watch_folders (const char *function_dir, guint most,
                                      GCancellable *cancellable);

G_END_DECLS
