#include "launcher/cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/cgroup-name.h"
#include "launcher/descriptor.h"

static void
clear_all (int *fds, int count)
{
  for (int i = 0; i < count; i++)
    descriptor_clear (&fds[i]);
}

static void
set_none (int *fds, int count)
{
  for (int i = 0; i < count; i++)
    fds[i] = -1;
}

int
cgroup_write (int group, const char *name, const char *text)
{
  size_t length = strlen (text);
  AUTO_CLOSE int fd = openat (group, name, O_WRONLY | O_CLOEXEC);

  return fd >= 0 && write (fd, text, length) == (ssize_t) length ? 0 : -1;
}

int
cgroup_write_number (int group, const char *name, uint64_t number)
{
  char text[24];

  snprintf (text, sizeof text, "%llu", (unsigned long long) number);
  return cgroup_write (group, name, text);
}

/* --- what others left behind --- */

/* Groups hold groups and files of the kernel, which go with them. */
static void
remove_with_children (int root, const char *name)
{
  int fd = openat (root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir (fd);

  if (folder == NULL)
    {
      descriptor_clear (&fd);
      return;
    }
  for (const struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
      unlinkat (fd, entry->d_name, AT_REMOVEDIR);
  closedir (folder);
  unlinkat (root, name, AT_REMOVEDIR);
}

static void
remove_leftovers (int root)
{
  int fd = openat (root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd < 0 ? NULL : fdopendir (fd);

  if (folder == NULL)
    {
      descriptor_clear (&fd);
      return;
    }
  for (const struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    if (cgroup_name_is_of_dead (entry->d_name))
      remove_with_children (root, entry->d_name);
  closedir (folder);
}

/* --- the launcher's own groups --- */

/* Controllers that share a hierarchy share the group, which exists then. */
static int
make_group (int parent, const char *name)
{
  if (mkdirat (parent, name, 0755) != 0 && errno != EEXIST)
    return -1;
  return openat (parent, name, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void
unmake (Cgroups *self)
{
  for (int i = 0; i < CGROUP_MOST_TREES; i++)
    if (self->roots[i] >= 0)
      unlinkat (self->roots[i], self->name, AT_REMOVEDIR);
  clear_all (self->roots, CGROUP_MOST_TREES);
  clear_all (self->groups, CGROUP_MOST_TREES);
}

static bool
make_own (Cgroups *self, int tree, const char *root)
{
  if (root[0] == '\0')
    return false;
  self->roots[tree] = open (root, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (self->roots[tree] < 0)
    return false;
  self->groups[tree] = make_group (self->roots[tree], self->name);
  return self->groups[tree] >= 0;
}

static bool
use (Cgroups *self, const CgroupVersion *version, const char *const *roots, int n_trees)
{
  bool made = true;

  self->n_trees = n_trees;
  for (int i = 0; i < n_trees && made; i++)
    made = make_own (self, i, roots[i]);
  if (!made || version->prepare (self->groups) != 0)
    {
      unmake (self);
      return false;
    }
  self->version = version;
  for (int i = 0; i < n_trees; i++)
    remove_leftovers (self->roots[i]);
  return true;
}

/* A group that holds processes can't hand controllers down, so often it is one above this process's
 * own in which groups can be made. */
static bool
use_v2 (Cgroups *self, const CgroupRoots *roots)
{
  char path[PATH_MAX];
  size_t shortest = strlen (roots->v2_top);

  memcpy (path, roots->v2, sizeof path);
  while (path[0] != '\0' && strlen (path) >= shortest)
    {
      const char *only = path;
      if (use (self, &cgroup_v2, &only, 1))
        return true;
      *strrchr (path, '/') = '\0';
    }
  return false;
}

void
cgroups_open (Cgroups *self, const CgroupRoots *roots)
{
  const char *v1[CGROUP_MOST_TREES];

  *self = (Cgroups){ 0 };
  set_none (self->roots, CGROUP_MOST_TREES);
  set_none (self->groups, CGROUP_MOST_TREES);
  cgroup_name_make (self->name, sizeof self->name);
  for (int i = 0; i < CGROUP_MOST_TREES; i++)
    v1[i] = roots->v1[i];
  if (!use_v2 (self, roots))
    use (self, &cgroup_v1, v1, CGROUP_MOST_TREES);
}

void
cgroups_close (Cgroups *self)
{
  unmake (self);
  self->version = NULL;
}

KelvinCgroupVersion
cgroups_get_version (const Cgroups *self)
{
  return self->version == NULL ? KELVIN_CGROUP_NONE : self->version->number;
}

/* --- a sandbox's groups --- */

static int
open_join (const Cgroups *self, const int *groups, Cgroup *group)
{
  for (int i = 0; i < self->n_trees; i++)
    {
      group->join[i] = openat (groups[i], self->version->join, O_WRONLY | O_CLOEXEC);
      if (group->join[i] < 0)
        return -1;
      group->n_join++;
    }
  return 0;
}

/* Which of them a kernel has depends on how it was built; without one the engine does without. */
static int
open_controls (const CgroupVersion *version, const int *groups, Cgroup *group)
{
  for (int i = 0; i < KELVIN_N_CONTROLS; i++)
    if (version->controls[i].name != NULL)
      {
        group->controls[i] = openat (groups[version->controls[i].tree], version->controls[i].name,
                                     version->controls[i].flags | O_CLOEXEC);
        if (group->controls[i] < 0 && errno != ENOENT)
          return -1;
      }
  return 0;
}

static int
fill (const Cgroups *self, const char *name, const CgroupLimits *limits, int *groups, Cgroup *group)
{
  for (int i = 0; i < self->n_trees; i++)
    {
      groups[i] = make_group (self->groups[i], name);
      if (groups[i] < 0)
        return -1;
    }
  if (self->version->limit (groups, limits) != 0 || open_join (self, groups, group) != 0)
    return -1;
  return open_controls (self->version, groups, group);
}

int
cgroups_make (const Cgroups *self, uint64_t id, const CgroupLimits *limits, Cgroup *out_group)
{
  int groups[CGROUP_MOST_TREES];
  char name[24];

  out_group->n_join = 0;
  set_none (out_group->join, CGROUP_MOST_TREES);
  set_none (out_group->controls, KELVIN_N_CONTROLS);
  if (self->version == NULL)
    return 0;

  snprintf (name, sizeof name, "%llu", (unsigned long long) id);
  set_none (groups, CGROUP_MOST_TREES);
  int status = fill (self, name, limits, groups, out_group);
  int error = errno;
  clear_all (groups, CGROUP_MOST_TREES);
  if (status == 0)
    return 0;

  cgroup_clear (out_group);
  cgroups_remove (self, id);
  errno = error;
  return -1;
}

bool
cgroups_remove (const Cgroups *self, uint64_t id)
{
  char name[24];
  bool removed = true;

  snprintf (name, sizeof name, "%llu", (unsigned long long) id);
  for (int i = 0; self->version != NULL && i < self->n_trees; i++)
    if (unlinkat (self->groups[i], name, AT_REMOVEDIR) != 0 && errno == EBUSY)
      removed = false;
  return removed;
}

void
cgroup_clear (Cgroup *group)
{
  clear_all (group->join, CGROUP_MOST_TREES);
  clear_all (group->controls, KELVIN_N_CONTROLS);
  group->n_join = 0;
}
