#include "engine/history/data-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "engine/fd.h"
#include "engine/history/store.h"

static gboolean
set_folder_error (GError **error, const char *path, const char *what)
{
  int saved_errno = errno;
  KelvinStoreError code = saved_errno == ENOSPC || saved_errno == EDQUOT
                              ? KELVIN_STORE_ERROR_FULL
                              : KELVIN_STORE_ERROR_FOLDER;

  g_set_error (error, KELVIN_STORE_ERROR, code,
               "%s can't be %s: %s; make it writable or name another folder with "
               "--data-dir",
               path, what, g_strerror (saved_errno));
  return FALSE;
}

/* What isn't the person's own (a shared /tmp, say) keeps its mode: the files in it are private
 * anyway. */
static gboolean
is_to_narrow (const struct stat *found, mode_t wanted)
{
  return (found->st_mode & 07777) != wanted && found->st_uid == geteuid () &&
         (found->st_mode & S_ISVTX) == 0;
}

gboolean
kelvin_data_folder_make (const char *path, GError **error)
{
  g_auto (KelvinFd) fd = -1;
  struct stat found;

  if (g_mkdir_with_parents (path, 0700) < 0)
    return set_folder_error (error, path, "made");

  fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &found) < 0)
    return set_folder_error (error, path, "opened");
  if (is_to_narrow (&found, 0700) && fchmod (fd, 0700) < 0)
    return set_folder_error (error, path, "made private");
  return TRUE;
}

/* By name: opening and closing one of SQLite's files would end the locks that this process holds on
 * it. */
static gboolean
narrow_if_there (const char *path, GError **error)
{
  struct stat found;

  if (lstat (path, &found) < 0)
    return errno == ENOENT ? TRUE : set_folder_error (error, path, "examined");
  if (S_ISREG (found.st_mode) && is_to_narrow (&found, 0600) && chmod (path, 0600) < 0)
    return set_folder_error (error, path, "made private");
  return TRUE;
}

/* SQLite gives -wal and -shm the mode of the database, but would make that with the umask's. */
static gboolean
make_database_file (const char *path, GError **error)
{
  g_auto (KelvinFd) fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

  if (fd < 0)
    return errno == EEXIST ? TRUE : set_folder_error (error, path, "made");
  if (fchmod (fd, 0600) < 0)
    return set_folder_error (error, path, "made private");
  return TRUE;
}

char *
kelvin_data_folder_prepare (const char *path, GError **error)
{
  g_autofree char *database = g_build_filename (path, "history.db", NULL);
  g_autofree char *wal = g_strconcat (database, "-wal", NULL);
  g_autofree char *shm = g_strconcat (database, "-shm", NULL);

  if (!kelvin_data_folder_make (path, error) || !make_database_file (database, error))
    return NULL;
  if (!narrow_if_there (database, error) || !narrow_if_there (wal, error) ||
      !narrow_if_there (shm, error))
    return NULL;
  return g_steal_pointer (&database);
}
