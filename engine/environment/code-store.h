#pragma once

#include "engine/environment/code-watch.h"
#include "engine/model/version.h"

G_BEGIN_DECLS

#define KELVIN_CODE_STORE_ERROR (kelvin_code_store_error_quark ())
typedef enum {
  KELVIN_CODE_STORE_ERROR_TOO_LARGE, /* own code over 64 MB: the message names the largest folder */
  KELVIN_CODE_STORE_ERROR_FAILED,    /* the message names path and reason */
  KELVIN_CODE_STORE_ERROR_GONE,      /* the folder was removed meanwhile */
} KelvinCodeStoreError;
GQuark kelvin_code_store_error_quark (void);

/* Copies of functions' own code by content, below the data folder: code/HASH/. An environment
 * mounts a copy, so that a run keeps its version while the person edits. Thread-safe. */
#define KELVIN_TYPE_CODE_STORE (kelvin_code_store_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCodeStore, kelvin_code_store, KELVIN, CODE_STORE, GObject)

KelvinCodeStore *kelvin_code_store_new (const char *data_dir);

/* Reads function.json, hashes and copies the code (unchanged files are known by a stat cache and
 * neither read nor copied again), notes git commit and branch. */
void kelvin_code_store_take_async (KelvinCodeStore *self, const char *function_dir,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data);
KelvinVersion *kelvin_code_store_take_finish (KelvinCodeStore *self, GAsyncResult *result,
                                              GError **error);

/* Modules that requirements.txt or package.json name but that aren't in the function's folder or
 * layers: sentences, each with the command that installs them there. Blocking. (transfer full) */
char **kelvin_code_store_find_missing_modules (KelvinFunction *function);

G_END_DECLS
