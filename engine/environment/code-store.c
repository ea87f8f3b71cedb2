#include "engine/environment/code-store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "engine/environment/code-copy.h"
#include "engine/environment/code-digest.h"
#include "engine/environment/code-index.h"
#include "engine/environment/code-lock.h"
#include "engine/environment/git-state.h"
#include "engine/environment/tree-manifest.h"
#include "engine/environment/version-hash.h"
#include "engine/fd.h"

/* How often a take begins again because files were written meanwhile, and the pause before that. */
#define MOST_TRIES 20
#define PAUSE_US 5000

struct _KelvinCodeStore {
  GObject parent_instance;

  /* none of these changes after construction: takes run in threads */
  char *code_dir;
  char *index_dir;
  char *key_file;

  int pruned; /* atomic */
};

G_DEFINE_FINAL_TYPE (KelvinCodeStore, kelvin_code_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (kelvin_code_store_error, kelvin_code_store_error)

/* What one take has found so far. */
typedef struct {
  KelvinCodeStore *store;
  KelvinFunction *function;
  GCancellable *cancellable;
  KelvinCodeScan *scan;
  char *code_hash;
  char *copy;
  KelvinFd lock;
  GPtrArray *manifests; /* NULL-terminated when complete */
} Take;

static void
take_clear (Take *take)
{
  g_clear_object (&take->function);
  g_clear_pointer (&take->scan, kelvin_code_scan_free);
  g_clear_pointer (&take->code_hash, g_free);
  g_clear_pointer (&take->copy, g_free);
  g_clear_pointer (&take->manifests, g_ptr_array_unref);
  kelvin_fd_clear (&take->lock);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Take, take_clear)

static void
kelvin_code_store_finalize (GObject *object)
{
  KelvinCodeStore *self = KELVIN_CODE_STORE (object);

  g_clear_pointer (&self->code_dir, g_free);
  g_clear_pointer (&self->index_dir, g_free);
  g_clear_pointer (&self->key_file, g_free);

  G_OBJECT_CLASS (kelvin_code_store_parent_class)->finalize (object);
}

static void
kelvin_code_store_class_init (KelvinCodeStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_code_store_finalize;
}

static void
kelvin_code_store_init (KelvinCodeStore *self)
{
}

KelvinCodeStore *
kelvin_code_store_new (const char *data_dir)
{
  g_return_val_if_fail (data_dir != NULL, NULL);

  KelvinCodeStore *self = g_object_new (KELVIN_TYPE_CODE_STORE, NULL);

  g_autofree char *absolute = g_canonicalize_filename (data_dir, NULL);
  self->code_dir = g_build_filename (absolute, "code", NULL);
  self->index_dir = g_build_filename (self->code_dir, "index", NULL);
  self->key_file = g_build_filename (self->code_dir, "variables.key", NULL);
  return self;
}

/* A file of the index for a folder, which is named by a hash of its path. */
static char *
index_file (KelvinCodeStore *self, const char *folder, const char *ending)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, folder, -1);
  g_autofree char *name = g_strconcat (hash, ending, NULL);

  return g_build_filename (self->index_dir, name, NULL);
}

static gboolean
make_folders (KelvinCodeStore *self, GError **error)
{
  if (g_mkdir_with_parents (self->index_dir, 0700) == 0)
    return TRUE;

  int saved_errno = errno;
  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
               "%s: cannot be made: %s; name another data folder with --data-dir", self->index_dir,
               g_strerror (saved_errno));
  return FALSE;
}

/* A copy that the index doesn't vouch for may be from before a power loss. */
static gboolean
copy_is_whole (const Take *take)
{
  g_autoptr (KelvinCodeScan) scan = kelvin_code_scan_new (take->copy, take->cancellable, NULL);

  if (scan == NULL || !kelvin_code_digest_files (scan, take->cancellable, NULL))
    return FALSE;

  g_autofree char *hash = kelvin_code_digest_hash (scan);
  return strcmp (hash, take->code_hash) == 0;
}

