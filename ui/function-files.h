#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

/* What a function's folder holds for an editor. */
typedef struct {
  char **code;   /* relative paths: the handler's file first, then by name, function.json last */
  char **events; /* names of events/NAME.json, without the ending */
  char **drafts; /* relative paths of files with changes that weren't saved */
  gboolean more; /* there are more files than an editor lists */
} KelvinFunctionFiles;

void kelvin_function_files_free (KelvinFunctionFiles *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinFunctionFiles, kelvin_function_files_free)

/* Walks the folder in a worker thread; dependency trees and hidden files are left out.
 * @function: nullable, where function.json is wrong. */
void kelvin_function_files_list_async (const char *dir, KelvinFunction *function,
                                       const char *drafts_dir, GCancellable *cancellable,
                                       GAsyncReadyCallback callback, gpointer user_data);
KelvinFunctionFiles *kelvin_function_files_list_finish (GAsyncResult *result, GError **error);

G_END_DECLS
