/* Writes the filter of system calls as C, for filter.c: it is run by the build, since making the
 * filter takes longer than all else that kelvin-launcher does to start. */

#include <errno.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/descriptor.h"
#include "launcher/filter-table.h"

/* Far more than the filter takes; the kernel's own bound is 4096. */
#define MOST_INSTRUCTIONS 2048

#define NEW_NAMESPACES                                                                             \
  (CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |       \
   CLONE_NEWCGROUP)

/* One to each address that a function may have: streams, datagrams, and for the interfaces' list
 * the kernel's own. */
typedef struct {
  int family;
  int type;
  int protocol; /* ANY_PROTOCOL where the kernel knows no other */
} SocketKind;

#define ANY_PROTOCOL -1
#define SOCKET_TYPE_MASK 0xf /* the rest are SOCK_CLOEXEC and SOCK_NONBLOCK */

static const SocketKind socket_kinds[] = {
  { AF_UNIX, SOCK_STREAM, ANY_PROTOCOL },    { AF_UNIX, SOCK_DGRAM, ANY_PROTOCOL },
  { AF_UNIX, SOCK_SEQPACKET, ANY_PROTOCOL }, { AF_INET, SOCK_STREAM, 0 },
  { AF_INET, SOCK_STREAM, IPPROTO_TCP },     { AF_INET, SOCK_DGRAM, 0 },
  { AF_INET, SOCK_DGRAM, IPPROTO_UDP },      { AF_INET6, SOCK_STREAM, 0 },
  { AF_INET6, SOCK_STREAM, IPPROTO_TCP },    { AF_INET6, SOCK_DGRAM, 0 },
  { AF_INET6, SOCK_DGRAM, IPPROTO_UDP },     { AF_NETLINK, SOCK_RAW, NETLINK_ROUTE },
  { AF_NETLINK, SOCK_DGRAM, NETLINK_ROUTE },
};

/* For terminals, descriptors, and names and addresses of interfaces. Typing into a terminal that
 * somebody else reads, TIOCSTI, isn't among them. */
static const unsigned controls[] = {
  TCGETS,         TCSETS,        TCSETSW,      TCSETSF,        TCSBRK,     TCXONC,
  TCFLSH,         TIOCSCTTY,     TIOCNOTTY,    TIOCGPGRP,      TIOCSPGRP,  TIOCGSID,
  TIOCGWINSZ,     TIOCSWINSZ,    TIOCOUTQ,     TIOCGPTN,       TIOCSPTLCK, FIONREAD,
  FIONBIO,        FIOASYNC,      FIOCLEX,      FIONCLEX,       FIOQSIZE,   SIOCGIFNAME,
  SIOCGIFCONF,    SIOCGIFFLAGS,  SIOCGIFADDR,  SIOCGIFDSTADDR, SIOCGIFMTU, SIOCGIFBRDADDR,
  SIOCGIFNETMASK, SIOCGIFHWADDR, SIOCGIFINDEX, SIOCGIFTXQLEN,  SIOCATMARK,
};

/* What personality takes for a question. */
#define PERSONALITY_QUESTION 0xffffffffu

/* A system call that this architecture hasn't got needs no rule. */
static int
add_call (scmp_filter_ctx filter, uint32_t action, const char *name)
{
  int call = seccomp_syscall_resolve_name (name);

  return call < 0 ? 0 : seccomp_rule_add (filter, action, call, 0);
}

static int
add_groups (scmp_filter_ctx filter, uint32_t action, const FilterGroup *groups)
{
  char name[64];
  int status = 0;

  for (const FilterGroup *group = groups; group->calls != NULL; group++)
    for (const char *at = group->calls; status == 0 && *at != '\0'; at += strspn (at, " "))
      {
        size_t length = strcspn (at, " ");
        snprintf (name, sizeof name, "%.*s", (int) length, at);
        status = add_call (filter, action, name);
        at += length;
      }
  return status;
}

static int
add_clone (scmp_filter_ctx filter)
{
  int status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (clone), 1,
                                 SCMP_A0 (SCMP_CMP_MASKED_EQ, NEW_NAMESPACES, 0));

  /* One rule for each flag, since a rule fires only when all bits of its mask match. */
  for (uint64_t flag = 1; status == 0 && flag <= NEW_NAMESPACES; flag <<= 1)
    if ((flag & NEW_NAMESPACES) != 0)
      status = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (clone), 1,
                                 SCMP_A0 (SCMP_CMP_MASKED_EQ, flag, flag));
  return status;
}

