/* A kelvin-launcher that leaves out one mechanism, which $KELVIN_WITHOUT names, so that the tests
 * see an attack succeed without it. It is made of the same objects as the one that is installed;
 * the linker leads some calls of theirs (--wrap) to functions of this file. */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/cgroup.h"
#include "launcher/filter.h"
#include "launcher/identity.h"
#include "launcher/network.h"
#include "launcher/privileges.h"
#include "launcher/request.h"
#include "launcher/usage.h"

long __real_syscall (long number, ...);
long __wrap_syscall (long number, ...);
int __real_mount (const char *source, const char *target, const char *type, unsigned long flags,
                  const void *data);
int __wrap_mount (const char *source, const char *target, const char *type, unsigned long flags,
                  const void *data);
int __real_mount_setattr (int fd, const char *path, unsigned flags, struct mount_attr *attributes,
                          size_t size);
int __wrap_mount_setattr (int fd, const char *path, unsigned flags, struct mount_attr *attributes,
                          size_t size);
bool __real_request_parse (Request *request, char *message, size_t size);
bool __wrap_request_parse (Request *request, char *message, size_t size);
int __real_identity_map (const Identity *identity, pid_t pid, uid_t uid, gid_t gid, uid_t outside);
int __wrap_identity_map (const Identity *identity, pid_t pid, uid_t uid, gid_t gid, uid_t outside);
int __real_identity_assume (const Identity *identity, uid_t uid, gid_t gid);
int __wrap_identity_assume (const Identity *identity, uid_t uid, gid_t gid);
int __real_privileges_drop (void);
int __wrap_privileges_drop (void);
int __real_filter_install (void);
int __wrap_filter_install (void);
int __real_cgroups_make (const Cgroups *self, uint64_t id, const CgroupLimits *limits,
                         Cgroup *out_group);
int __wrap_cgroups_make (const Cgroups *self, uint64_t id, const CgroupLimits *limits,
                         Cgroup *out_group);
int __real_bind (int fd, const struct sockaddr *address, socklen_t size);
int __wrap_bind (int fd, const struct sockaddr *address, socklen_t size);
void __real_usage_read (Usage *usage);
void __wrap_usage_read (Usage *usage);

static int machines_tmp = -1;
static int machines_proc = -1;

static bool
is_without (const char *mechanism)
{
  const char *asked = getenv ("KELVIN_WITHOUT");

  return asked != NULL && strcmp (asked, mechanism) == 0;
}

/* --- namespaces --- */

static uint64_t
find_left_out (void)
{
  static const struct {
    const char *name;
    uint64_t flag;
  } namespaces[] = {
    { "user-namespace", CLONE_NEWUSER },   { "pid-namespace", CLONE_NEWPID },
    { "network-namespace", CLONE_NEWNET }, { "ipc-namespace", CLONE_NEWIPC },
    { "uts-namespace", CLONE_NEWUTS },     { "cgroup-namespace", CLONE_NEWCGROUP },
  };

  for (size_t i = 0; i < sizeof namespaces / sizeof *namespaces; i++)
    if (is_without (namespaces[i].name))
      return namespaces[i].flag;
  return 0;
}

long
__wrap_syscall (long number, ...)
{
  long arguments[6];
  va_list list;

  va_start (list, number);
  for (int i = 0; i < 6; i++)
    arguments[i] = va_arg (list, long);
  va_end (list);
  if (number == SYS_clone3)
    ((struct clone_args *) arguments[0])->flags &= ~find_left_out ();
  return __real_syscall (number, arguments[0], arguments[1], arguments[2], arguments[3],
                         arguments[4], arguments[5]);
}

int
__wrap_identity_map (const Identity *identity, pid_t pid, uid_t uid, gid_t gid, uid_t outside)
{
  return is_without ("user-namespace") ? 0 : __real_identity_map (identity, pid, uid, gid, outside);
}

int
__wrap_identity_assume (const Identity *identity, uid_t uid, gid_t gid)
{
  return is_without ("user-namespace") ? 0 : __real_identity_assume (identity, uid, gid);
}

/* What needs the namespace that isn't there would fail, or change the machine itself. */
static bool
is_left_out (const Operation *operation)
{
  switch (operation->kind)
    {
    case KELVIN_OPERATION_HOSTNAME:
      return is_without ("uts-namespace");
    case KELVIN_OPERATION_LOOPBACK:
    case KELVIN_OPERATION_NETWORK:
      return is_without ("network-namespace");
    case KELVIN_OPERATION_WRITE:
      return is_without ("user-namespace");
    case KELVIN_OPERATION_SEAL:
      return is_without ("sealed-root");
    case KELVIN_OPERATION_LIMIT:
      return (operation->number == RLIMIT_NOFILE && is_without ("open-files")) ||
             (operation->number == RLIMIT_NPROC && is_without ("processes")) ||
             (operation->number == RLIMIT_CORE && is_without ("core-dumps")) ||
             (operation->number == RLIMIT_MEMLOCK && is_without ("locked-memory"));
    case KELVIN_OPERATION_ROOT:
    case KELVIN_OPERATION_PROC:
    case KELVIN_OPERATION_PIVOT:
    case KELVIN_OPERATION_FOLDER:
    case KELVIN_OPERATION_LINK:
    case KELVIN_OPERATION_FILE:
    case KELVIN_OPERATION_BIND:
    case KELVIN_OPERATION_MASK:
    case KELVIN_OPERATION_MEMORY:
    case KELVIN_OPERATION_LISTEN:
    case KELVIN_OPERATION_COPY:
    case KELVIN_N_OPERATIONS:
    default:
      return false;
    }
}

