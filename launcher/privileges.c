#include "launcher/privileges.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

int
privileges_drop (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[2] = { 0 };
  unsigned long capability = 0;

  /* The kernel says EINVAL beyond the last one that it knows. */
  while (prctl (PR_CAPBSET_DROP, capability, 0, 0, 0) == 0)
    capability++;
  if (errno != EINVAL || capability == 0)
    return -1;

  if (prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
    return -1;
  if (syscall (SYS_capset, &header, none) != 0)
    return -1;
  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

int
privileges_give_up (void)
{
  struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
  struct __user_cap_data_struct none[2] = { 0 };

  for (unsigned long capability = 0; prctl (PR_CAPBSET_DROP, capability, 0, 0, 0) == 0;)
    capability++;
  prctl (PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  if (syscall (SYS_capset, &header, none) != 0)
    return -1;
  return prctl (PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
