#include "config.h"

#include "ui/function-files.h"

#include <string.h>

#include "ui/draft.h"

#define MOST_FILES 200
#define DEEPEST 5

typedef struct {
  char *dir;
  char *drafts_dir;
  KelvinFunction *function; /* nullable */
} Job;

static const char *const dependency_folders[] = { "node_modules", "site-packages", "vendor",
                                                  "__pycache__", NULL };

/* What an editor has no use for. */
static const char *const binary_endings[] = { ".pyc",  ".so",   ".o",     ".a",   ".zip",  ".gz",
                                              ".jpg",  ".jpeg", ".png",   ".gif", ".webp", ".pdf",
                                              ".wasm", ".node", ".woff2", NULL };

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->dir);
  g_free (job->drafts_dir);
  g_clear_object (&job->function);
  g_free (job);
}

void
kelvin_function_files_free (KelvinFunctionFiles *self)
{
  g_strfreev (self->code);
  g_strfreev (self->events);
  g_strfreev (self->drafts);
  g_free (self);
}

static gboolean
is_binary (const char *name)
{
  for (guint i = 0; binary_endings[i] != NULL; i++)
    if (g_str_has_suffix (name, binary_endings[i]))
      return TRUE;

  return FALSE;
}

static gboolean
is_listed (const char *relative, const char *name, gboolean is_folder)
{
  if (name[0] == '.' || g_str_has_suffix (name, "~"))
    return FALSE;
  if (is_folder)
    return !g_strv_contains (dependency_folders, name) && !g_str_equal (relative, "events");

  return !is_binary (name) && !g_str_equal (relative, "function.json");
}

static void
walk (const char *dir, const char *below, guint depth, GPtrArray *found)
{
  g_autofree char *folder = g_build_filename (dir, below, NULL);
  g_autoptr (GDir) handle = g_dir_open (folder, 0, NULL);
  const char *name;

  while (handle != NULL && found->len <= MOST_FILES && (name = g_dir_read_name (handle)) != NULL)
    {
      g_autofree char *relative =
          *below == '\0' ? g_strdup (name) : g_build_filename (below, name, NULL);
      g_autofree char *path = g_build_filename (dir, relative, NULL);
      gboolean is_folder = g_file_test (path, G_FILE_TEST_IS_DIR);

      if (!is_listed (relative, name, is_folder))
        continue;
      if (!is_folder)
        g_ptr_array_add (found, g_steal_pointer (&relative));
      else if (depth < DEEPEST && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        walk (dir, relative, depth + 1, found);
    }
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

static void
move_first (GPtrArray *names, const char *name)
{
  guint index;

  if (name == NULL || !g_ptr_array_find_with_equal_func (names, name, g_str_equal, &index))
    return;

  g_ptr_array_insert (names, 0, g_ptr_array_steal_index (names, index));
}

static char **
to_strv (GPtrArray *names)
{
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

static GPtrArray *
list_events (const char *dir)
{
  g_autofree char *folder = g_build_filename (dir, "events", NULL);
  g_autoptr (GDir) handle = g_dir_open (folder, 0, NULL);
  GPtrArray *names = g_ptr_array_new ();
  const char *name;

  while (handle != NULL && (name = g_dir_read_name (handle)) != NULL)
    if (name[0] != '.' && g_str_has_suffix (name, ".json"))
      g_ptr_array_add (names, g_strndup (name, strlen (name) - strlen (".json")));

  return names;
}

static char **
list_drafts (const char *drafts_dir, const char *dir)
{
  g_autoptr (GDir) handle = g_dir_open (drafts_dir, 0, NULL);
  g_autofree char *prefix = g_strconcat (dir, "/", NULL);
  GPtrArray *paths = g_ptr_array_new ();
  const char *name;

  while (handle != NULL && (name = g_dir_read_name (handle)) != NULL)
    {
      g_autofree char *file = g_build_filename (drafts_dir, name, NULL);
      g_autofree char *content = NULL;
      g_autoptr (KelvinDraft) draft = NULL;

      if (g_file_get_contents (file, &content, NULL, NULL))
        draft = kelvin_draft_parse (content);
      if (draft != NULL && g_str_has_prefix (draft->path, prefix))
        g_ptr_array_add (paths, g_strdup (draft->path + strlen (prefix)));
    }

  return to_strv (paths);
}

static gboolean
is_event (const char *relative)
{
  return g_str_has_prefix (relative, "events/") && g_str_has_suffix (relative, ".json");
}

static void
add_missing (GPtrArray *names, char *name)
{
  if (g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
    g_free (name);
  else
    g_ptr_array_add (names, name);
}

/* Files that were never saved are known by their drafts alone. */
static void
add_drafts (char **drafts, GPtrArray *code, GPtrArray *events)
{
  for (guint i = 0; drafts[i] != NULL; i++)
    if (is_event (drafts[i]))
      add_missing (events, g_strndup (drafts[i] + strlen ("events/"),
                                      strlen (drafts[i]) - strlen ("events/.json")));
    else if (!g_str_equal (drafts[i], "function.json"))
      add_missing (code, g_strdup (drafts[i]));
}

static void
sort_code (GPtrArray *code, KelvinFunction *function)
{
  g_autofree char *handler = NULL;

  if (function != NULL)
    handler = kelvin_function_find_handler_file (function);
  g_ptr_array_sort (code, compare_names);
  move_first (code, handler);
  g_ptr_array_add (code, g_strdup ("function.json"));
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  KelvinFunctionFiles *files = g_new0 (KelvinFunctionFiles, 1);
  GPtrArray *code = g_ptr_array_new ();
  GPtrArray *events = list_events (job->dir);

  walk (job->dir, "", 0, code);
  files->more = code->len > MOST_FILES;
  files->drafts = list_drafts (job->drafts_dir, job->dir);
  add_drafts (files->drafts, code, events);
  sort_code (code, job->function);
  g_ptr_array_sort (events, compare_names);
  files->code = to_strv (code);
  files->events = to_strv (events);
  g_task_return_pointer (task, files, (GDestroyNotify) kelvin_function_files_free);
}

void
kelvin_function_files_list_async (const char *dir, KelvinFunction *function, const char *drafts_dir,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->dir = g_strdup (dir);
  job->drafts_dir = g_strdup (drafts_dir);
  g_set_object (&job->function, function);
  g_task_set_source_tag (task, kelvin_function_files_list_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, list_in_thread);
}

KelvinFunctionFiles *
kelvin_function_files_list_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
