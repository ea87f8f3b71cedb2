#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* What a process has in memory, mapping by mapping. To the kernel's totals a file in /tmp is shared
 * memory when it is mapped, because /tmp is memory; the service's /tmp is a disk, and so it doesn't
 * count. */
typedef struct {
  int64_t anonymous_kb;
  int64_t shared_kb; /* of no file */
  int64_t in_tmp_kb;
} Mappings;

/* @proc: the folder /proc. False if the process has ended or may not be asked. */
bool mappings_read (Mappings *mappings, int proc, pid_t pid);
