#include "launcher/cgroup-roots.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const controllers[CGROUP_MOST_TREES] = { [CGROUP_MEMORY] = "memory",
                                                            [CGROUP_CPU] = "cpu",
                                                            [CGROUP_CPUACCT] = "cpuacct",
                                                            [CGROUP_PIDS] = "pids" };

/* Is @word one of @list, which has commas between? */
static bool
has_word (const char *list, const char *word)
{
  size_t length = strlen (word);

  for (const char *next = list; next != NULL; next = strchr (next, ','))
    {
      next += *next == ',';
      if (strncmp (next, word, length) == 0 && (next[length] == ',' || next[length] == '\0'))
        return true;
    }
  return false;
}

/* A line is "number:controllers:path"; v2's controllers are empty, and NULL here. */
static bool
find_own_group (const char *membership, const char *controller, char *path, size_t capacity)
{
  char line[PATH_MAX + 256];
  bool found = false;
  FILE *file = fopen (membership, "re");

  while (file != NULL && !found && fgets (line, sizeof line, file) != NULL)
    {
      char *list = strchr (line, ':');
      char *group = list != NULL ? strchr (list + 1, ':') : NULL;
      if (group == NULL)
        continue;
      *group = '\0';
      group[1 + strcspn (group + 1, "\n")] = '\0';
      found = controller == NULL ? list[1] == '\0' : has_word (list + 1, controller);
      if (found)
        snprintf (path, capacity, "%s", group + 1);
    }
  if (file != NULL)
    fclose (file);
  return found;
}

/* @shown: the group that is at the top of the mount. A group outside of it is out of sight: then
 * the top is the place. */
static void
join_path (char *out, const char *point, const char *shown, const char *group)
{
  size_t length = strcmp (shown, "/") == 0 ? 0 : strlen (shown);
  bool is_below = strncmp (group, shown, length) == 0 &&
                  (group[length] == '/' || group[length] == '\0') && strstr (group, "/..") == NULL;
  const char *rest = is_below && strcmp (group + length, "/") != 0 ? group + length : "";

  if (snprintf (out, PATH_MAX, "%s%s", point, rest) >= PATH_MAX)
    out[0] = '\0';
}

static void
add_v1 (CgroupRoots *self, const char *membership, const char *point, const char *shown,
        const char *options)
{
  char group[PATH_MAX];

  for (int i = 0; i < CGROUP_MOST_TREES; i++)
    if (has_word (options, controllers[i]) &&
        find_own_group (membership, controllers[i], group, sizeof group))
      join_path (self->v1[i], point, shown, group);
}

static void
add_v2 (CgroupRoots *self, const char *membership, const char *point, const char *shown)
{
  char group[PATH_MAX];

  if (!find_own_group (membership, NULL, group, sizeof group))
    return;
  join_path (self->v2, point, shown, group);
  snprintf (self->v2_top, sizeof self->v2_top, "%s", point);
}

/* proc_pid_mountinfo(5). A path with a space in it is no place where control groups are. */
static void
add_mount (CgroupRoots *self, const char *membership, const char *line)
{
  char shown[PATH_MAX], point[PATH_MAX], type[16], options[256];
  const char *end = strstr (line, " - ");

  if (end == NULL || sscanf (line, "%*s %*s %*s %4095s %4095s", shown, point) != 2 ||
      sscanf (end, " - %15s %*s %255s", type, options) != 2)
    return;
  if (strcmp (type, "cgroup") == 0)
    add_v1 (self, membership, point, shown, options);
  else if (strcmp (type, "cgroup2") == 0)
    add_v2 (self, membership, point, shown);
}

void
cgroup_roots_find (CgroupRoots *self, const char *mountinfo, const char *membership)
{
  char *line = NULL;
  size_t capacity = 0;
  FILE *file = fopen (mountinfo, "re");

  *self = (CgroupRoots){ 0 };
  if (file == NULL)
    return;
  while (getline (&line, &capacity, file) >= 0)
    add_mount (self, membership, line);
  free (line);
  fclose (file);
}
