#pragma once

#include "launcher/request.h"

/* The listening sockets that LISTEN operations opened, in their order. */
typedef struct {
  int fds[KELVIN_MOST_LISTENERS];
  int count;
} Listeners;

/* Applies all operations, in pid 1 and with the identity of the sandbox. 0, or -1 with errno and
 * the index of the one that failed. */
int operations_apply (Request *request, Listeners *listeners, uint32_t *out_index);
