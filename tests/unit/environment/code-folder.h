#pragma once

#include "engine/environment/code-store.h"

G_BEGIN_DECLS

/* A function's folder and a data folder, both temporary, for tests of what reads them. */
typedef struct {
  char *base; /* holds both */
  char *dir;
  char *data_dir;
  KelvinCodeStore *store;
} CodeFolder;

/* The function is Python's, with the file handler.py. */
void code_folder_set_up (CodeFolder *f, gconstpointer data);
void code_folder_tear_down (CodeFolder *f, gconstpointer data);

/* @name is relative to the function's folder; folders on the way are made. What is written counts
 * as written some seconds ago, so that caches may trust it. */
void code_folder_write (CodeFolder *f, const char *name, const char *text);
void code_folder_remove (CodeFolder *f, const char *name);
char *code_folder_path (CodeFolder *f, const char *name);

/* Takes a version and waits for it. */
KelvinVersion *code_folder_take (CodeFolder *f, GError **error);
KelvinVersion *code_folder_take_cancellable (CodeFolder *f, GCancellable *cancellable,
                                             GError **error);
/* The same, where it must work. */
KelvinVersion *code_folder_take_well (CodeFolder *f);

G_END_DECLS
