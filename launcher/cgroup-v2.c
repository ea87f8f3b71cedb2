/* Version 2 of control groups: one hierarchy, in which the launcher must have been given a part. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include "launcher/cgroup.h"

/* Works only where the group above hands these controllers down. */
static int
prepare (const int *groups)
{
  return cgroup_write (groups[0], "cgroup.subtree_control", "+memory +cpu +pids");
}

static int
limit (const int *groups, const CgroupLimits *limits)
{
  char nothing[32];

  snprintf (nothing, sizeof nothing, "max %d", KELVIN_CPU_PERIOD_US);
  if (cgroup_write_number (groups[0], "memory.max", limits->memory_bytes) != 0)
    return -1;
  /* Missing where the kernel has no swap. */
  if (cgroup_write (groups[0], "memory.swap.max", "0") != 0 && errno != ENOENT)
    return -1;
  if (cgroup_write (groups[0], "cpu.max", nothing) != 0)
    return -1;
  return cgroup_write_number (groups[0], "pids.max", limits->n_processes);
}

const CgroupVersion cgroup_v2 = {
  .number = KELVIN_CGROUP_V2,
  .join = "cgroup.procs",
  .controls = {
    [KELVIN_CONTROL_MEMORY_STAT] = { 0, "memory.stat", O_RDONLY },
    [KELVIN_CONTROL_MEMORY_PEAK] = { 0, "memory.peak", O_RDONLY },
    [KELVIN_CONTROL_MEMORY_EVENTS] = { 0, "memory.events", O_RDONLY },
    [KELVIN_CONTROL_CPU_QUOTA] = { 0, "cpu.max", O_WRONLY },
    [KELVIN_CONTROL_CPU_USED] = { 0, "cpu.stat", O_RDONLY },
  },
  .prepare = prepare,
  .limit = limit,
};
