#include "launcher/operations.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/copy.h"
#include "launcher/network.h"
#include "launcher/sources.h"
#include "launcher/tasks.h"

/* Where masks come from: a folder of the new root that stays empty. */
#define EMPTY_FOLDER "/var/empty"

typedef int (*Apply) (Operation *operation, Listeners *listeners);

static int
make_folder (const char *path, mode_t mode)
{
  return mkdir (path, mode) == 0 || errno == EEXIST ? 0 : -1;
}

static int
make_folders_above (const char *path)
{
  char part[PATH_MAX];
  size_t length = strlen (path);

  if (length >= sizeof part)
    {
      errno = ENAMETOOLONG;
      return -1;
    }
  memcpy (part, path, length + 1);
  for (char *slash = strchr (part + 1, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    {
      *slash = '\0';
      if (make_folder (part, 0755) != 0)
        return -1;
      *slash = '/';
    }
  return 0;
}

static int
make_file (const char *path, mode_t mode, const char *text)
{
  size_t length = strlen (text);
  AUTO_CLOSE int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);

  if (fd < 0)
    return -1;
  return write (fd, text, length) == (ssize_t) length ? 0 : -1;
}

/* A mount stands on something of its own kind: a folder on a folder, a file on a file. */
static int
make_mount_point (int source_fd, const char *target)
{
  struct stat source;

  if (fstat (source_fd, &source) != 0 || make_folders_above (target) != 0)
    return -1;
  return S_ISDIR (source.st_mode) ? make_folder (target, 0755) : make_file (target, 0444, "");
}

static int
attach (int source_fd, const char *target)
{
  if (move_mount (source_fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0)
    return 0;
  if (errno != ENOENT || make_mount_point (source_fd, target) != 0)
    return -1;
  return move_mount (source_fd, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
}

/* Any folder will do to put the new root on, since the host's goes out of sight; /usr is always
 * there. */
static int
apply_root (Operation *operation, Listeners *listeners)
{
  if (mount ("kelvin", "/usr", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755") != 0)
    return -1;
  return chdir ("/usr");
}

static int
apply_proc (Operation *operation, Listeners *listeners)
{
  if (make_folder ("proc", 0555) != 0)
    return -1;
  return mount ("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
}

static int
apply_pivot (Operation *operation, Listeners *listeners)
{
  /* The old root comes to stand on the new one, whence it is taken off. */
  if (syscall (SYS_pivot_root, ".", ".") != 0 || umount2 (".", MNT_DETACH) != 0)
    return -1;
  return chdir ("/");
}

static int
apply_folder (Operation *operation, Listeners *listeners)
{
  if (make_folders_above (operation->target) != 0)
    return -1;
  return make_folder (operation->target, operation->mode);
}

static int
apply_link (Operation *operation, Listeners *listeners)
{
  if (make_folders_above (operation->target) != 0)
    return -1;
  if (symlink (operation->source, operation->target) == 0)
    return 0;
  /* Where a mount would stand on an empty folder a link takes its place. */
  if (errno != EEXIST || rmdir (operation->target) != 0)
    return -1;
  return symlink (operation->source, operation->target);
}

static int
apply_file (Operation *operation, Listeners *listeners)
{
  if (make_folders_above (operation->target) != 0)
    return -1;
  return make_file (operation->target, operation->mode, operation->source);
}

static int
apply_bind (Operation *operation, Listeners *listeners)
{
  AUTO_CLOSE int fd = descriptor_steal (&operation->source_fd);

  return attach (fd, operation->target);
}

static int
apply_mask (Operation *operation, Listeners *listeners)
{
  if (make_folders_above (EMPTY_FOLDER) != 0 || make_folder (EMPTY_FOLDER, 0555) != 0)
    return -1;

  AUTO_CLOSE int fd = source_open (EMPTY_FOLDER, false);
  return fd < 0 ? -1 : attach (fd, operation->target);
}

static int
apply_memory (Operation *operation, Listeners *listeners)
{
  char options[96];

  if (make_folders_above (operation->target) != 0 || make_folder (operation->target, 0755) != 0)
    return -1;
  snprintf (options, sizeof options, "size=%um,nr_inodes=%llu,mode=%o", operation->number,
            (unsigned long long) operation->value, operation->mode);
  return mount ("kelvin", operation->target, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

static int
apply_seal (Operation *operation, Listeners *listeners)
{
  struct mount_attr attributes = { .attr_set =
                                       MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV };

  return mount_setattr (AT_FDCWD, operation->target, 0, &attributes, sizeof attributes);
}

static int
apply_write (Operation *operation, Listeners *listeners)
{
  size_t length = strlen (operation->source);
  AUTO_CLOSE int fd = open (operation->target, O_WRONLY | O_CLOEXEC);

  if (fd < 0)
    return -1;
  return write (fd, operation->source, length) == (ssize_t) length ? 0 : -1;
}

static int
apply_hostname (Operation *operation, Listeners *listeners)
{
  return sethostname (operation->source, strlen (operation->source));
}

static int
apply_loopback (Operation *operation, Listeners *listeners)
{
  return network_switch_on_loopback ();
}

static int
apply_network (Operation *operation, Listeners *listeners)
{
  return network_await (operation->source, operation->number);
}

static int
apply_listen (Operation *operation, Listeners *listeners)
{
  bool datagram = (operation->flags & KELVIN_LISTEN_DATAGRAM) != 0;
  int fd = network_listen (operation->source, (uint16_t) operation->number, datagram);

  if (fd < 0)
    return -1;
  listeners->fds[listeners->count++] = fd;
  return 0;
}

/* Where the limit is lower already, and may not be raised, the lower one holds. */
static int
apply_limit (Operation *operation, Listeners *listeners)
{
  struct rlimit limit = { 0 };
  uint64_t value = operation->value;

  if (getrlimit (operation->number, &limit) != 0)
    return -1;
  if ((operation->flags & KELVIN_LIMIT_ON_TOP) != 0)
    value += tasks_of_user ();
  if (limit.rlim_max > value)
    limit.rlim_max = value;
  limit.rlim_cur = limit.rlim_max;
  return setrlimit (operation->number, &limit);
}

static int
apply_copy (Operation *operation, Listeners *listeners)
{
  if (make_folders_above (operation->target) != 0)
    return -1;
  return copy_folder (operation->source, operation->target);
}

static const Apply apply[KELVIN_N_OPERATIONS] = {
  [KELVIN_OPERATION_ROOT] = apply_root,         [KELVIN_OPERATION_PROC] = apply_proc,
  [KELVIN_OPERATION_PIVOT] = apply_pivot,       [KELVIN_OPERATION_FOLDER] = apply_folder,
  [KELVIN_OPERATION_LINK] = apply_link,         [KELVIN_OPERATION_FILE] = apply_file,
  [KELVIN_OPERATION_BIND] = apply_bind,         [KELVIN_OPERATION_MASK] = apply_mask,
  [KELVIN_OPERATION_MEMORY] = apply_memory,     [KELVIN_OPERATION_SEAL] = apply_seal,
  [KELVIN_OPERATION_WRITE] = apply_write,       [KELVIN_OPERATION_HOSTNAME] = apply_hostname,
  [KELVIN_OPERATION_LOOPBACK] = apply_loopback, [KELVIN_OPERATION_LISTEN] = apply_listen,
  [KELVIN_OPERATION_NETWORK] = apply_network,   [KELVIN_OPERATION_LIMIT] = apply_limit,
  [KELVIN_OPERATION_COPY] = apply_copy,
};

int
operations_apply (Request *request, Listeners *listeners, uint32_t *out_index)
{
  for (uint32_t i = 0; i < request->n_operations; i++)
    {
      Operation *operation = &request->operations[i];
      if (apply[operation->kind](operation, listeners) == 0)
        continue;
      *out_index = i;
      return -1;
    }
  return 0;
}
