#pragma once

#include "engine/environment/code-scan.h"

G_BEGIN_DECLS

/* Copies what was scanned to the folder @target, made anew or, where it is there already, left as
 * it is. Readable by all (0644, 0755): a sandbox may have another owner. Trees become empty
 * folders. Copies to a folder beside it first, so that a copy is whole or isn't there, and two may
 * race. Blocking. G_IO_ERROR_BUSY: a file isn't any more what the scan found. */
gboolean kelvin_code_copy (const KelvinCodeScan *scan, const char *target,
                           GCancellable *cancellable, GError **error);

/* Removes a folder and all in it, as far as it can. Blocking. */
void kelvin_code_remove_folder (const char *path);

G_END_DECLS
