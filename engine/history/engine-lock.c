#include "engine/history/engine-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

#include "engine/history/data-folder.h"
#include "engine/history/store.h"

struct _KelvinEngineLock {
  char *path;
  KelvinFd fd;
};

#define LOCK_SUFFIX ".lock"
#define GUARD_RETRY_US (10 * 1000)
#define GUARD_RETRIES 1500 /* 15 s: as long as the database waits for another program */

static char *
get_folder (const char *data_dir)
{
  return g_build_filename (data_dir, "engines", NULL);
}

static char *
get_lock_path (const char *data_dir, const char *engine_id)
{
  g_autofree char *name = g_strconcat (engine_id, LOCK_SUFFIX, NULL);

  return g_build_filename (data_dir, "engines", name, NULL);
}

static gboolean
lock_patiently (int fd)
{
  for (guint i = 0; i < GUARD_RETRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK && errno != EINTR)
        return FALSE;
      g_usleep (GUARD_RETRY_US);
    }
  errno = EWOULDBLOCK;
  return FALSE;
}

gboolean
kelvin_engine_lock_guard (const char *data_dir, KelvinFd *out_guard, GError **error)
{
  g_autofree char *folder = get_folder (data_dir);
  g_auto (KelvinFd) fd = -1;

  if (!kelvin_data_folder_make (folder, error))
    return FALSE;

  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || !lock_patiently (fd))
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FOLDER, "%s can't be locked: %s",
                   folder,
                   errno == EWOULDBLOCK ? "another Kelvin is opening it and doesn't come to an end"
                                        : g_strerror (errno));
      return FALSE;
    }
  *out_guard = kelvin_fd_steal (&fd);
  return TRUE;
}

KelvinEngineLock *
kelvin_engine_lock_take (const char *data_dir, const char *engine_id, GError **error)
{
  g_autofree char *path = get_lock_path (data_dir, engine_id);
  g_auto (KelvinFd) fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  KelvinEngineLock *self;

  if (fd < 0 || flock (fd, LOCK_EX | LOCK_NB) < 0)
    {
      int saved_errno = errno;
      g_set_error (error, KELVIN_STORE_ERROR,
                   saved_errno == ENOSPC || saved_errno == EDQUOT ? KELVIN_STORE_ERROR_FULL
                                                                  : KELVIN_STORE_ERROR_FOLDER,
                   "%s can't be made and locked: %s", path, g_strerror (saved_errno));
      return NULL;
    }

  self = g_new0 (KelvinEngineLock, 1);
  self->path = g_steal_pointer (&path);
  self->fd = kelvin_fd_steal (&fd);
  return self;
}

void
kelvin_engine_lock_free (KelvinEngineLock *self)
{
  unlink (self->path);
  kelvin_fd_clear (&self->fd);
  g_free (self->path);
  g_free (self);
}

/* A file that can't be opened for another reason than its absence counts as held: nobody's work is
 * called interrupted on a guess. */
static gboolean
is_held (const char *path)
{
  g_auto (KelvinFd) fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

  if (fd < 0)
    return errno != ENOENT;
  return flock (fd, LOCK_EX | LOCK_NB) < 0;
}

gboolean
kelvin_engine_lock_is_held (const char *data_dir, const char *engine_id)
{
  g_autofree char *path = get_lock_path (data_dir, engine_id);

  return is_held (path);
}

void
kelvin_engine_lock_sweep (const char *data_dir)
{
  g_autofree char *folder = get_folder (data_dir);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_str_has_suffix (name, LOCK_SUFFIX) && !is_held (path))
        unlink (path);
    }
}
