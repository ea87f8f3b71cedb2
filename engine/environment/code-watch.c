#include "engine/environment/code-watch.h"

#include <string.h>

#include "engine/environment/code-name.h"
#include "engine/environment/code-watch-folders.h"

#define MOST_FOLDERS 2000
#define PAUSE_MS 100

struct _KelvinCodeWatch {
  GObject parent_instance;

  char *dir;
  GMainContext *context;
  GCancellable *cancellable;
  GHashTable *monitors; /* folder → GFileMonitor */
  GSource *pause;       /* set while a change waits to be told */
  gboolean listing;
  gboolean list_again; /* a folder came while they were listed */
};

G_DEFINE_FINAL_TYPE (KelvinCodeWatch, kelvin_code_watch, G_TYPE_OBJECT)

enum {
  CHANGED,
  WATCHING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void list_folders (KelvinCodeWatch *self);

static gboolean
pause_over_cb (gpointer user_data)
{
  KelvinCodeWatch *self = user_data;

  g_clear_pointer (&self->pause, g_source_unref);
  g_signal_emit (self, signals[CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
tell_soon (KelvinCodeWatch *self)
{
  if (self->pause != NULL)
    return;

  self->pause = g_timeout_source_new (PAUSE_MS);
  g_source_set_callback (self->pause, pause_over_cb, self, NULL);
  g_source_attach (self->pause, self->context);
}

static gboolean
file_matters (KelvinCodeWatch *self, GFile *file)
{
  if (file == NULL)
    return FALSE;

  const char *path = g_file_peek_path (file);
  g_autofree char *name = g_path_get_basename (path);
  g_autofree char *folder = g_path_get_dirname (path);
  gboolean top = strcmp (folder, self->dir) == 0;

  if (top && strcmp (name, "function.json") == 0)
    return TRUE;
  return kelvin_code_name_classify (name, top) != KELVIN_CODE_NAME_LEFT_OUT;
}

static gboolean
is_folder (GFile *file)
{
  return file != NULL && g_file_test (g_file_peek_path (file), G_FILE_TEST_IS_DIR);
}

static void
monitor_changed_cb (GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                    gpointer user_data)
{
  KelvinCodeWatch *self = user_data;

  if (!file_matters (self, file) && !file_matters (self, other))
    return;

  gboolean comes = event == G_FILE_MONITOR_EVENT_CREATED ||
                   event == G_FILE_MONITOR_EVENT_MOVED_IN || event == G_FILE_MONITOR_EVENT_RENAMED;
  gboolean goes = event == G_FILE_MONITOR_EVENT_DELETED ||
                  event == G_FILE_MONITOR_EVENT_MOVED_OUT || event == G_FILE_MONITOR_EVENT_RENAMED;

  if (goes)
    g_hash_table_remove (self->monitors, g_file_peek_path (file));
  if (comes && (is_folder (file) || is_folder (other)))
    list_folders (self);
  tell_soon (self);
}

/* FALSE where the system has no more watches to give. */
static gboolean
watch_folder (KelvinCodeWatch *self, const char *path)
{
  g_autoptr (GFile) folder = g_file_new_for_path (path);
  g_autoptr (GFileMonitor) monitor =
      g_file_monitor_directory (folder, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
  if (monitor == NULL)
    return FALSE;

  g_file_monitor_set_rate_limit (monitor, PAUSE_MS);
  g_signal_connect (monitor, "changed", G_CALLBACK (monitor_changed_cb), self);
  g_hash_table_insert (self->monitors, g_strdup (path), g_steal_pointer (&monitor));
  return TRUE;
}

/* Returns whether any is new. */
static gboolean
watch_folders (KelvinCodeWatch *self, GPtrArray *folders)
{
  gboolean any = FALSE;

  g_main_context_push_thread_default (self->context);
  for (guint i = 0; i < folders->len; i++)
    {
      const char *path = g_ptr_array_index (folders, i);

      if (g_hash_table_contains (self->monitors, path))
        continue;
      if (!watch_folder (self, path))
        break;
      any = TRUE;
    }
  g_main_context_pop_thread_default (self->context);

  return any;
}

static void
folders_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree GWeakRef *reference = user_data;
  g_autoptr (KelvinCodeWatch) self = g_weak_ref_get (reference);
  g_autoptr (GPtrArray) folders = g_task_propagate_pointer (G_TASK (result), NULL);

  g_weak_ref_clear (reference);
  if (self == NULL || folders == NULL)
    return;

  gboolean first = g_hash_table_size (self->monitors) == 0;
  gboolean any = watch_folders (self, folders);

  self->listing = FALSE;
  /* what was written to a new folder before it was watched */
  if (any && !first)
    tell_soon (self);
  /* a folder that was made in a new one before that was watched is found by listing once more */
  if (any || self->list_again)
    list_folders (self);
  else
    g_signal_emit (self, signals[WATCHING], 0);
}

static void
list_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *dir = task_data;

  g_task_return_pointer (task, kelvin_code_watch_folders (dir, MOST_FOLDERS, cancellable),
                         (GDestroyNotify) g_ptr_array_unref);
}

static void
list_folders (KelvinCodeWatch *self)
{
  self->list_again = self->listing;
  if (self->listing)
    return;

  /* the task doesn't keep the watch alive */
  GWeakRef *reference = g_new0 (GWeakRef, 1);
  g_weak_ref_init (reference, self);
  self->listing = TRUE;

  g_autoptr (GTask) task = g_task_new (NULL, self->cancellable, folders_listed_cb, reference);
  g_task_set_source_tag (task, list_folders);
  g_task_set_task_data (task, g_strdup (self->dir), g_free);
  g_task_run_in_thread (task, list_in_thread);
}

static void
kelvin_code_watch_dispose (GObject *object)
{
  KelvinCodeWatch *self = KELVIN_CODE_WATCH (object);

  g_cancellable_cancel (self->cancellable);
  if (self->pause != NULL)
    g_source_destroy (self->pause);
  g_clear_pointer (&self->pause, g_source_unref);
  g_hash_table_remove_all (self->monitors);

  G_OBJECT_CLASS (kelvin_code_watch_parent_class)->dispose (object);
}

static void
kelvin_code_watch_finalize (GObject *object)
{
  KelvinCodeWatch *self = KELVIN_CODE_WATCH (object);

  g_clear_pointer (&self->dir, g_free);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->monitors, g_hash_table_unref);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (kelvin_code_watch_parent_class)->finalize (object);
}

static void
kelvin_code_watch_class_init (KelvinCodeWatchClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kelvin_code_watch_dispose;
  object_class->finalize = kelvin_code_watch_finalize;

  signals[CHANGED] = g_signal_new ("changed", KELVIN_TYPE_CODE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[WATCHING] = g_signal_new ("watching", KELVIN_TYPE_CODE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
}

static void
stop_monitor (gpointer data)
{
  g_autoptr (GFileMonitor) monitor = data;

  /* the watch may be gone before an event that is on its way */
  g_signal_handlers_disconnect_matched (monitor, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                        monitor_changed_cb, NULL);
  g_file_monitor_cancel (monitor);
}

static void
kelvin_code_watch_init (KelvinCodeWatch *self)
{
  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();
  self->monitors = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, stop_monitor);
}

KelvinCodeWatch *
kelvin_code_watch_new (const char *function_dir)
{
  g_return_val_if_fail (function_dir != NULL, NULL);

  KelvinCodeWatch *self = g_object_new (KELVIN_TYPE_CODE_WATCH, NULL);

  self->dir = g_canonicalize_filename (function_dir, NULL);
  list_folders (self);
  return self;
}
