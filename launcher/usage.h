#pragma once

#include <stdint.h>

/* What the processes of a sandbox have used, pid 1 left out. */
typedef struct {
  int64_t cpu_us;
  int64_t memory_bytes;
  int64_t memory_peak_bytes; /* the most that was seen since pid 1 began */
} Usage;

/* Reads the /proc of this pid namespace; allocates nothing. */
void usage_read (Usage *usage);
