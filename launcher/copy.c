#include "launcher/copy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/descriptor.h"

static int copy_entries (int from, int to);

static int
copy_bytes (int from, int to)
{
  char bytes[64 * 1024];
  ssize_t size = 0;

  while ((size = read (from, bytes, sizeof bytes)) > 0)
    if (write (to, bytes, (size_t) size) != size)
      return -1;
  return (int) size;
}

/* On many file systems a copy shares its blocks with what it is of. */
static int
copy_content (int from, int to)
{
  ssize_t size = 0;

  do
    size = copy_file_range (from, NULL, to, NULL, INT_MAX, 0);
  while (size > 0);
  if (size == 0)
    return 0;
  return lseek (from, 0, SEEK_SET) == 0 && lseek (to, 0, SEEK_SET) == 0 ? copy_bytes (from, to)
                                                                        : -1;
}

static int
copy_file (int from, int to, const char *name, mode_t mode)
{
  AUTO_CLOSE int source = openat (from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  AUTO_CLOSE int target = openat (to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode & 0555);

  return source >= 0 && target >= 0 ? copy_content (source, target) : -1;
}

static int
copy_link (int from, int to, const char *name)
{
  char text[PATH_MAX];
  ssize_t size = readlinkat (from, name, text, sizeof text - 1);

  if (size < 0)
    return -1;
  text[size] = '\0';
  return symlinkat (text, to, name);
}

static int
copy_below (int from, int to, const char *name)
{
  AUTO_CLOSE int source = openat (from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

  if (source < 0 || mkdirat (to, name, 0755) != 0)
    return -1;
  AUTO_CLOSE int target = openat (to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return target < 0 ? -1 : copy_entries (source, target);
}

static int
copy_entry (int from, int to, const char *name)
{
  struct stat status;

  if (fstatat (from, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
    return -1;
  if (S_ISDIR (status.st_mode))
    return copy_below (from, to, name);
  if (S_ISREG (status.st_mode))
    return copy_file (from, to, name, status.st_mode);
  return S_ISLNK (status.st_mode) ? copy_link (from, to, name) : 0;
}

static int
copy_entries (int from, int to)
{
  int status = 0;
  int fd = openat (from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir (fd);

  if (folder == NULL)
    {
      descriptor_clear (&fd);
      return -1;
    }
  for (const struct dirent *entry = readdir (folder); entry != NULL && status == 0;
       entry = readdir (folder))
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      status = copy_entry (from, to, entry->d_name);
  int error = errno;
  closedir (folder);
  errno = error;
  return status;
}

int
copy_folder (const char *source, const char *target)
{
  AUTO_CLOSE int from = open (source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (from < 0 || mkdir (target, 0755) != 0)
    return -1;
  AUTO_CLOSE int to = open (target, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  return to < 0 ? -1 : copy_entries (from, to);
}
