#include "launcher/filter.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

/* What filter-make.c wrote when this was built. */
static const struct sock_filter instructions[] = {
#include "launcher/filter-instructions.h"
};

int
filter_install (void)
{
  struct sock_fprog program = { .len = sizeof instructions / sizeof *instructions,
                                .filter = (struct sock_filter *) instructions };

  return (int) syscall (SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
