#pragma once

#include "engine/environment/code-scan.h"

G_BEGIN_DECLS

/* What was known of a folder's files after the last take: their digests, and which content hash has
 * a whole copy in the store. Loads the file @path; sets the digests of entries whose stamp didn't
 * change. Returns the hash, or NULL where nothing is known. (transfer full) */
char *kelvin_code_index_recall (const char *path, KelvinCodeScan *scan);
/* Keeps them, but for files so new that they could change unseen. */
void kelvin_code_index_keep (const char *path, const KelvinCodeScan *scan, const char *hash);

G_END_DECLS
