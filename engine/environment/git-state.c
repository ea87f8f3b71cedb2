#include "engine/environment/git-state.h"

#include <string.h>
#include <sys/stat.h>

#include "engine/environment/boot-cache.h"
#include "engine/environment/code-entry.h"

#define LONGEST_WAIT_S 3
#define CACHE_TYPE "(smsmsb)" /* key, commit, branch, clean */

/* The folder that .git is or names; NULL where there is none here. */
static char *
repository_at (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, ".git", NULL);
  g_autofree char *text = NULL;
  if (g_file_test (path, G_FILE_TEST_IS_DIR))
    return g_steal_pointer (&path);

  /* work trees and submodules have a file that says where it is */
  if (!g_file_get_contents (path, &text, NULL, NULL) || !g_str_has_prefix (text, "gitdir: "))
    return NULL;

  return g_canonicalize_filename (g_strstrip (text + strlen ("gitdir: ")), dir);
}

static char *
find_repository (const char *dir)
{
  g_autofree char *at = g_strdup (dir);

  while (TRUE)
    {
      g_autofree char *repository = repository_at (at);
      if (repository != NULL || strcmp (at, "/") == 0)
        return g_steal_pointer (&repository);

      char *parent = g_path_get_dirname (at);
      g_free (at);
      at = parent;
    }
}

/* Changes with every commit, checkout, reset and staging. */
static char *
make_key (const char *repository, const char *content)
{
  static const char *const names[] = { "HEAD", "index", "logs/HEAD" };
  g_autoptr (GString) key = g_string_new (content);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (repository, names[i], NULL);
      struct stat info;
      KelvinCodeStamp stamp = { 0 };

      if (stat (path, &info) == 0)
        stamp = kelvin_code_stamp_of (&info);
      g_string_append_printf (key, " %" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " %" G_GUINT64_FORMAT,
                              stamp.size, stamp.mtime_ns, stamp.inode);
    }

  return g_string_free (g_steal_pointer (&key), FALSE);
}

static gboolean
load_kept (const char *cache, const char *key, KelvinGitState *out_state)
{
  g_autoptr (GVariant) value = kelvin_boot_cache_load (cache, G_VARIANT_TYPE (CACHE_TYPE));
  const char *kept = NULL;

  if (value == NULL)
    return FALSE;
  g_variant_get_child (value, 0, "&s", &kept);
  if (strcmp (kept, key) != 0)
    return FALSE;

  g_variant_get (value, "(&smsmsb)", &kept, &out_state->commit, &out_state->branch,
                 &out_state->clean);
  return TRUE;
}

static void
read_line (const char *line, KelvinGitState *state)
{
  static const char oid[] = "# branch.oid ";
  static const char head[] = "# branch.head ";

  if (g_str_has_prefix (line, oid) && g_ascii_isxdigit (line[strlen (oid)]))
    state->commit = g_strdup (line + strlen (oid));
  else if (g_str_has_prefix (line, head) && line[strlen (head)] != '(')
    state->branch = g_strdup (line + strlen (head));
  else if (*line != '\0' && *line != '#')
    state->clean = FALSE;
}

static void
read_status (const char *text, KelvinGitState *out_state)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  out_state->clean = TRUE;
  for (guint i = 0; lines[i] != NULL; i++)
    read_line (lines[i], out_state);

  /* before the first commit there is nothing to be on */
  if (out_state->commit == NULL)
    kelvin_git_state_clear (out_state);
}

typedef struct {
  GMainLoop *loop;
  GSubprocess *git;
  char *text; /* NULL: it failed */
} Question;

static void
answered_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Question *question = user_data;

  if (!g_subprocess_communicate_utf8_finish (question->git, result, &question->text, NULL, NULL) ||
      !g_subprocess_get_successful (question->git))
    g_clear_pointer (&question->text, g_free);
  g_main_loop_quit (question->loop);
}

static gboolean
waited_too_long_cb (gpointer user_data)
{
  Question *question = user_data;

  g_subprocess_force_exit (question->git);
  return G_SOURCE_REMOVE;
}

static GSubprocess *
start_git (const char *dir)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE);

  /* it only looks: no lock is taken, no index written, and no program of the repository's choice
   * run */
  g_subprocess_launcher_setenv (launcher, "GIT_OPTIONAL_LOCKS", "0", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  return g_subprocess_launcher_spawn (
      launcher, NULL, "git", "-c", "core.fsmonitor=false", "-C", dir, "status", "--porcelain=v2",
      "--branch", "--untracked-files=normal", "--", ".", ":(exclude)events", NULL);
}

/* What `git status` says, NULL if it doesn't. In a context of its own, as this thread has no loop.
 */
static char *
ask_git (const char *dir, GCancellable *cancellable)
{
  g_autoptr (GSubprocess) git = start_git (dir);
  if (git == NULL)
    return NULL;

  g_autoptr (GMainContext) context = g_main_context_new ();
  g_autoptr (GMainLoop) loop = g_main_loop_new (context, FALSE);
  g_autoptr (GSource) limit = g_timeout_source_new_seconds (LONGEST_WAIT_S);
  Question question = { .loop = loop, .git = git };

  g_main_context_push_thread_default (context);
  g_source_set_callback (limit, waited_too_long_cb, &question, NULL);
  g_source_attach (limit, context);
  g_subprocess_communicate_utf8_async (git, NULL, cancellable, answered_cb, &question);
  g_main_loop_run (loop);
  g_source_destroy (limit);
  g_main_context_pop_thread_default (context);

  return question.text;
}

void
kelvin_git_state_read (const char *dir, const char *key, const char *cache,
                       GCancellable *cancellable, KelvinGitState *out_state)
{
  g_autofree char *repository = find_repository (dir);

  *out_state = (KelvinGitState){ 0 };
  if (repository == NULL)
    return;

  g_autofree char *whole_key = make_key (repository, key);
  if (load_kept (cache, whole_key, out_state))
    return;

  g_autofree char *status = ask_git (dir, cancellable);
  if (status == NULL)
    return;

  read_status (status, out_state);
  kelvin_boot_cache_save (cache, g_variant_new (CACHE_TYPE, whole_key, out_state->commit,
                                                out_state->branch, out_state->clean));
}

void
kelvin_git_state_clear (KelvinGitState *self)
{
  g_clear_pointer (&self->commit, g_free);
  g_clear_pointer (&self->branch, g_free);
  self->clean = FALSE;
}
