#pragma once

#include "engine/model/invocation.h"
#include "engine/model/transition.h"

G_BEGIN_DECLS

/* What an invocation used beside what it may use, in words. All (transfer full). What wasn't
 * measured is called that. */

/* "21.5 of 1769 MB" */
char *kelvin_describe_memory_use (const KelvinInvocation *invocation);
/* "84.0 ms, 98 % of its share" of a warm one; the time alone where init is in it. */
char *kelvin_describe_cpu_use (const KelvinInvocation *invocation);
/* "a share of 0.072 cores: 128 ÷ 1,769 MB" */
char *kelvin_describe_cpu_share (const KelvinInvocation *invocation);
/* "0.04 of 512 MB" */
char *kelvin_describe_temporary_use (const KelvinInvocation *invocation);
/* "3.20 ms" */
char *kelvin_describe_throttled (const KelvinInvocation *invocation);

/* "idle, frozen": the state's name in the language of the window; static. */
const char *kelvin_describe_state (KelvinState state);

G_END_DECLS
