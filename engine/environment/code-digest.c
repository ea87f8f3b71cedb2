#include "engine/environment/code-digest.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "engine/environment/code-store.h"
#include "engine/fd.h"

#define BUFFER_BYTES 65536

static gboolean
set_file_error (GError **error, const char *path, const char *what, int saved_errno)
{
  if (saved_errno == ENOENT || saved_errno == ELOOP)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_BUSY, "%s changed meanwhile", path);
  else
    g_set_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED,
                 "%s: cannot be %s: %s", path, what, g_strerror (saved_errno));
  return FALSE;
}

/* Before and after reading: what was read is what the entry's stamp stands for. */
static gboolean
check_stamp (int fd, const KelvinCodeEntry *entry, const char *path, GError **error)
{
  struct stat info;
  if (fstat (fd, &info) != 0)
    return set_file_error (error, path, "read", errno);

  KelvinCodeStamp stamp = kelvin_code_stamp_of (&info);
  if (S_ISREG (info.st_mode) && kelvin_code_stamp_equal (&stamp, &entry->stamp))
    return TRUE;

  return set_file_error (error, path, "read", ENOENT);
}

static gboolean
write_copy (int copy, const char *data, gsize length, const char *path, GError **error)
{
  while (copy >= 0 && length > 0)
    {
      gssize n = write (copy, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_file_error (error, path, "copied to the data folder", errno);
      data += n;
      length -= (gsize) n;
    }

  return TRUE;
}

static gboolean
read_through (int fd, int copy, GChecksum *checksum, const char *path, GCancellable *cancellable,
              GError **error)
{
  g_autofree char *buffer = g_malloc (BUFFER_BYTES);

  while (!g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      gssize n = read (fd, buffer, BUFFER_BYTES);

      if (n == 0)
        return TRUE;
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return set_file_error (error, path, "read", errno);
      g_checksum_update (checksum, (const guchar *) buffer, n);
      if (!write_copy (copy, buffer, (gsize) n, path, error))
        return FALSE;
    }

  return FALSE;
}

gboolean
kelvin_code_digest_file (const KelvinCodeScan *scan, const KelvinCodeEntry *entry, int copy,
                         GCancellable *cancellable, guint8 out_digest[KELVIN_CODE_DIGEST_BYTES],
                         GError **error)
{
  g_autofree char *path = g_build_filename (scan->dir, entry->path, NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = KELVIN_CODE_DIGEST_BYTES;

  g_auto (KelvinFd) fd = open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    return set_file_error (error, path, "read", errno);
  if (!check_stamp (fd, entry, path, error) ||
      !read_through (fd, copy, checksum, path, cancellable, error) ||
      !check_stamp (fd, entry, path, error))
    return FALSE;

  g_checksum_get_digest (checksum, out_digest, &length);
  return TRUE;
}

gboolean
kelvin_code_digest_files (KelvinCodeScan *scan, GCancellable *cancellable, GError **error)
{
  for (guint i = 0; i < scan->entries->len; i++)
    {
      KelvinCodeEntry *entry = g_ptr_array_index (scan->entries, i);

      if (entry->kind != KELVIN_CODE_ENTRY_FILE || entry->has_digest)
        continue;
      if (!kelvin_code_digest_file (scan, entry, -1, cancellable, entry->digest, error))
        return FALSE;
      entry->has_digest = TRUE;
    }

  return TRUE;
}

static void
add_entry (GChecksum *checksum, const KelvinCodeEntry *entry)
{
  /* in a copy, a tree is an empty folder: manifests tell what is in it */
  guchar type = entry->kind == KELVIN_CODE_ENTRY_TREE ? KELVIN_CODE_ENTRY_FOLDER : entry->kind;
  guchar kind[2] = { type, entry->executable ? 'x' : '-' };

  /* final NULs keep neighbours apart: "ab", "c" isn't "a", "bc" */
  g_checksum_update (checksum, kind, sizeof kind);
  g_checksum_update (checksum, (const guchar *) entry->path, (gssize) strlen (entry->path) + 1);
  if (entry->kind == KELVIN_CODE_ENTRY_FILE)
    g_checksum_update (checksum, entry->digest, sizeof entry->digest);
  else if (entry->kind == KELVIN_CODE_ENTRY_LINK)
    g_checksum_update (checksum, (const guchar *) entry->target,
                       (gssize) strlen (entry->target) + 1);
}

char *
kelvin_code_digest_hash (const KelvinCodeScan *scan)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  for (guint i = 0; i < scan->entries->len; i++)
    add_entry (checksum, g_ptr_array_index (scan->entries, i));

  return g_strdup (g_checksum_get_string (checksum));
}
