#include "launcher/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* A range that neither distributions, nor subuid tools, nor systemd hand out. Each launcher takes a
 * slice of it by its process id, so that two at once rarely share one. */
#define FIRST_USER 1900000000u
#define SLICE_LENGTH 4096u
#define N_SLICES 1024u

static bool
has_capability (unsigned capability)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct data[2] = { 0 };

  if (syscall (SYS_capget, &header, data) != 0)
    return false;
  return (data[CAP_TO_INDEX (capability)].effective & CAP_TO_MASK (capability)) != 0;
}

/* Inside a container fewer users exist: then the end of the longest range is used, and where there
 * is only one, it isn't root outside, and serves as any ordinary user does. */
static void
fit_into_namespace (Identity *identity)
{
  unsigned long start = 0, outside = 0, length = 0;
  unsigned long longest = 0, end_of_longest = 0;
  FILE *map = fopen ("/proc/self/uid_map", "re");

  if (map == NULL)
    return;
  while (fscanf (map, "%lu %lu %lu", &start, &outside, &length) == 3)
    if (length > longest)
      {
        longest = length;
        end_of_longest = start + length;
      }
  fclose (map);

  identity->own_users = longest > 1;
  if (end_of_longest >= identity->first + (unsigned long) identity->length || longest < 2)
    return;
  identity->length = longest / 2 < SLICE_LENGTH ? (unsigned) (longest / 2) : SLICE_LENGTH;
  identity->first = (uid_t) (end_of_longest - identity->length);
}

void
identity_init (Identity *identity)
{
  *identity = (Identity){ .own_users = geteuid () == 0 && has_capability (CAP_SETUID) &&
                                       has_capability (CAP_SETGID),
                          .length = SLICE_LENGTH };

  identity->first = FIRST_USER + (unsigned) getpid () % N_SLICES * SLICE_LENGTH;
  if (identity->own_users)
    fit_into_namespace (identity);
}

uid_t
identity_take (Identity *identity)
{
  if (!identity->own_users)
    return geteuid ();

  return identity->first + identity->next++ % identity->length;
}

static int
write_file (pid_t pid, const char *name, const char *text)
{
  char path[64];
  size_t length = strlen (text);

  snprintf (path, sizeof path, "/proc/%d/%s", (int) pid, name);
  AUTO_CLOSE int fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0)
    return -1;
  return write (fd, text, length) == (ssize_t) length ? 0 : -1;
}

int
identity_map (const Identity *identity, pid_t pid, uid_t uid, gid_t gid, uid_t outside)
{
  char users[64], groups[64];
  gid_t outside_group = identity->own_users ? (gid_t) outside : getegid ();

  snprintf (users, sizeof users, "%u %u 1\n", uid, outside);
  snprintf (groups, sizeof groups, "%u %u 1\n", gid, outside_group);

  /* The kernel lets an ordinary user map its group only after setgroups is given up. */
  if (!identity->own_users && write_file (pid, "setgroups", "deny") != 0)
    return -1;
  if (write_file (pid, "uid_map", users) != 0)
    return -1;
  return write_file (pid, "gid_map", groups);
}

int
identity_assume (const Identity *identity, uid_t uid, gid_t gid)
{
  /* Of an ordinary user's groups none has a name inside, and they can't be given up. */
  if (identity->own_users && setgroups (0, NULL) != 0)
    return -1;
  if (setresgid (gid, gid, gid) != 0)
    return -1;
  return setresuid (uid, uid, uid);
}
