#pragma once

#include "engine/environment/interpreter.h"
#include "engine/model/version.h"

G_BEGIN_DECLS

/* What is mounted where, who runs inside, and what is executed: a list of operations that is built
 * and checked here, printed for tests and for `doctor`, and applied by the launcher. */
typedef struct _KelvinSandboxPlan KelvinSandboxPlan;

/* For one environment of @version. @interpreter is NULL for provided runtimes. @variables are the
 * complete environment variables of the runtime process, "NAME=value", NULL-terminated. */
KelvinSandboxPlan *kelvin_sandbox_plan_new (KelvinVersion *version,
                                            const KelvinInterpreter *interpreter,
                                            const char *const *variables, GError **error);
/* The same without namespaces: @folder is made, holds all that belongs to the environment, and is
 * removed with it. A socket for the Runtime API is opened. */
KelvinSandboxPlan *kelvin_sandbox_plan_new_process (KelvinVersion *version,
                                                    const KelvinInterpreter *interpreter,
                                                    const char *const *variables,
                                                    const char *folder, GError **error);
void kelvin_sandbox_plan_free (KelvinSandboxPlan *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinSandboxPlan, kelvin_sandbox_plan_free)

/* One operation a line, for people and tests. */
char *kelvin_sandbox_plan_to_text (KelvinSandboxPlan *self);
/* The message of launcher/protocol.h. (transfer full) */
GBytes *kelvin_sandbox_plan_encode (KelvinSandboxPlan *self, guint64 id);

G_END_DECLS
