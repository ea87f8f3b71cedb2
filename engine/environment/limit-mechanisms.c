#include "engine/environment/limit-mechanisms.h"

#include <unistd.h>

#define GROUPS_FIX                                                                                 \
  "start Kelvin in a group that it may divide: systemd-run --user --scope -p Delegate=yes kelvin"
#define SANDBOX_FIX "make a sandbox possible here, as said below"

/* To the kernel RLIMIT_NPROC doesn't hold its own root. */
static const char *
processes_without_groups (KelvinIsolation isolation)
{
  if (isolation == KELVIN_ISOLATION_NAMESPACES)
    return "rlimit";
  return geteuid () == 0 ? KELVIN_LIMIT_IS_NOT_ENFORCED : KELVIN_LIMIT_IS_APPROXIMATED;
}

KelvinLimits
kelvin_limit_mechanisms (const char *groups, KelvinIsolation isolation)
{
  gboolean is_sandbox = isolation == KELVIN_ISOLATION_NAMESPACES;
  const char *group = g_intern_string (groups);
  KelvinLimits limits = {
    .by = {
        /* Without groups it is sampled every 5 ms while code runs, and killed over it. */
        [KELVIN_LIMIT_MEMORY] = group != NULL ? group : KELVIN_LIMIT_IS_APPROXIMATED,
        [KELVIN_LIMIT_CPU] = group != NULL ? group : KELVIN_LIMIT_IS_NOT_ENFORCED,
        [KELVIN_LIMIT_PROCESSES] = group != NULL ? group : processes_without_groups (isolation),
        [KELVIN_LIMIT_DESCRIPTORS] = "rlimit",
        [KELVIN_LIMIT_EPHEMERAL_STORAGE] = is_sandbox ? "tmpfs" : KELVIN_LIMIT_IS_NOT_ENFORCED,
        [KELVIN_LIMIT_TIMEOUT] = "timer",
        [KELVIN_LIMIT_PAYLOAD] = "runtime-api",
        [KELVIN_LIMIT_FREEZE] = "signals",
    },
  };

  return limits;
}

static void
describe_memory (KelvinMachine *machine)
{
  if (kelvin_limits_get_standing (&machine->limits, KELVIN_LIMIT_MEMORY) ==
      KELVIN_STANDING_ENFORCED)
    kelvin_machine_describe_limit (machine, KELVIN_LIMIT_MEMORY,
                                   "The kernel counts the memory of all processes; over the memory "
                                   "size they are killed",
                                   NULL);
  else
    kelvin_machine_describe_limit (machine, KELVIN_LIMIT_MEMORY,
                                   "The memory of all processes is added up every 5 ms; what grows "
                                   "faster passes the limit for that long",
                                   GROUPS_FIX);
}

static void
describe_cpu (KelvinMachine *machine)
{
  if (kelvin_limits_get_standing (&machine->limits, KELVIN_LIMIT_CPU) == KELVIN_STANDING_ENFORCED)
    kelvin_machine_describe_limit (machine, KELVIN_LIMIT_CPU,
                                   "In each 20 ms the processes get memory size / 1,769 MB of a "
                                   "core's time, but for init",
                                   NULL);
  else
    kelvin_machine_describe_limit (machine, KELVIN_LIMIT_CPU,
                                   "Functions get all of the machine's cores; what they use is "
                                   "measured and shown",
                                   GROUPS_FIX);
}

static void
describe_others (KelvinMachine *machine)
{
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_PROCESSES,
                                 "1,024 processes and threads, counted by the kernel", NULL);
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_DESCRIPTORS,
                                 "1,024 open files in each process", NULL);
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_EPHEMERAL_STORAGE,
                                 "/tmp is a file system of its own of the size that was asked for",
                                 NULL);
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_TIMEOUT,
                                 "A timer ends the whole environment", NULL);
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_PAYLOAD,
                                 "6 MB in and out, by the Runtime API", NULL);
  kelvin_machine_describe_limit (machine, KELVIN_LIMIT_FREEZE,
                                 "Between invocations all processes are stopped", NULL);
}

static void
add_lost (KelvinMachine *machine)
{
  static const char *const lost[] = {
    "Code reads and changes every file that you may, and sees your processes and their environment",
    "Code reaches the network of the machine, whatever the function's Network says",
    "There are no doors: connections aren't recorded, $AWS_ENDPOINT_URL leads nowhere",
    "/tmp is the machine's; only $TMPDIR is the function's own, and its size isn't limited",
    "Packages of the machine can be in sight, which the service hasn't got",
    "Paths differ from the service's: $LAMBDA_TASK_ROOT isn't /var/task, layers aren't at /opt",
    "Code can end Kelvin and the processes that guard it, and can then leave processes behind",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (lost); i++)
    g_ptr_array_add (machine->lost, g_strdup (lost[i]));
  if (geteuid () == 0)
    g_ptr_array_add (machine->lost, g_strdup ("Code runs as root, as Kelvin does"));
}

void
kelvin_limit_mechanisms_describe (KelvinMachine *machine, const char *groups, gboolean has_sandbox)
{
  machine->process_limits = kelvin_limit_mechanisms (groups, KELVIN_ISOLATION_PROCESS);
  add_lost (machine);
  if (has_sandbox)
    {
      machine->limits = kelvin_limit_mechanisms (groups, KELVIN_ISOLATION_NAMESPACES);
      describe_memory (machine);
      describe_cpu (machine);
      describe_others (machine);
      return;
    }
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    {
      machine->limits.by[i] = KELVIN_LIMIT_IS_NOT_ENFORCED;
      kelvin_machine_describe_limit (machine, i, "No sandbox can be made here", SANDBOX_FIX);
    }
}
