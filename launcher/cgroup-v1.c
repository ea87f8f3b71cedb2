/* Version 1 of control groups, alone or beside version 2. */

#include <fcntl.h>

#include "launcher/cgroup.h"

static int
prepare (const int *groups)
{
  return 0;
}

/* Memory and swap together may be no more than memory alone. Where swap isn't counted that file is
 * missing, and the group is kept from it by its swappiness. */
static int
forbid_swap (int memory, uint64_t bytes)
{
  if (cgroup_write_number (memory, "memory.memsw.limit_in_bytes", bytes) == 0)
    return 0;
  return cgroup_write (memory, "memory.swappiness", "0");
}

static int
limit (const int *groups, const CgroupLimits *limits)
{
  int memory = groups[CGROUP_MEMORY];

  if (cgroup_write_number (memory, "memory.limit_in_bytes", limits->memory_bytes) != 0 ||
      forbid_swap (memory, limits->memory_bytes) != 0)
    return -1;
  if (cgroup_write_number (groups[CGROUP_CPU], "cpu.cfs_period_us", KELVIN_CPU_PERIOD_US) != 0)
    return -1;
  return cgroup_write_number (groups[CGROUP_PIDS], "pids.max", limits->n_processes);
}

const CgroupVersion cgroup_v1 = {
  .number = KELVIN_CGROUP_V1,
  .join = "tasks",
  .controls = {
    [KELVIN_CONTROL_MEMORY_STAT] = { CGROUP_MEMORY, "memory.stat", O_RDONLY },
    [KELVIN_CONTROL_KERNEL_MEMORY] = { CGROUP_MEMORY, "memory.kmem.usage_in_bytes", O_RDONLY },
    [KELVIN_CONTROL_MEMORY_PEAK] = { CGROUP_MEMORY, "memory.max_usage_in_bytes", O_RDWR },
    [KELVIN_CONTROL_MEMORY_EVENTS] = { CGROUP_MEMORY, "memory.oom_control", O_RDONLY },
    [KELVIN_CONTROL_CPU_QUOTA] = { CGROUP_CPU, "cpu.cfs_quota_us", O_WRONLY },
    [KELVIN_CONTROL_CPU_USED] = { CGROUP_CPUACCT, "cpuacct.usage", O_RDONLY },
    [KELVIN_CONTROL_CPU_STAT] = { CGROUP_CPU, "cpu.stat", O_RDONLY },
  },
  .prepare = prepare,
  .limit = limit,
};
