#pragma once

#include <gio/gio.h>

#include "engine/environment/code-store.h"
#include "engine/environment/interpreter.h"

G_BEGIN_DECLS

/* What an event can be sent to: a version, and the interpreter that runs it on this machine.
 * Immutable and counted, so that a run keeps its target while the person edits; any thread. */
typedef struct {
  gatomicrefcount ref_count;

  KelvinVersion *version;
  KelvinInterpreter *interpreter; /* NULL for provided runtimes */
  char *note;                     /* nullable: "measured on 3.11, asked for 3.13" */
  char **missing; /* nullable: modules that are named but not installed, a sentence each */
} KelvinTarget;

/* Takes all four. */
KelvinTarget *kelvin_target_new (KelvinVersion *version, KelvinInterpreter *interpreter, char *note,
                                 char **missing);
KelvinTarget *kelvin_target_ref (KelvinTarget *self);
void kelvin_target_unref (KelvinTarget *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinTarget, kelvin_target_unref)

/* Like @base, but with another configuration of the function, or with its own code from another
 * folder (either nullable). @number, below a thousand, tells the variants of a version apart.
 * (transfer full) */
KelvinTarget *kelvin_target_new_variant (KelvinTarget *base, KelvinFunction *function,
                                         const char *code_dir, guint number);

/* Takes the function's version into the store and finds its interpreter, in worker threads. */
void kelvin_target_prepare_async (KelvinCodeStore *store, const char *function_dir,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data);
KelvinTarget *kelvin_target_prepare_finish (GAsyncResult *result, GError **error);

G_END_DECLS
