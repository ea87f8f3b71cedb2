#include "engine/environment/tree-manifest.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "engine/environment/boot-cache.h"
#include "engine/environment/code-entry.h"
#include "engine/environment/code-store.h"
#include "engine/fd.h"

/* the hash, and of each folder: path, stamp (size, mtime, ctime, inode) */
#define CACHE_TYPE "(sa(aytxxt))"
#define DEEPEST 200

G_DEFINE_AUTOPTR_CLEANUP_FUNC (DIR, closedir)

typedef struct {
  const char *root;
  gint64 started_ns;
  gboolean settled; /* no folder is so new that it might change unseen */
  GChecksum *checksum;
  GVariantBuilder folders;
  GCancellable *cancellable;
} Walk;

static gboolean walk_folder (Walk *walk, int parent, const char *name, const char *path,
                             guint depth, GError **error);

static gboolean
stamp_is_kept (const char *root, const char *path, const KelvinCodeStamp *kept)
{
  g_autofree char *absolute = g_build_filename (root, *path != '\0' ? path : NULL, NULL);
  struct stat info;
  if (lstat (absolute, &info) != 0)
    return FALSE;

  KelvinCodeStamp stamp = kelvin_code_stamp_of (&info);
  return kelvin_code_stamp_equal (&stamp, kept);
}

static char *
find_kept (const char *root, const char *cache, GCancellable *cancellable)
{
  g_autoptr (GVariant) value = kelvin_boot_cache_load (cache, G_VARIANT_TYPE (CACHE_TYPE));
  if (value == NULL)
    return NULL;

  const char *hash;
  const char *path;
  KelvinCodeStamp kept;
  g_autoptr (GVariantIter) folders = NULL;

  g_variant_get (value, "(&sa(aytxxt))", &hash, &folders);
  if (g_variant_iter_n_children (folders) == 0)
    return NULL;
  while (g_variant_iter_next (folders, "(^&aytxxt)", &path, &kept.size, &kept.mtime_ns,
                              &kept.ctime_ns, &kept.inode))
    {
      if (g_cancellable_is_cancelled (cancellable) || !stamp_is_kept (root, path, &kept))
        return NULL;
    }

  return g_strdup (hash);
}

static gboolean
set_error (const Walk *walk, const char *path, GError **error)
{
  int saved_errno = errno;

  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
               "%s/%s: cannot be read: %s", walk->root, path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
visit (Walk *walk, int parent, const char *name, const char *path, guint depth, GError **error)
{
  struct stat info;
  /* gone since its folder was listed: the folder's time tells of it next time */
  if (fstatat (parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT || set_error (walk, path, error);
  if (S_ISDIR (info.st_mode))
    return walk_folder (walk, parent, name, path, depth, error);

  gint64 numbers[3] = { info.st_size, kelvin_code_stamp_of (&info).mtime_ns, (gint64) info.st_ino };
  g_checksum_update (walk->checksum, (const guchar *) path, (gssize) strlen (path) + 1);
  g_checksum_update (walk->checksum, (const guchar *) numbers, sizeof numbers);
  return TRUE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  const char *const *left = a;
  const char *const *right = b;

  return strcmp (*left, *right);
}

/* In an order of their own, so that the same tree has the same hash. */
static GPtrArray *
list_names (DIR *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  const struct dirent *child;

  while ((child = readdir (folder)) != NULL)
    {
      if (strcmp (child->d_name, ".") != 0 && strcmp (child->d_name, "..") != 0)
        g_ptr_array_add (names, g_strdup (child->d_name));
    }
  g_ptr_array_sort (names, compare_names);
  return names;
}

static void
note_folder (Walk *walk, const char *path, const struct stat *info)
{
  KelvinCodeStamp stamp = kelvin_code_stamp_of (info);

  if (kelvin_code_stamp_is_too_new (&stamp, walk->started_ns))
    walk->settled = FALSE;
  g_variant_builder_add (&walk->folders, "(^aytxxt)", path, stamp.size, stamp.mtime_ns,
                         stamp.ctime_ns, stamp.inode);
  g_checksum_update (walk->checksum, (const guchar *) path, (gssize) strlen (path) + 1);
}

static gboolean
walk_folder (Walk *walk, int parent, const char *name, const char *path, guint depth,
             GError **error)
{
  struct stat info;

  if (g_cancellable_set_error_if_cancelled (walk->cancellable, error))
    return FALSE;
  if (depth > DEEPEST)
    {
      errno = ELOOP;
      return set_error (walk, path, error);
    }

  g_auto (KelvinFd) fd = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  /* stamped before it is listed, so that a change meanwhile is seen */
  if (fd < 0 || fstat (fd, &info) != 0)
    return set_error (walk, path, error);
  note_folder (walk, path, &info);

  g_autoptr (DIR) folder = fdopendir (fd);
  if (folder == NULL)
    return set_error (walk, path, error);
  kelvin_fd_steal (&fd);

  g_autoptr (GPtrArray) names = list_names (folder);
  for (guint i = 0; i < names->len; i++)
    {
      const char *child = g_ptr_array_index (names, i);
      g_autofree char *child_path =
          *path != '\0' ? g_strconcat (path, "/", child, NULL) : g_strdup (child);

      if (!visit (walk, dirfd (folder), child, child_path, depth + 1, error))
        return FALSE;
    }

  return TRUE;
}

static char *
find_anew (Walk *walk, const char *cache, GError **error)
{
  if (!walk_folder (walk, AT_FDCWD, walk->root, "", 0, error))
    return NULL;

  const char *hash = g_checksum_get_string (walk->checksum);
  if (walk->settled)
    kelvin_boot_cache_save (cache, g_variant_new (CACHE_TYPE, hash, &walk->folders));
  return g_strdup (hash);
}

char *
kelvin_tree_manifest_hash (const char *root, const char *cache, GCancellable *cancellable,
                           GError **error)
{
  g_autofree char *kept = find_kept (root, cache, cancellable);
  if (kept != NULL)
    return g_steal_pointer (&kept);

  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  Walk walk = { .root = root,
                .started_ns = kelvin_code_stamp_now_ns (),
                .settled = TRUE,
                .checksum = checksum,
                .cancellable = cancellable };

  g_variant_builder_init (&walk.folders, G_VARIANT_TYPE ("a(aytxxt)"));
  char *hash = find_anew (&walk, cache, error);
  g_variant_builder_clear (&walk.folders);
  return hash;
}
