#include "launcher/filter.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "launcher/descriptor.h"

/* Far more than the filter takes; the kernel's own bound is 4096. */
#define MOST_INSTRUCTIONS 2048

#define NEW_NAMESPACES                                                                             \
  (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |       \
   CLONE_NEWCGROUP)

/* What no function needs and what reaches deep into the kernel or into other processes' memory.
 * They fail as they do for a process without the right to make them. */
static const int refused[] = {
  /* mounts and namespaces */
  SCMP_SYS (mount),
  SCMP_SYS (umount2),
  SCMP_SYS (umount),
  SCMP_SYS (pivot_root),
  SCMP_SYS (chroot),
  SCMP_SYS (open_tree),
  SCMP_SYS (move_mount),
  SCMP_SYS (fsopen),
  SCMP_SYS (fsconfig),
  SCMP_SYS (fsmount),
  SCMP_SYS (fspick),
  SCMP_SYS (mount_setattr),
  SCMP_SYS (unshare),
  SCMP_SYS (setns),
  SCMP_SYS (quotactl),
  SCMP_SYS (quotactl_fd),
  /* files by handle, past the mounts */
  SCMP_SYS (open_by_handle_at),
  SCMP_SYS (name_to_handle_at),
  /* the kernel's own state */
  SCMP_SYS (init_module),
  SCMP_SYS (finit_module),
  SCMP_SYS (delete_module),
  SCMP_SYS (kexec_load),
  SCMP_SYS (kexec_file_load),
  SCMP_SYS (reboot),
  SCMP_SYS (swapon),
  SCMP_SYS (swapoff),
  SCMP_SYS (acct),
  SCMP_SYS (syslog),
  SCMP_SYS (bpf),
  SCMP_SYS (perf_event_open),
  SCMP_SYS (userfaultfd),
  SCMP_SYS (lookup_dcookie),
  SCMP_SYS (vhangup),
  SCMP_SYS (nfsservctl),
  SCMP_SYS (iopl),
  SCMP_SYS (ioperm),
  SCMP_SYS (fanotify_init),
  /* time, which belongs to the machine */
  SCMP_SYS (settimeofday),
  SCMP_SYS (clock_settime),
  SCMP_SYS (clock_settime64),
  SCMP_SYS (adjtimex),
  SCMP_SYS (clock_adjtime),
  SCMP_SYS (stime),
  /* keys, which aren't kept apart by namespaces */
  SCMP_SYS (add_key),
  SCMP_SYS (request_key),
  SCMP_SYS (keyctl),
  /* other processes' memory and descriptors */
  SCMP_SYS (ptrace),
  SCMP_SYS (process_vm_readv),
  SCMP_SYS (process_vm_writev),
  SCMP_SYS (kcmp),
  SCMP_SYS (pidfd_getfd),
  SCMP_SYS (process_madvise),
  SCMP_SYS (move_pages),
  SCMP_SYS (migrate_pages),
};

/* Libraries fall back where the kernel hasn't got these: clone3 because a filter can't see its
 * flags, io_uring because it makes system calls that no filter sees. */
static const int missing[] = {
  SCMP_SYS (clone3),
  SCMP_SYS (io_uring_setup),
  SCMP_SYS (io_uring_enter),
  SCMP_SYS (io_uring_register),
};

static struct sock_filter instructions[MOST_INSTRUCTIONS];
static struct sock_fprog program = { .filter = instructions };

/* A system call that this architecture hasn't got needs no rule. */
static int
add_rules (scmp_filter_ctx filter, uint32_t action, const int *calls, size_t count)
{
  for (size_t i = 0; i < count; i++)
    {
      int status = seccomp_rule_add (filter, action, calls[i], 0);
      if (status != 0 && status != -EDOM)
        return status;
    }
  return 0;
}

static int
add_all_rules (scmp_filter_ctx filter)
{
  uint32_t refuse = SCMP_ACT_ERRNO (EPERM);
  int status = add_rules (filter, refuse, refused, sizeof refused / sizeof *refused);

  if (status == 0)
    status = add_rules (filter, SCMP_ACT_ERRNO (ENOSYS), missing, sizeof missing / sizeof *missing);
  /* One rule for each flag, since a rule fires only when all bits of its mask match. */
  for (uint64_t flag = 1; status == 0 && flag <= NEW_NAMESPACES; flag <<= 1)
    if ((flag & NEW_NAMESPACES) != 0)
      status = seccomp_rule_add (filter, refuse, SCMP_SYS (clone), 1,
                                 SCMP_A0 (SCMP_CMP_MASKED_EQ, flag, flag));
  /* Typing into a terminal that somebody else reads. */
  if (status == 0)
    status = seccomp_rule_add (filter, refuse, SCMP_SYS (ioctl), 1,
                               SCMP_A1 (SCMP_CMP_MASKED_EQ, UINT32_MAX, TIOCSTI));
  return status;
}

static int
keep_instructions (scmp_filter_ctx filter)
{
  AUTO_CLOSE int fd = memfd_create ("filter", MFD_CLOEXEC);
  int status = fd < 0 ? -errno : seccomp_export_bpf (filter, fd);

  if (status != 0)
    return status;
  ssize_t size = pread (fd, instructions, sizeof instructions, 0);
  if (size <= 0 || size == (ssize_t) sizeof instructions)
    return -E2BIG;
  program.len = (unsigned short) ((size_t) size / sizeof *instructions);
  return 0;
}

int
filter_make (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ALLOW);

  if (filter == NULL)
    {
      errno = ENOMEM;
      return -1;
    }
  /* A call by the table of another architecture would pass by the rules. */
  int status = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  if (status == 0)
    status = add_all_rules (filter);
  if (status == 0)
    status = keep_instructions (filter);
  seccomp_release (filter);
  errno = -status;
  return status == 0 ? 0 : -1;
}

int
filter_install (void)
{
  return (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
