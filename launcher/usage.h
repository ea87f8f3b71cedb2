#pragma once

#include <stdint.h>

/* What the processes of a sandbox have used, pid 1 left out. */
typedef struct {
  int64_t cpu_us;
  int64_t memory_bytes;
  int64_t memory_peak_bytes; /* the most that was seen since the last usage_begin_anew */
} Usage;

/* Of all processes that tree.h speaks of. */
void usage_read (Usage *usage);
/* From now on the peak is that of what is still to come. */
void usage_begin_anew (void);
