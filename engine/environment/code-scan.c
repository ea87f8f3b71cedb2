#include "engine/environment/code-scan.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "engine/environment/code-name.h"
#include "engine/environment/code-store.h"
#include "engine/environment/installed-packages.h"
#include "engine/fd.h"

#define MOST_BYTES (64 * G_GUINT64_CONSTANT (1048576))
#define MOST_ENTRIES 100000
#define DEEPEST 100

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

typedef struct {
  KelvinCodeScan *scan;
  GCancellable *cancellable;
} Walk;

static gboolean walk_folder (Walk *walk, int parent, const char *name, const char *path,
                             guint depth, GError **error);

static gboolean
set_path_error (GError **error, const char *dir, const char *path, const char *what,
                int saved_errno)
{
  g_autofree char *named = g_build_filename (dir, *path != '\0' ? path : NULL, NULL);

  if (saved_errno == ENOENT && !g_file_test (dir, G_FILE_TEST_IS_DIR))
    g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_GONE,
                 "%s: the folder is gone", dir);
  else
    g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
                 "%s: cannot be %s: %s", named, what, g_strerror (saved_errno));
  return FALSE;
}

static KelvinCodeEntry *
add_entry (Walk *walk, const char *path, KelvinCodeEntryKind kind, const struct stat *info)
{
  KelvinCodeEntry *entry = kelvin_code_entry_new (path, kind, info);

  g_ptr_array_add (walk->scan->entries, entry);
  return entry;
}

/* A path that leads from the folder of @path to @inside, which is relative to the function's
 * folder. */
static char *
lead_up (const char *path, const char *inside)
{
  g_autoptr (GString) target = g_string_new (NULL);

  for (const char *at = path; *at != '\0'; at++)
    if (*at == '/')
      g_string_append (target, "../");
  g_string_append (target, *inside != '\0' ? inside : ".");

  return g_string_free (g_steal_pointer (&target), FALSE);
}

/* NULL where the link leads out of the function's folder. */
static char *
keep_inside (const char *dir, const char *path, const char *target)
{
  g_autofree char *link = g_build_filename (dir, path, NULL);
  g_autofree char *folder = g_path_get_dirname (link);
  g_autofree char *absolute = g_canonicalize_filename (target, folder);
  gsize length = strlen (dir);

  if (!g_str_has_prefix (absolute, dir) || (absolute[length] != '/' && absolute[length] != '\0'))
    return NULL;
  if (!g_path_is_absolute (target))
    return g_strdup (target);

  return lead_up (path, absolute[length] == '/' ? absolute + length + 1 : "");
}

static gboolean
add_link (Walk *walk, int parent, const char *name, const char *path, const struct stat *info,
          GError **error)
{
  const char *dir = walk->scan->dir;
  char target[PATH_MAX];
  gssize length = readlinkat (parent, name, target, sizeof target - 1);
  if (length < 0)
    return set_path_error (error, dir, path, "read", errno);

  target[length] = '\0';
  g_autofree char *inside = keep_inside (dir, path, target);
  if (inside == NULL)
    {
      g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
                   "%s/%s: a link to %s, which is outside of the function's folder and so isn't "
                   "there in its sandbox; copy what it leads to, or use a layer",
                   dir, path, target);
      return FALSE;
    }

  add_entry (walk, path, KELVIN_CODE_ENTRY_LINK, info)->target = g_steal_pointer (&inside);
  return TRUE;
}

static void
add_tree (Walk *walk, const char *path, const char *source, const struct stat *info)
{
  add_entry (walk, path, KELVIN_CODE_ENTRY_TREE, info)->target = g_strdup (source);
}

/* A tree may lie elsewhere, with a link in its place. FALSE where this isn't one. */
static gboolean
add_if_tree (Walk *walk, const char *path, const struct stat *info)
{
  g_autofree char *absolute = g_build_filename (walk->scan->dir, path, NULL);
  char *source = realpath (absolute, NULL);
  gboolean is_tree = source != NULL && g_file_test (source, G_FILE_TEST_IS_DIR);

  if (is_tree)
    add_tree (walk, path, source, info);
  free (source);
  return is_tree;
}

static gboolean
visit (Walk *walk, int parent, const char *name, const char *path, guint depth, GError **error)
{
  KelvinCodeName kind = kelvin_code_name_classify (name, depth == 0);
  struct stat info;

  if (kind == KELVIN_CODE_NAME_LEFT_OUT)
    return TRUE;
  /* an editor's file may be gone again already */
  if (fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || set_path_error (error, walk->scan->dir, path, "read", errno);
  if (kind == KELVIN_CODE_NAME_TREE && !S_ISREG (info.st_mode) && add_if_tree (walk, path, &info))
    return TRUE;

  if (S_ISLNK (info.st_mode))
    return add_link (walk, parent, name, path, &info, error);
  if (S_ISREG (info.st_mode))
    {
      add_entry (walk, path, KELVIN_CODE_ENTRY_FILE, &info);
      walk->scan->bytes += (guint64) info.st_size;
      return TRUE;
    }
  /* pipes, sockets and devices don't travel with code */
  if (!S_ISDIR (info.st_mode))
    return TRUE;

  add_entry (walk, path, KELVIN_CODE_ENTRY_FOLDER, &info);
  return walk_folder (walk, parent, name, path, depth + 1, error);
}

static gboolean
check_limits (Walk *walk, const char *path, guint depth, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (walk->cancellable, error))
    return FALSE;
  if (depth <= DEEPEST && walk->scan->entries->len <= MOST_ENTRIES)
    return TRUE;

  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_TOO_LARGE,
               "%s: own code has more than %d files or is more than %d folders deep (at %s); move "
               "what isn't code out of the folder, and dependencies into node_modules, "
               "site-packages, vendor or a layer",
               walk->scan->dir, MOST_ENTRIES, DEEPEST, path);
  return FALSE;
}

