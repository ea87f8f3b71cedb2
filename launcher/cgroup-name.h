#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The name of a launcher's group: its process id and when that process started, so that a number
 * which the kernel gave out again isn't taken for it. */
void cgroup_name_make (char *name, size_t capacity);
/* Is it the name of a launcher that has ended? */
bool cgroup_name_is_of_dead (const char *name);
