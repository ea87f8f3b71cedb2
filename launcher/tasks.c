#include "launcher/tasks.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* The folder of a process's threads has two links and one for each. */
static uint64_t
tasks_of (int proc, const char *name)
{
  char path[48];
  struct stat status;

  snprintf (path, sizeof path, "%.20s/task", name);
  if (fstatat (proc, path, &status, 0) != 0 || status.st_uid != getuid () || status.st_nlink < 2)
    return 0;
  return status.st_nlink - 2;
}

uint64_t
tasks_of_user (void)
{
  uint64_t count = 0;
  int proc = open ("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = proc < 0 ? NULL : fdopendir (proc);

  if (folder == NULL)
    {
      descriptor_clear (&proc);
      return 0;
    }
  for (const struct dirent *entry = readdir (folder); entry != NULL; entry = readdir (folder))
    if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
      count += tasks_of (proc, entry->d_name);
  closedir (folder);
  return count;
}
