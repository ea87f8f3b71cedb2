#include "launcher/sources.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* Private, or a mount made in the sandbox could come to stand on the host's. */
static const struct mount_attr as_folder = {
  .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV, .propagation = MS_PRIVATE
};
static const struct mount_attr as_device = {
  .attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, .propagation = MS_PRIVATE
};

int
source_open (const char *path, bool is_device)
{
  struct mount_attr attributes = is_device ? as_device : as_folder;
  AUTO_CLOSE int fd =
      open_tree (AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

  if (fd < 0)
    return -1;
  if (mount_setattr (fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attributes, sizeof attributes) != 0)
    return -1;
  return descriptor_steal (&fd);
}

bool
sources_can_open (void)
{
  AUTO_CLOSE int fd = source_open ("/usr", false);

  return fd >= 0;
}

int
sources_open (Request *request, uint32_t *out_index)
{
  for (uint32_t i = 0; i < request->n_operations; i++)
    {
      Operation *operation = &request->operations[i];
      if (operation->kind != KELVIN_OPERATION_BIND)
        continue;

      operation->source_fd =
          source_open (operation->source, (operation->flags & KELVIN_BIND_DEVICE) != 0);
      if (operation->source_fd < 0)
        {
          *out_index = i;
          return -1;
        }
    }
  return 0;
}

void
sources_close (Request *request)
{
  int error = errno;

  for (uint32_t i = 0; i < request->n_operations; i++)
    descriptor_clear (&request->operations[i].source_fd);
  errno = error;
}
