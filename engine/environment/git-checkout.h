#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define KELVIN_GIT_ERROR (kelvin_git_error_quark ())
typedef enum {
  KELVIN_GIT_ERROR_NO_WORK_TREE, /* the folder is in none, or git refuses it; git's own words */
  KELVIN_GIT_ERROR_NO_SUCH_REF,  /* or the function wasn't in it yet */
  KELVIN_GIT_ERROR_FAILED,       /* no git program, disk full, … */
} KelvinGitError;
GQuark kelvin_git_error_quark (void);

/* A function's folder as it was in a commit, in a private folder below @parent: the same tree is
 * taken out once. Neither the repository nor its index is written to. What isn't in git and named
 * as dependencies are (node_modules, site-packages, vendor) is linked from the work tree, so that
 * both have the same. */
typedef struct {
  char *dir;    /* has the name that @dir has: functions without one are called after it */
  char *commit; /* 40 hex digits */
  char *note;   /* nullable: which dependencies were taken from the work tree */
} KelvinGitCheckout;
void kelvin_git_checkout_free (KelvinGitCheckout *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinGitCheckout, kelvin_git_checkout_free)

/* Runs the git program, without a shell. */
void kelvin_git_checkout_async (const char *dir, const char *ref, const char *parent,
                                GCancellable *cancellable, GAsyncReadyCallback callback,
                                gpointer user_data);
KelvinGitCheckout *kelvin_git_checkout_finish (GAsyncResult *result, GError **error);

G_END_DECLS
