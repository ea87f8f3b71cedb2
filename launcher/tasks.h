#pragma once

#include <stdint.h>

/* How many processes and threads this user has, as RLIMIT_NPROC counts them. */
uint64_t tasks_of_user (void);
