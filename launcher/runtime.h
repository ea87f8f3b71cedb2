#pragma once

#include <sys/types.h>

#include "launcher/request.h"

/* The descriptors of a sandbox's runtime process. */
typedef struct {
  int input;
  int output;
  int error;
  int marks;         /* -1: none */
  const int *groups; /* n_groups files by which it joins its control groups */
  int n_groups;
} RuntimeFds;

/* Starts the runtime of @request as a child in a session of its own. Returns when it was executed,
 * or -1 with errno and the step that failed. */
pid_t runtime_start (const Request *request, const RuntimeFds *fds, KelvinStep *out_step);
