#pragma once

#include "launcher/cgroup.h"
#include "launcher/identity.h"
#include "launcher/request.h"

/* What pid 1 of a sandbox gets from the launcher, and the launcher's own descriptors that it must
 * not keep, or the launcher's end couldn't be noticed. */
typedef struct {
  int control;
  int output;
  int error;
  int marks;
  int groups[CGROUP_MOST_TREES]; /* n_groups files by which the runtime joins its groups */
  int n_groups;
  int gate;  /* a byte arrives when the user and group ids are mapped */
  int alive; /* ends with the launcher */
  int not_mine[3];
  bool is_parked; /* pid1_park has been through with it */
} Pid1Fds;

/* What can be done before it is known for whom: then only the gate and what ends with the launcher
 * are open. */
void pid1_park (const Identity *identity, const Pid1Fds *fds, uid_t uid, gid_t gid);

/* The life of pid 1: makes the sandbox, executes the runtime, reaps, reports. @sources_are_open:
 * the launcher opened them. */
_Noreturn void pid1_run (Request *request, const Identity *identity, Pid1Fds *fds,
                         bool sources_are_open);
