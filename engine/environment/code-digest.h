#pragma once

#include "engine/environment/code-scan.h"

G_BEGIN_DECLS

/* All three are blocking. G_IO_ERROR_BUSY: a file isn't any more what the scan found; scan again.
 */

/* Reads the files whose entries have no digest yet. */
gboolean kelvin_code_digest_files (KelvinCodeScan *scan, GCancellable *cancellable, GError **error);
/* Reads one file; what was read is written to @copy too unless that is -1. */
gboolean kelvin_code_digest_file (const KelvinCodeScan *scan, const KelvinCodeEntry *entry,
                                  int copy, GCancellable *cancellable,
                                  guint8 out_digest[KELVIN_CODE_DIGEST_BYTES], GError **error);
/* 64 hex digits over paths, executable bits, links and content; what is in trees isn't covered.
 * Every file must have its digest. (transfer full) */
char *kelvin_code_digest_hash (const KelvinCodeScan *scan);

G_END_DECLS