/* What was connected there before may still be on its way out. */
int
__wrap_bind (int fd, const struct sockaddr *address, socklen_t size)
{
  int yes = 1;

  if (is_without ("network-namespace"))
    setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  return __real_bind (fd, address, size);
}

/* In the machine's own network nobody but root has the low ports. */
static void
change (Operation *operation)
{
  if (operation->kind == KELVIN_OPERATION_LISTEN && is_without ("network-namespace") &&
      operation->number < 1024)
    operation->number += 20000;
  if (operation->kind == KELVIN_OPERATION_MEMORY && is_without ("ephemeral-storage"))
    operation->number = 4096;
}

bool
__wrap_request_parse (Request *request, char *message, size_t size)
{
  uint32_t kept = 0;

  if (!__real_request_parse (request, message, size))
    return false;
  for (uint32_t i = 0; i < request->n_operations; i++)
    if (!is_left_out (&request->operations[i]))
      {
        request->operations[kept] = request->operations[i];
        change (&request->operations[kept++]);
      }
  request->n_operations = kept;
  return true;
}

/* --- mounts --- */

static int
take_tree (const char *path)
{
  return open_tree (AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

static int
show (int tree, const char *target)
{
  return move_mount (tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH);
}

int
__wrap_mount (const char *source, const char *target, const char *type, unsigned long flags,
              const void *data)
{
  if (strcmp (target, "/usr") == 0)
    {
      machines_tmp = take_tree ("/tmp");
      machines_proc = take_tree ("/proc");
      /* Its own would come to stand on the machine's. */
      if (is_without ("user-namespace") &&
          __real_mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
        return -1;
    }
  if (strcmp (target, "/tmp") == 0 && is_without ("mount-namespace"))
    return show (machines_tmp, target);
  if (strcmp (target, "proc") == 0 && is_without ("pid-namespace"))
    return show (machines_proc, target);
  return __real_mount (source, target, type, flags, data);
}

int
__wrap_mount_setattr (int fd, const char *path, unsigned flags, struct mount_attr *attributes,
                      size_t size)
{
  struct mount_attr weaker = *attributes;

  if (is_without ("read-only-mounts") && (flags & AT_EMPTY_PATH) != 0)
    weaker.attr_set &= ~(uint64_t) MOUNT_ATTR_RDONLY;
  return __real_mount_setattr (fd, path, flags, &weaker, size);
}

/* --- what a process may do --- */

/* Those too that another user than root loses when it executes a program. */
static int
keep_capabilities (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct own[2] = { 0 };

  if (__real_syscall (SYS_capget, &header, own) != 0)
    return -1;
  for (int i = 0; i < 2; i++)
    own[i].inheritable = own[i].permitted;
  if (__real_syscall (SYS_capset, &header, own) != 0)
    return -1;
  for (unsigned long i = 0; prctl (PR_CAPBSET_READ, i, 0, 0, 0) >= 0; i++)
    prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0);
  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int
__wrap_privileges_drop (void)
{
  return is_without ("capabilities") ? keep_capabilities () : __real_privileges_drop ();
}

int
__wrap_filter_install (void)
{
  return is_without ("filter") ? 0 : __real_filter_install ();
}

/* --- what a process may take --- */

static bool
is_group_left_out (int tree)
{
  return (tree == CGROUP_MEMORY && is_without ("memory")) ||
         (tree == CGROUP_CPU && is_without ("cpu")) ||
         (tree == CGROUP_PIDS && is_without ("processes"));
}

/* The group is there, with its limits, but its processes aren't in it. */
int
__wrap_cgroups_make (const Cgroups *self, uint64_t id, const CgroupLimits *limits,
                     Cgroup *out_group)
{
  int kept = 0;
  int status = __real_cgroups_make (self, id, limits, out_group);

  for (int i = 0; i < out_group->n_join; i++)
    if (is_group_left_out (i))
      close (out_group->join[i]);
    else
      out_group->join[kept++] = out_group->join[i];
  for (int i = kept; i < out_group->n_join; i++)
    out_group->join[i] = -1;
  out_group->n_join = kept;
  return status;
}

void
__wrap_usage_read (Usage *usage)
{
  if (is_without ("memory"))
    *usage = (Usage){ 0 };
  else
    __real_usage_read (usage);
}
