#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "launcher/sandbox.h"

/* Sandboxes that were made ahead, as far as they are the same for every function: pid 1 with its
 * namespaces, its identity and its loopback device waits for a request. Never more than a few, none
 * before it is seen that they are needed, and they end with the launcher. */

#define PARK_MOST 2

typedef struct {
  pid_t pid;
  int pidfd;
  int gate; /* by which the request goes in */
} ParkedSandbox;

struct Park {
  ParkedSandbox parked[PARK_MOST];
  int count;
  int n_asked;  /* sandboxes that were asked for, up to now */
  uint32_t uid; /* inside, of those that are parked */
  uint32_t gid;
  /* Where the request of this process lies: a parked pid 1 reads its own into its copy of them. */
  Request *request;
  char *message;
};

void park_init (Park *self, Request *request, char *message);
void park_end (Park *self);
/* They weren't needed: ends them, and makes none until two more are asked for. */
void park_forget (Park *self);

/* A sandbox was asked for: whoever asks twice will ask again. */
void park_note_request (Park *self);
/* Should one be made, when there is nothing else to do? */
bool park_wants_one (const Park *self);
/* Makes one; not as a part of an answer, since it takes a while. */
void park_add (Park *self, SandboxMaker *maker);

/* Gives the request to a parked sandbox, with its descriptors; where the maker opens sources they
 * are open. False where there is none that it can have: then nothing has happened. */
bool park_start (Park *self, const SandboxMaker *maker, Sandbox *sandbox, const int *fds,
                 const Cgroup *group);
