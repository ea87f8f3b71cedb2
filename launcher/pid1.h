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
} Pid1Fds;

/* The life of pid 1: makes the sandbox, executes the runtime, reaps, reports. @sources_are_open:
 * the launcher opened them. */
_Noreturn void pid1_run (Request *request, const Identity *identity, Pid1Fds *fds,
                         bool sources_are_open);