/* The kernel takes an int of each argument, and a register may hold more. */
static struct scmp_arg_cmp
is_number (unsigned argument, int value)
{
  return (struct scmp_arg_cmp){
    .arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = UINT32_MAX, .datum_b = (uint32_t) value
  };
}

static int
add_sockets (scmp_filter_ctx filter)
{
  int status =
      seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (socketpair), 1, is_number (0, AF_UNIX));

  for (size_t i = 0; status == 0 && i < sizeof socket_kinds / sizeof *socket_kinds; i++)
    {
      const SocketKind *kind = &socket_kinds[i];
      struct scmp_arg_cmp wanted[] = {
        is_number (0, kind->family),
        SCMP_A1 (SCMP_CMP_MASKED_EQ, SOCKET_TYPE_MASK, (uint64_t) kind->type),
        is_number (2, kind->protocol),
      };
      unsigned count = kind->protocol == ANY_PROTOCOL ? 2 : 3;
      status = seccomp_rule_add_array (filter, SCMP_ACT_ALLOW, SCMP_SYS (socket), count, wanted);
    }
  return status;
}

static int
add_controls (scmp_filter_ctx filter)
{
  int status = seccomp_rule_add (filter, SCMP_ACT_ERRNO (EPERM), SCMP_SYS (ioctl), 1,
                                 is_number (1, TIOCSTI));

  for (size_t i = 0; status == 0 && i < sizeof controls / sizeof *controls; i++)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (ioctl), 1,
                               is_number (1, (int) controls[i]));
  return status;
}

/* As it is, and the question how it is. */
static int
add_personality (scmp_filter_ctx filter)
{
  int status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (personality), 1,
                                 is_number (0, PER_LINUX));

  if (status == 0)
    status = seccomp_rule_add (filter, SCMP_ACT_ALLOW, SCMP_SYS (personality), 1,
                               is_number (0, (int) PERSONALITY_QUESTION));
  return status;
}

static int
add_all_rules (scmp_filter_ctx filter)
{
  int status = add_groups (filter, SCMP_ACT_ALLOW, filter_allowed);

  if (status == 0)
    status = add_groups (filter, SCMP_ACT_ERRNO (EPERM), filter_refused);
  if (status == 0)
    status = add_clone (filter);
  if (status == 0)
    status = add_sockets (filter);
  if (status == 0)
    status = add_controls (filter);
  if (status == 0)
    status = add_personality (filter);
  return status;
}

static int
print_instructions (scmp_filter_ctx filter)
{
  static struct sock_filter instructions[MOST_INSTRUCTIONS];
  AUTO_CLOSE int fd = memfd_create ("filter", MFD_CLOEXEC);
  int status = fd < 0 ? -errno : seccomp_export_bpf (filter, fd);

  if (status != 0)
    return status;
  ssize_t size = pread (fd, instructions, sizeof instructions, 0);
  if (size <= 0 || size == (ssize_t) sizeof instructions)
    return -E2BIG;
  for (size_t i = 0; i < (size_t) size / sizeof *instructions; i++)
    printf ("{ 0x%04x, %u, %u, 0x%08x },\n", instructions[i].code, instructions[i].jt,
            instructions[i].jf, instructions[i].k);
  return 0;
}

static int
make (void)
{
  scmp_filter_ctx filter = seccomp_init (SCMP_ACT_ERRNO (ENOSYS));

  if (filter == NULL)
    return -ENOMEM;
  /* A call by the table of another architecture would pass by the rules. */
  int status = seccomp_attr_set (filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
  /* A search by halves: what a call costs doesn't grow with the list. */
  if (status == 0)
    status = seccomp_attr_set (filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
  if (status == 0)
    status = add_all_rules (filter);
  if (status == 0)
    status = print_instructions (filter);
  seccomp_release (filter);
  return status;
}

int
main (void)
{
  int status = make ();

  if (status != 0)
    fprintf (stderr, "the filter of system calls can't be made: %s\n", strerror (-status));
  return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
