#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* Who a sandbox is outside. An ordinary user's sandboxes are that user; those of root are users
 * that nobody else is, a different one for each, since to the kernel host root owns root's files
 * and is not held by RLIMIT_NPROC. */
typedef struct {
  bool own_users; /* may map other users than itself */
  uid_t first;    /* own_users: the range to take from */
  unsigned length;
  unsigned next;
} Identity;

void identity_init (Identity *identity);

/* The next user outside. With @own_users not yet in use, unless thousands are. */
uid_t identity_take (Identity *identity);

/* Maps @uid and @gid inside to @outside for the process @pid, from outside. 0, or -1 with errno. */
int identity_map (const Identity *identity, pid_t pid, uid_t uid, gid_t gid, uid_t outside);

/* Inside, once mapped: become @uid and @gid. 0, or -1 with errno. */
int identity_assume (const Identity *identity, uid_t uid, gid_t gid);
