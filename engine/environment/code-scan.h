#pragma once

#include <gio/gio.h>

#include "engine/environment/code-entry.h"

G_BEGIN_DECLS

/* A function's folder as it was found: its own code, and where its trees of dependencies are. */
typedef struct {
  char *dir;
  gint64 started_ns;  /* kelvin_code_stamp_now_ns before anything was looked at */
  guint64 bytes;      /* of own files */
  GPtrArray *entries; /* of KelvinCodeEntry, sorted by path; a folder comes before what it holds */
} KelvinCodeScan;

/* Walks the folder; blocking. Errors are of KELVIN_CODE_STORE_ERROR. */
KelvinCodeScan *kelvin_code_scan_new (const char *dir, GCancellable *cancellable, GError **error);
void kelvin_code_scan_free (KelvinCodeScan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinCodeScan, kelvin_code_scan_free)

G_END_DECLS
