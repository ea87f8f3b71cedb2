#include "launcher/cgroup-name.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* Field 22 of /proc/PID/stat, in clock ticks since the machine's start; 0 if there is no such
 * process, or one that ended and only waits to be reaped. The name in brackets may hold anything.
 */
static unsigned long long
start_time (long pid)
{
  char path[48], text[1024];

  snprintf (path, sizeof path, "/proc/%ld/stat", pid);
  AUTO_CLOSE int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t size = fd < 0 ? -1 : read (fd, text, sizeof text - 1);
  if (size <= 0)
    return 0;
  text[size] = '\0';

  const char *field = strrchr (text, ')');
  if (field != NULL && (strncmp (field, ") Z", 3) == 0 || strncmp (field, ") X", 3) == 0))
    return 0;
  for (int number = 2; field != NULL && number < 22; number++)
    {
      field = strchr (field, ' ');
      field += field != NULL;
    }
  return field != NULL ? strtoull (field, NULL, 10) : 0;
}

void
cgroup_name_make (char *name, size_t capacity)
{
  snprintf (name, capacity, "kelvin-%ld-%llu", (long) getpid (), start_time (getpid ()));
}

bool
cgroup_name_is_of_dead (const char *name)
{
  long pid = 0;
  unsigned long long started = 0;
  char end = '\0';

  if (sscanf (name, "kelvin-%ld-%llu%c", &pid, &started, &end) != 2)
    return false;
  return start_time (pid) != started;
}
