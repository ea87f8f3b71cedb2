#include "engine/environment/git-checkout.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE 0700

typedef struct {
  char *dir;
  char *ref;
  char *parent;
} Request;

G_DEFINE_QUARK (kelvin - git - error - quark, kelvin_git_error)

void
kelvin_git_checkout_free (KelvinGitCheckout *self)
{
  g_free (self->dir);
  g_free (self->commit);
  g_free (self->note);
  g_free (self);
}

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->dir);
  g_free (request->ref);
  g_free (request->parent);
  g_free (request);
}

/* What git prints, without the newline; an error with its own words, of @code. @index: nullable */
static char *
ask (const char *dir, const char *index, const char *const *words, KelvinGitError code,
     const char *what, GCancellable *cancellable, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher =
      g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autoptr (GError) reason = NULL;
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  const char *const before[] = { "git", "-c", "core.fsmonitor=false", "-C", dir, NULL };

  for (gsize i = 0; before[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) before[i]);
  for (gsize i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, NULL);
  g_subprocess_launcher_setenv (launcher, "GIT_OPTIONAL_LOCKS", "0", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  if (index != NULL)
    g_subprocess_launcher_setenv (launcher, "GIT_INDEX_FILE", index, TRUE);

  g_autoptr (GSubprocess) git =
      g_subprocess_launcher_spawnv (launcher, (const char *const *) argv->pdata, &reason);
  if (git == NULL || !g_subprocess_communicate_utf8 (git, NULL, cancellable, &out, &err, &reason))
    {
      if (g_error_matches (reason, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_propagate_error (error, g_steal_pointer (&reason));
      else
        g_set_error (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_FAILED,
                     "the program git can't be run: %s", reason->message);
      return NULL;
    }
  if (!g_subprocess_get_successful (git))
    {
      g_set_error (error, KELVIN_GIT_ERROR, code, "%s: git says: %s", what, g_strstrip (err));
      return NULL;
    }
  if (g_str_has_suffix (out, "\n"))
    out[strlen (out) - 1] = '\0';
  return g_steal_pointer (&out);
}

/* The tree that the function's folder is in the commit. */
static char *
find_tree (const Request *request, const char *commit, GCancellable *cancellable, GError **error)
{
  const char *const prefix_words[] = { "rev-parse", "--show-prefix", NULL };
  g_autofree char *what = g_strdup_printf (
      "%s isn't in a work tree of git, so '%s' is no commit there", request->dir, request->ref);
  g_autofree char *prefix = ask (request->dir, NULL, prefix_words, KELVIN_GIT_ERROR_NO_WORK_TREE,
                                 what, cancellable, error);
  if (prefix == NULL)
    return NULL;

  g_autofree char *name = g_strdup_printf ("%s:%s", commit, prefix);
  g_autofree char *gone = g_strdup_printf ("%s isn't in '%s'", request->dir, request->ref);
  const char *const words[] = { "rev-parse", "--verify", "--quiet", name, NULL };

  return ask (request->dir, NULL, words, KELVIN_GIT_ERROR_NO_SUCH_REF, gone, cancellable, error);
}

static char *
find_commit (const Request *request, GCancellable *cancellable, GError **error)
{
  const char *const inside[] = { "rev-parse", "--is-inside-work-tree", NULL };
  g_autofree char *outside =
      g_strdup_printf ("'%s' is no folder, and %s isn't in a work tree of git of which it could be "
                       "a commit",
                       request->ref, request->dir);
  g_autofree char *yes =
      ask (request->dir, NULL, inside, KELVIN_GIT_ERROR_NO_WORK_TREE, outside, cancellable, error);
  if (yes == NULL)
    return NULL;
  if (!g_str_equal (yes, "true"))
    {
      g_set_error (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_NO_WORK_TREE,
                   "%s is in a bare repository of git; right is a folder of a work tree",
                   request->dir);
      return NULL;
    }

  g_autofree char *name = g_strconcat (request->ref, "^{commit}", NULL);
  g_autofree char *what = g_strdup_printf (
      "'%s' is neither a folder nor a commit of %s's repository", request->ref, request->dir);
  const char *const words[] = { "rev-parse", "--verify", name, NULL };

  /* It would be taken for an option. */
  if (request->ref[0] == '-' || request->ref[0] == '\0')
    {
      g_set_error_literal (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_NO_SUCH_REF, what);
      return NULL;
    }
  return ask (request->dir, NULL, words, KELVIN_GIT_ERROR_NO_SUCH_REF, what, cancellable, error);
}

/* Writes the tree's files below @folder, which exists, by an index of its own. */
static gboolean
take_out (const Request *request, const char *tree, const char *folder, GCancellable *cancellable,
          GError **error)
{
  const char *const top_words[] = { "rev-parse", "--show-toplevel", NULL };
  const char *const read_words[] = { "read-tree", tree, NULL };
  g_autofree char *index = g_strconcat (folder, ".index", NULL);
  g_autofree char *prefix = g_strdup_printf ("--prefix=%s/", folder);
  const char *const write_words[] = { "checkout-index", "--all", prefix, NULL };
  g_autofree char *what = g_strdup_printf ("'%s' can't be taken out", request->ref);
  g_autofree char *top =
      ask (request->dir, NULL, top_words, KELVIN_GIT_ERROR_FAILED, what, cancellable, error);
  if (top == NULL)
    return FALSE;

  g_autofree char *read =
      ask (top, index, read_words, KELVIN_GIT_ERROR_FAILED, what, cancellable, error);
  g_autofree char *written = read != NULL ? ask (top, index, write_words, KELVIN_GIT_ERROR_FAILED,
                                                 what, cancellable, error)
                                          : NULL;
  g_unlink (index);

  return written != NULL;
}

/* Each time: the work tree may have got them since. */
static char *
link_dependencies (const char *from, const char *to)
{
  static const char *const names[] = { "node_modules", "site-packages", "vendor" };
  g_autoptr (GString) linked = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *source = g_build_filename (from, names[i], NULL);
      g_autofree char *target = g_build_filename (to, names[i], NULL);
      struct stat info;

      if (!g_file_test (source, G_FILE_TEST_IS_DIR))
        continue;
      if (lstat (target, &info) == 0 && !S_ISLNK (info.st_mode))
        continue; /* the commit has its own */
      g_unlink (target);
      if (symlink (source, target) == 0)
        g_string_append_printf (linked, "%s%s", linked->len > 0 ? ", " : "", names[i]);
    }
  if (linked->len == 0)
    return NULL;
  return g_strdup_printf ("%s isn't in git: both have the work tree's", linked->str);
}

/* Made beside its place and moved there whole, so that another program never sees half of it. */
static gboolean
make (const Request *request, const char *tree, const char *place, const char *name,
      GCancellable *cancellable, GError **error)
{
  g_autofree char *making = g_build_filename (request->parent, ".making-XXXXXX", NULL);
  g_autofree char *folder = NULL;

  if (g_mkdir_with_parents (request->parent, FOLDER_MODE) < 0 ||
      g_mkdtemp_full (making, FOLDER_MODE) == NULL)
    {
      g_set_error (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_FAILED, "%s can't be written: %s",
                   request->parent, g_strerror (errno));
      return FALSE;
    }
  folder = g_build_filename (making, name, NULL);
  if (g_mkdir (folder, FOLDER_MODE) < 0 || !take_out (request, tree, folder, cancellable, error))
    {
      if (error != NULL && *error == NULL)
        g_set_error (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_FAILED, "%s can't be made: %s",
                     folder, g_strerror (errno));
      return FALSE;
    }
  if (g_rename (making, place) == 0 || g_file_test (place, G_FILE_TEST_IS_DIR))
    return TRUE;
  g_set_error (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_FAILED, "%s can't be made: %s", place,
               g_strerror (errno));
  return FALSE;
}

static void
checkout_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Request *request = task_data;
  g_autoptr (KelvinGitCheckout) checkout = g_new0 (KelvinGitCheckout, 1);
  GError *error = NULL;

  checkout->commit = find_commit (request, cancellable, &error);
  g_autofree char *tree =
      checkout->commit != NULL ? find_tree (request, checkout->commit, cancellable, &error) : NULL;
  if (tree == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  g_autofree char *name = g_path_get_basename (request->dir);
  g_autofree char *place = g_build_filename (request->parent, tree, NULL);
  checkout->dir = g_build_filename (place, name, NULL);
  if (!g_file_test (checkout->dir, G_FILE_TEST_IS_DIR) &&
      !make (request, tree, place, name, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  checkout->note = link_dependencies (request->dir, checkout->dir);
  g_task_return_pointer (task, g_steal_pointer (&checkout),
                         (GDestroyNotify) kelvin_git_checkout_free);
}

void
kelvin_git_checkout_async (const char *dir, const char *ref, const char *parent,
                           GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);

  request->dir = g_canonicalize_filename (dir, NULL);
  request->ref = g_strdup (ref);
  request->parent = g_canonicalize_filename (parent, NULL);
  g_task_set_source_tag (task, kelvin_git_checkout_async);
  g_task_set_task_data (task, request, request_free);
  g_task_run_in_thread (task, checkout_in_thread);
}

KelvinGitCheckout *
kelvin_git_checkout_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
