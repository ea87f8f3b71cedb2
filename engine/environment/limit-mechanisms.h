#pragma once

#include "engine/model/isolation.h"
#include "engine/model/function-limits.h"
#include "engine/model/machine.h"

G_BEGIN_DECLS

/* What holds each limit of a function. @groups: (nullable): what kelvin_launcher_get_limits says.
 */
KelvinLimits kelvin_limit_mechanisms (const char *groups, KelvinIsolation isolation);

/* The same for a machine, in each kind of isolation and in words. @has_sandbox: a whole one could
 * be made. */
void kelvin_limit_mechanisms_describe (KelvinMachine *machine, const char *groups,
                                       gboolean has_sandbox);

G_END_DECLS
