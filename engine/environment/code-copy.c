#include "engine/environment/code-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/environment/code-digest.h"
#include "engine/environment/code-store.h"
#include "engine/fd.h"

static gboolean
set_write_error (GError **error, const char *path, int saved_errno)
{
  g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
               "%s: cannot be written: %s", path, g_strerror (saved_errno));
  return FALSE;
}

static gboolean
make_folder (const char *path, GError **error)
{
  /* the mode apart: a umask may have taken the others' bits off */
  if (mkdir (path, 0755) != 0 || chmod (path, 0755) != 0)
    return set_write_error (error, path, errno);

  return TRUE;
}

static gboolean
copy_file (const KelvinCodeScan *scan, const KelvinCodeEntry *entry, const char *path,
           GCancellable *cancellable, GError **error)
{
  mode_t mode = entry->executable ? 0755 : 0644;
  guint8 digest[KELVIN_CODE_DIGEST_BYTES];

  g_auto (KelvinFd) fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0 || fchmod (fd, mode) != 0)
    return set_write_error (error, path, errno);
  if (!kelvin_code_digest_file (scan, entry, fd, cancellable, digest, error))
    return FALSE;
  if (memcmp (digest, entry->digest, sizeof digest) != 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s/%s changed meanwhile", scan->dir,
                   entry->path);
      return FALSE;
    }

  return TRUE;
}

static gboolean
copy_entry (const KelvinCodeScan *scan, const KelvinCodeEntry *entry, const char *folder,
            GCancellable *cancellable, GError **error)
{
  g_autofree char *path = g_build_filename (folder, entry->path, NULL);

  switch (entry->kind)
    {
    case KELVIN_CODE_ENTRY_FOLDER:
    case KELVIN_CODE_ENTRY_TREE:
      return make_folder (path, error);
    case KELVIN_CODE_ENTRY_LINK:
      return symlink (entry->target, path) == 0 || set_write_error (error, path, errno);
    case KELVIN_CODE_ENTRY_FILE:
      return copy_file (scan, entry, path, cancellable, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

static gboolean
copy_entries (const KelvinCodeScan *scan, const char *folder, GCancellable *cancellable,
              GError **error)
{
  if (chmod (folder, 0755) != 0)
    return set_write_error (error, folder, errno);
  for (guint i = 0; i < scan->entries->len; i++)
    {
      if (!copy_entry (scan, g_ptr_array_index (scan->entries, i), folder, cancellable, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
kelvin_code_copy (const KelvinCodeScan *scan, const char *target, GCancellable *cancellable,
                  GError **error)
{
  g_autofree char *folder = g_path_get_dirname (target);
  g_autofree char *temporary = g_build_filename (folder, ".new-XXXXXX", NULL);
  if (g_mkdtemp (temporary) == NULL)
    return set_write_error (error, temporary, errno);

  gboolean copied = copy_entries (scan, temporary, cancellable, error);
  if (copied && rename (temporary, target) == 0)
    return TRUE;

  /* another process was faster: its copy has the same content */
  if (copied && errno != EEXIST && errno != ENOTEMPTY)
    copied = set_write_error (error, target, errno);
  kelvin_code_remove_folder (temporary);
  return copied;
}

void
kelvin_code_remove_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (unlink (child) != 0 && (errno == EISDIR || errno == EPERM))
        kelvin_code_remove_folder (child);
    }
  rmdir (path);
}
