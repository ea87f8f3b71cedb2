#pragma once

#include <limits.h>

/* v2 has one hierarchy for all controllers, v1 up to one for each of these. */
typedef enum {
  CGROUP_MEMORY,
  CGROUP_CPU,
  CGROUP_CPUACCT,
  CGROUP_PIDS,
  CGROUP_MOST_TREES,
} CgroupTree;

/* Folders of the cgroup file systems in which this process may have its own groups. Empty where
 * there is none. Two controllers of v1 that share a hierarchy have the same. */
typedef struct {
  char v1[CGROUP_MOST_TREES][PATH_MAX];
  char v2[PATH_MAX];     /* the group that this process is in */
  char v2_top[PATH_MAX]; /* no folder above this one belongs to the hierarchy */
} CgroupRoots;

/* @mountinfo and @membership: /proc/self/mountinfo and /proc/self/cgroup, or files like them. */
void cgroup_roots_find (CgroupRoots *self, const char *mountinfo, const char *membership);
