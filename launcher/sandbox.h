#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "launcher/cgroup.h"
#include "launcher/identity.h"
#include "launcher/request.h"

/* A sandbox as the launcher knows it, until its pid 1 was reaped. */
typedef struct Sandbox Sandbox;
struct Sandbox {
  uint64_t id;
  pid_t pid; /* 0: it was never made */
  int pidfd;
  int namespaces[2]; /* the user's and the network's, where they are to be shown; else -1 */
  bool was_parked;   /* its namespaces were there before it was asked for */
  bool is_process;   /* its descendants don't end by themselves */
  Sandbox *previous;
  Sandbox *next;
};

typedef struct Park Park;

/* What all sandboxes of a launcher have in common. */
typedef struct {
  Identity identity;
  bool opens_sources; /* before the clone, in the launcher */
  int alive;          /* the read end of a pipe that ends with the launcher */
  int not_theirs[2];  /* descriptors of the launcher that pid 1 must close at once */
  Cgroups cgroups;
  Park *park;
} SandboxMaker;

/* Like fork(2): the child, pid 1 of namespaces of its own, returns 0, on a copy of this stack. */
pid_t sandbox_clone_pid1 (int *out_pidfd);

/* Where and why making one ended. */
typedef struct {
  KelvinStep step;
  int error;
  uint32_t operation;
} SandboxFailure;

/* Clones pid 1, which goes on alone. With the result, false can also mean that pid 1 lives but must
 * end: then @sandbox has a pidfd. @fds: KelvinCreateFd; they stay the caller's. @group was made for
 * it; its processes join it. */
bool sandbox_start (Sandbox *sandbox, SandboxMaker *maker, Request *request, const int *fds,
                    const Cgroup *group, SandboxFailure *out_failure);
