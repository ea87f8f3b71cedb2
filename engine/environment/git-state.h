#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The commit that a folder is at, and whether it differs from it. */
typedef struct {
  char *commit; /* nullable: 40 hex digits */
  char *branch; /* nullable: on no branch, or no commit */
  gboolean clean;
} KelvinGitState;

/* Asks the git program, where @dir is in a work tree; what it said is kept in the file @cache, for
 * as long as neither the repository nor @key changes, which stands for the folder's content.
 * Without git, or where git refuses (another owner's folder), all is empty, and that is no error.
 * Blocking, at most some seconds. */
void kelvin_git_state_read (const char *dir, const char *key, const char *cache,
                            GCancellable *cancellable, KelvinGitState *out_state);
void kelvin_git_state_clear (KelvinGitState *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KelvinGitState, kelvin_git_state_clear)

G_END_DECLS