static gboolean
walk_folder (Walk *walk, int parent, const char *name, const char *path, guint depth,
             GError **error)
{
  if (!check_limits (walk, path, depth, error))
    return FALSE;

  g_auto (KelvinFd) fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  g_autoptr (DIR) folder = fd >= 0 ? fdopendir (fd) : NULL;
  if (folder == NULL)
    return (errno == ENOENT && depth > 0) ||
           set_path_error (error, walk->scan->dir, path, "opened", errno);
  kelvin_fd_steal (&fd);

  const struct dirent *child;
  while ((child = readdir (folder)) != NULL)
    {
      if (strcmp (child->d_name, ".") == 0 || strcmp (child->d_name, "..") == 0)
        continue;

      g_autofree char *child_path =
          *path != '\0' ? g_strconcat (path, "/", child->d_name, NULL) : g_strdup (child->d_name);
      if (!visit (walk, dirfd (folder), child->d_name, child_path, depth, error))
        return FALSE;
    }

  return TRUE;
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  const KelvinCodeEntry *const *left = a;
  const KelvinCodeEntry *const *right = b;

  return strcmp ((*left)->path, (*right)->path);
}

/* The part of a path before its first slash, or "." for a file in the folder itself. */
static char *
top_folder (const char *path)
{
  const char *slash = strchr (path, '/');

  return slash != NULL ? g_strndup (path, (gsize) (slash - path)) : g_strdup (".");
}

/* Entries are sorted, so those of one top folder follow each other, but for the files beside them.
 */
static char *
find_largest_folder (const KelvinCodeScan *self, guint64 *out_bytes)
{
  g_autoptr (GHashTable) sums = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  const char *largest = ".";

  *out_bytes = 0;
  for (guint i = 0; i < self->entries->len; i++)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (self->entries, i);
      g_autofree char *top = top_folder (entry->path);
      guint64 *sum = g_hash_table_lookup (sums, top);

      if (entry->kind != KELVIN_CODE_ENTRY_FILE)
        continue;
      if (sum == NULL)
        {
          sum = g_new0 (guint64, 1);
          g_hash_table_insert (sums, g_strdup (top), sum);
        }
      *sum += entry->stamp.size;
    }

  GHashTableIter iter;
  gpointer name, sum;
  g_hash_table_iter_init (&iter, sums);
  while (g_hash_table_iter_next (&iter, &name, &sum))
    if (*(guint64 *) sum > *out_bytes)
      {
        *out_bytes = *(guint64 *) sum;
        largest = name;
      }

  return g_build_filename (self->dir, strcmp (largest, ".") == 0 ? NULL : largest, NULL);
}

static gboolean
check_size (const KelvinCodeScan *self, GError **error)
{
  if (self->bytes <= MOST_BYTES)
    return TRUE;

  guint64 bytes = 0;
  g_autofree char *largest = find_largest_folder (self, &bytes);
  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_TOO_LARGE,
               "%s: own code is %.1f MB; it may be 64 MB (the largest folder is %s with %.1f MB); "
               "move dependencies into node_modules, site-packages, vendor or a layer",
               self->dir, (double) self->bytes / 1048576, largest, (double) bytes / 1048576);
  return FALSE;
}

/* Entries of one folder follow it; their bytes don't count any more. */
static void
drop_below (KelvinCodeScan *self, guint index)
{
  const KelvinCodeEntry *folder = g_ptr_array_index (self->entries, index);
  g_autofree char *prefix = g_strconcat (folder->path, "/", NULL);

  for (guint i = self->entries->len; i-- > index + 1;)
    {
      const KelvinCodeEntry *entry = g_ptr_array_index (self->entries, i);

      if (!g_str_has_prefix (entry->path, prefix))
        continue;
      if (entry->kind == KELVIN_CODE_ENTRY_FILE)
        self->bytes -= entry->stamp.size;
      g_ptr_array_remove_index (self->entries, i);
    }
}

/* Installed packages that lie beside the code are copied with it while they are small, and mounted
 * like other dependencies where they aren't. */
static void
mount_installed (KelvinCodeScan *self)
{
  g_autoptr (GHashTable) installed = kelvin_installed_packages (self->dir);

  for (guint i = 0; i < self->entries->len; i++)
    {
      KelvinCodeEntry *entry = g_ptr_array_index (self->entries, i);

      if (entry->kind != KELVIN_CODE_ENTRY_FOLDER ||
          !g_hash_table_contains (installed, entry->path))
        continue;
      entry->kind = KELVIN_CODE_ENTRY_TREE;
      entry->target = g_build_filename (self->dir, entry->path, NULL);
      drop_below (self, i);
    }
}

KelvinCodeScan *
kelvin_code_scan_new (const char *dir, GCancellable *cancellable, GError **error)
{
  g_autoptr (KelvinCodeScan) self = g_new0 (KelvinCodeScan, 1);
  Walk walk = { .scan = self, .cancellable = cancellable };

  self->dir = g_strdup (dir);
  self->started_ns = kelvin_code_stamp_now_ns ();
  self->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_code_entry_free);
  if (!walk_folder (&walk, AT_FDCWD, dir, "", 0, error))
    return NULL;

  g_ptr_array_sort (self->entries, compare_paths);
  if (self->bytes > MOST_BYTES)
    mount_installed (self);
  return check_size (self, error) ? g_steal_pointer (&self) : NULL;
}

void
kelvin_code_scan_free (KelvinCodeScan *self)
{
  g_free (self->dir);
  g_ptr_array_unref (self->entries);
  g_free (self);
}