static gboolean
find_copy (Take *take, gboolean vouched)
{
  take->lock = kelvin_code_lock (take->copy);
  if (take->lock < 0)
    return FALSE;
  if (vouched || copy_is_whole (take))
    return TRUE;

  kelvin_fd_clear (&take->lock);
  if (!g_cancellable_is_cancelled (take->cancellable))
    kelvin_code_remove_folder (take->copy);
  return FALSE;
}

static gboolean
make_copy (Take *take, GError **error)
{
  if (!kelvin_code_copy (take->scan, take->copy, take->cancellable, error))
    return FALSE;

  take->lock = kelvin_code_lock (take->copy);
  if (take->lock >= 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s was removed meanwhile", take->copy);
  return FALSE;
}

static gboolean
any_without_digest (const KelvinCodeScan *scan)
{
  for (guint i = 0; i < scan->entries->len; i++)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (scan->entries, i);

      if (entry->kind == KELVIN_CODE_ENTRY_FILE && !entry->has_digest)
        return TRUE;
    }

  return FALSE;
}

/* One try at having the folder's code in the store: fails with G_IO_ERROR_BUSY where it was written
 * to. */
static gboolean
take_code_once (Take *take, GError **error)
{
  KelvinCodeStore *store = take->store;
  const char *dir = kelvin_function_get_dir (take->function);
  g_autofree char *index = index_file (store, dir, ".code");

  g_clear_pointer (&take->scan, kelvin_code_scan_free);
  g_clear_pointer (&take->code_hash, g_free);
  g_clear_pointer (&take->copy, g_free);
  take->scan = kelvin_code_scan_new (dir, take->cancellable, error);
  if (take->scan == NULL)
    return FALSE;

  g_autofree char *known = kelvin_code_index_recall (index, take->scan);
  gboolean changed = any_without_digest (take->scan);
  if (!kelvin_code_digest_files (take->scan, take->cancellable, error))
    return FALSE;

  take->code_hash = kelvin_code_digest_hash (take->scan);
  take->copy = g_build_filename (store->code_dir, take->code_hash, NULL);
  gboolean vouched = g_strcmp0 (known, take->code_hash) == 0;
  if (!find_copy (take, vouched) && !make_copy (take, error))
    return FALSE;

  if (changed || !vouched)
    kelvin_code_index_keep (index, take->scan, take->code_hash);
  return TRUE;
}

static gboolean
take_code (Take *take, GError **error)
{
  g_autoptr (GError) problem = NULL;

  for (guint i = 0; i < MOST_TRIES; i++)
    {
      g_clear_error (&problem);
      if (take_code_once (take, &problem))
        return TRUE;
      if (!g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&problem));
          return FALSE;
        }
      g_usleep (PAUSE_US);
    }

  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
               "%s: the code is being written to all the time: %s",
               kelvin_function_get_dir (take->function), problem->message);
  return FALSE;
}

static gboolean
add_manifest (Take *take, const char *place, const char *folder, GError **error)
{
  g_autofree char *cache = index_file (take->store, folder, ".tree");
  g_autofree char *hash = kelvin_tree_manifest_hash (folder, cache, take->cancellable, error);
  if (hash == NULL)
    return FALSE;

  g_ptr_array_add (take->manifests, g_strdup (place));
  g_ptr_array_add (take->manifests, g_steal_pointer (&hash));
  return TRUE;
}

static gboolean
take_manifests (Take *take, GError **error)
{
  const char *const *layers = kelvin_function_get_layers (take->function);

  take->manifests = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < take->scan->entries->len; i++)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (take->scan->entries, i);

      if (entry->kind == KELVIN_CODE_ENTRY_TREE &&
          !add_manifest (take, entry->path, entry->target, error))
        return FALSE;
    }
  for (guint i = 0; layers[i] != NULL; i++)
    {
      if (!add_manifest (take, "/opt", layers[i], error))
        return FALSE;
    }

  g_ptr_array_add (take->manifests, NULL);
  return TRUE;
}

