#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What of a package was opened in a start and in its first event, and what never was. */

typedef struct {
  char *path; /* below the function's folder */
  gint64 bytes;
} KelvinPackageFile;

/* @files: of KelvinPackageFile. @opened: of char *, as they are called inside the sandbox; byte
 * code and its source count as one. {"files", "bytes", "openedFiles", "openedBytes", "unopened":
 * [{"path", "files", "bytes"}]}: whole folders where nothing in them was opened, the largest
 * first, at most 1,000. (transfer full) */
JsonNode *kelvin_package_use_to_json (GPtrArray *files, GPtrArray *opened);

KelvinPackageFile *kelvin_package_file_new (const char *path, gint64 bytes);
void kelvin_package_file_free (KelvinPackageFile *self);

G_END_DECLS
