#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

/* A live-mounted tree of dependencies inside a version's code (node_modules, site-packages,
 * vendor). */
typedef struct {
  char *source;   /* absolute folder on the machine */
  char *relative; /* where it appears below /var/task */
} KelvinDependencyTree;

/* A state of code and configuration. Immutable; any thread may read it. Its identity is the hash
 * of the code's content, the manifest of its dependency trees and the configuration. */
#define KELVIN_TYPE_VERSION (kelvin_version_get_type ())
G_DECLARE_FINAL_TYPE (KelvinVersion, kelvin_version, KELVIN, VERSION, GObject)

typedef struct {
  KelvinFunction *function;
  char *hash;         /* 64 hex digits (SHA-256) */
  char *code_dir;     /* absolute: the stored copy, mounted at /var/task */
  GPtrArray *trees;   /* of KelvinDependencyTree */
  guint64 code_bytes; /* own code, trees not included */
  char *git_commit;   /* nullable: 40 hex */
  char *git_branch;   /* nullable */
  gboolean git_clean;
} KelvinVersionFields;

/* Takes what @fields points to and clears it. */
KelvinVersion *kelvin_version_new (KelvinVersionFields *fields);

KelvinFunction *kelvin_version_get_function (KelvinVersion *self);
const char *kelvin_version_get_hash (KelvinVersion *self);
const char *kelvin_version_get_code_dir (KelvinVersion *self);
GPtrArray *kelvin_version_get_trees (KelvinVersion *self);
guint64 kelvin_version_get_code_bytes (KelvinVersion *self);
const char *kelvin_version_get_git_commit (KelvinVersion *self);
const char *kelvin_version_get_git_branch (KelvinVersion *self);
gboolean kelvin_version_is_git_clean (KelvinVersion *self);

KelvinDependencyTree *kelvin_dependency_tree_new (const char *source, const char *relative);
void kelvin_dependency_tree_free (KelvinDependencyTree *self);

G_END_DECLS