static GPtrArray *
list_trees (const KelvinCodeScan *scan)
{
  GPtrArray *trees = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_dependency_tree_free);

  for (guint i = 0; i < scan->entries->len; i++)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (scan->entries, i);

      if (entry->kind == KELVIN_CODE_ENTRY_TREE)
        g_ptr_array_add (trees, kelvin_dependency_tree_new (entry->target, entry->path));
    }

  return trees;
}

/* Stands for all that git may see in the folder and a version's hash doesn't: function.json as it
 * is. */
static char *
git_key (const Take *take, const char *version_hash)
{
  g_autofree char *text = kelvin_function_to_text (take->function);
  g_autofree char *document = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strconcat (version_hash, " ", document, NULL);
}

static void
take_git (const Take *take, KelvinVersionFields *fields)
{
  const char *dir = kelvin_function_get_dir (take->function);
  g_autofree char *cache = index_file (take->store, dir, ".git");
  g_autofree char *key = git_key (take, fields->hash);
  KelvinGitState git = { 0 };

  kelvin_git_state_read (dir, key, cache, take->cancellable, &git);
  fields->git_commit = g_steal_pointer (&git.commit);
  fields->git_branch = g_steal_pointer (&git.branch);
  fields->git_clean = git.clean;
}

static void
unlock_copy (gpointer data)
{
  KelvinFd lock = GPOINTER_TO_INT (data);

  kelvin_fd_clear (&lock);
}

/* The copy stays locked for as long as somebody has the version. */
static KelvinVersion *
make_version (Take *take, KelvinVersionFields *fields)
{
  fields->function = g_object_ref (take->function);
  fields->code_dir = g_steal_pointer (&take->copy);
  fields->code_bytes = take->scan->bytes;
  fields->trees = list_trees (take->scan);

  KelvinVersion *version = kelvin_version_new (fields);
  g_object_set_data_full (G_OBJECT (version), "kelvin-code-lock",
                          GINT_TO_POINTER (kelvin_fd_steal (&take->lock)), unlock_copy);
  return version;
}

static KelvinVersion *
take_version (KelvinCodeStore *self, const char *dir, GCancellable *cancellable, GError **error)
{
  g_auto (Take) take = { .store = self, .cancellable = cancellable, .lock = -1 };
  KelvinVersionFields fields = { 0 };

  take.function = kelvin_function_load (dir, error);
  if (take.function == NULL || !make_folders (self, error) || !take_code (&take, error) ||
      !take_manifests (&take, error))
    return NULL;

  fields.hash =
      kelvin_version_hash (take.function, take.code_hash,
                           (const char *const *) take.manifests->pdata, self->key_file, error);
  if (fields.hash == NULL)
    return NULL;

  take_git (&take, &fields);
  return make_version (&take, &fields);
}

static void
take_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KelvinCodeStore *self = source; /* its fields don't change */
  const char *dir = task_data;
  g_autoptr (GError) error = NULL;

  KelvinVersion *version = take_version (self, dir, cancellable, &error);
  if (version == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  g_task_return_pointer (task, version, g_object_unref);
  /* the caller has what it waits for; tidying up once is enough */
  if (g_atomic_int_compare_and_exchange (&self->pruned, FALSE, TRUE))
    kelvin_code_prune (self->code_dir);
}

void
kelvin_code_store_take_async (KelvinCodeStore *self, const char *function_dir,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_CODE_STORE (self));
  g_return_if_fail (function_dir != NULL);

  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kelvin_code_store_take_async);
  g_task_set_task_data (task, g_strdup (function_dir), g_free);
  g_task_run_in_thread (task, take_in_thread);
}

KelvinVersion *
kelvin_code_store_take_finish (KelvinCodeStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
