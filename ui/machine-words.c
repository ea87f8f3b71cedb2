#include "config.h"

#include "ui/machine-words.h"

#include <glib/gi18n-lib.h>

static const struct {
  const char *mechanism;
  const char *words;
} mechanisms[] = {
  { "cgroup-v1", N_ ("by control groups") },
  { "cgroup-v2", N_ ("by control groups") },
  { "tmpfs", N_ ("by a file system of that size in memory") },
  { "rlimit", N_ ("by resource limits of the kernel") },
  { "timer", N_ ("by a timer of Kelvin’s") },
  { "runtime-api", N_ ("by the Runtime API that Kelvin answers") },
  { "signals", N_ ("by stop signals to every process") },
  { "approximated", N_ ("by samples every 5 ms, as no control group can be made") },
  { "not enforced", N_ ("nothing here can") },
};

void
kelvin_describe_limits (const KelvinMachine *machine, KelvinLimitWords out_limits[KELVIN_N_LIMITS])
{
  const KelvinLimitWords limits[KELVIN_N_LIMITS] = {
    [KELVIN_LIMIT_MEMORY] = { .name = _ ("Memory"),
                              .promise =
                                  _ ("over its memory size a function ends as out of memory") },
    [KELVIN_LIMIT_CPU] = { .name = _ ("CPU share"),
                           .promise = _ ("a handler gets its memory size ÷ 1,769 MB of a core, its "
                                         "init a whole one") },
    [KELVIN_LIMIT_PROCESSES] = { .name = _ ("Processes and threads"),
                                 .promise = _ ("a function can’t start more than 1,024") },
    [KELVIN_LIMIT_DESCRIPTORS] = { .name = _ ("Open files"),
                                   .promise = _ ("a process can’t open more than 1,024") },
    [KELVIN_LIMIT_EPHEMERAL_STORAGE] = { .name = _ ("Ephemeral storage"),
                                         .promise = _ ("/tmp is as large as was asked for, then it "
                                                       "is full") },
    [KELVIN_LIMIT_TIMEOUT] = { .name = _ ("Timeout"),
                               .promise = _ ("after it the whole environment ends") },
    [KELVIN_LIMIT_PAYLOAD] = { .name = _ ("Payload"),
                               .promise = _ ("no event and no result is larger than 6 MB") },
    [KELVIN_LIMIT_FREEZE] = { .name = _ ("Freezing"),
                              .promise =
                                  _ ("between two invocations nothing in an environment runs") },
  };

  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    {
      out_limits[i] = limits[i];
      out_limits[i].mechanism = machine->limits.by[i];
      out_limits[i].standing = kelvin_limits_get_standing (&machine->limits, i);
    }
}

const char *
kelvin_describe_standing (KelvinStanding standing)
{
  switch (standing)
    {
    case KELVIN_STANDING_ENFORCED:
      return _ ("✓ enforced");
    case KELVIN_STANDING_APPROXIMATED:
      return _ ("≈ approximated");
    case KELVIN_STANDING_NOT_ENFORCED:
    default:
      return _ ("✕ not enforced here");
    }
}

char *
kelvin_describe_mechanism (const char *mechanism)
{
  for (guint i = 0; mechanism != NULL && i < G_N_ELEMENTS (mechanisms); i++)
    if (g_str_equal (mechanisms[i].mechanism, mechanism))
      {
        if (kelvin_standing_from_mechanism (mechanism) != KELVIN_STANDING_ENFORCED)
          return g_strdup (_ (mechanisms[i].words));
        /* Translators: how a limit is enforced, and the technical name of that */
        return g_strdup_printf (_ ("%s (%s)"), _ (mechanisms[i].words), mechanism);
      }

  return g_strdup (mechanism != NULL ? mechanism : _ ("nothing here can"));
}

char *
kelvin_describe_machine (const KelvinMachine *machine)
{
  KelvinLimitWords limits[KELVIN_N_LIMITS];
  guint enforced = 0;

  if (!machine->ok)
    return g_strdup (_ ("Nothing runs here yet"));

  kelvin_describe_limits (machine, limits);
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    enforced += limits[i].standing == KELVIN_STANDING_ENFORCED;
  if (enforced == KELVIN_N_LIMITS)
    /* Translators: a number of limits */
    return g_strdup_printf (_ ("All %u limits enforced"), enforced);

  /* Translators: a number of limits that are enforced, and that of all */
  return g_strdup_printf (_ ("%u of %u limits enforced"), enforced, (guint) KELVIN_N_LIMITS);
}

static const char *
get_plain_standing (KelvinStanding standing)
{
  return standing == KELVIN_STANDING_APPROXIMATED ? _ ("approximated") : _ ("not enforced");
}

char *
kelvin_describe_enforcement (const KelvinLimits *limits)
{
  KelvinStanding memory = kelvin_limits_get_standing (limits, KELVIN_LIMIT_MEMORY);
  KelvinStanding cpu = kelvin_limits_get_standing (limits, KELVIN_LIMIT_CPU);

  if (memory == KELVIN_STANDING_ENFORCED && cpu == KELVIN_STANDING_ENFORCED)
    return g_strdup (_ ("limits enforced by cgroup, seccomp"));
  if (memory == KELVIN_STANDING_ENFORCED)
    /* Translators: "not enforced" */
    return g_strdup_printf (_ ("memory limit enforced · CPU share %s"), get_plain_standing (cpu));

  /* Translators: "approximated", "not enforced" */
  return g_strdup_printf (_ ("memory limit %s · CPU share %s"), get_plain_standing (memory),
                          cpu == KELVIN_STANDING_ENFORCED ? _ ("enforced")
                                                          : get_plain_standing (cpu));
}
