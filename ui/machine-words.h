#pragma once

#include "engine/model/machine.h"

G_BEGIN_DECLS

/* A limit as a page shows it. The words are static, in the language of the window. */
typedef struct {
  const char *name;      /* "Memory" */
  const char *mechanism; /* as KelvinMachine names it; of the machine */
  KelvinStanding standing;
  const char *promise; /* what holds then */
} KelvinLimitWords;

void kelvin_describe_limits (const KelvinMachine *machine,
                             KelvinLimitWords out_limits[KELVIN_N_LIMITS]);

/* "enforced", "approximated", "not enforced here", with a sign before it; static. */
const char *kelvin_describe_standing (KelvinStanding standing);
/* "by control groups (cgroup-v1)"; the mechanism's own name where there are no words for it.
 * (transfer full) */
char *kelvin_describe_mechanism (const char *mechanism);
/* "All 8 limits enforced", "6 of 8 limits enforced". (transfer full) */
char *kelvin_describe_machine (const KelvinMachine *machine);

/* "limits enforced by cgroup, seccomp", or what isn't enforced: "memory approximated · CPU share
 * not enforced". @limits: of a run or a machine. (transfer full) */
char *kelvin_describe_enforcement (const KelvinLimits *limits);

G_END_DECLS
