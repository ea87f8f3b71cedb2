/* What the launcher and pid 1 report as step and errno, in words: what failed, and what to do. */

#include "engine/environment/launcher-private.h"

#include <errno.h>

#include "engine/environment/namespace-fix.h"
#include "engine/environment/sandbox-plan-private.h"

/* What runs out, rather than what is forbidden. */
static const char *
find_resource_fix (int error)
{
  switch (error)
    {
    case EMFILE:
    case ENFILE:
      return "allow more open files (ulimit -n), or run fewer environments at once";
    case EAGAIN:
      return "allow more processes (ulimit -u), or run fewer environments at once";
    case ENOMEM:
      return "the machine has too little memory left for one more environment";
    default:
      return NULL;
    }
}

static GError *
resource_error (const char *what, int error)
{
  return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                      "The sandbox can't be made: %s failed: %s; %s", what, g_strerror (error),
                      find_resource_fix (error));
}

static GError *
namespace_error (const char *what, int error)
{
  if (find_resource_fix (error) != NULL)
    return resource_error (what, error);

  g_autofree char *fix = kelvin_namespace_fix ("/", error);
  return g_error_new (
      KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NAMESPACES,
      "A sandbox can't be made here: %s failed: %s; %s. Without one, and with figures "
      "that say so: --isolation process",
      what, g_strerror (error), fix);
}

/* They worked when the launcher started, so something has changed since. */
static GError *
group_error (int error)
{
  if (find_resource_fix (error) != NULL)
    return resource_error ("making its control groups", error);
  return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                      "The sandbox can't be made: making its control groups failed: %s; restart "
                      "Kelvin, so that it looks for control groups again",
                      g_strerror (error));
}

/* As the service words it. */
static GError *
execute_error (KelvinSandboxPlan *plan, int error)
{
  const char *program = plan->arguments->pdata[0];
  g_autofree char *reason = g_ascii_strdown (g_strerror (error), -1);

  return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC, "fork/exec %s: %s",
                      program, reason);
}

/* The host's mounts and /proc are what namespaces without rights stumble over first. */
static gboolean
is_about_namespaces (KelvinSandboxPlan *plan, const KelvinFailed *failed)
{
  if (failed->error != EPERM && failed->error != EACCES && failed->error != ENOSYS)
    return FALSE;
  if (failed->step == KELVIN_STEP_SOURCE)
    return failed->error != EACCES;
  if (failed->operation >= plan->steps->len)
    return FALSE;

  KelvinOperationKind kind = g_array_index (plan->steps, KelvinPlanStep, failed->operation).kind;
  return kind == KELVIN_OPERATION_ROOT || kind == KELVIN_OPERATION_PROC ||
         kind == KELVIN_OPERATION_PIVOT || kind == KELVIN_OPERATION_LOOPBACK;
}

static GError *
operation_error (KelvinSandboxPlan *plan, const KelvinFailed *failed)
{
  g_autofree char *what = kelvin_sandbox_plan_describe_step (plan, failed->operation);

  if (is_about_namespaces (plan, failed) || find_resource_fix (failed->error) != NULL)
    return namespace_error (what, failed->error);
  return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                      "The sandbox can't be made: %s: %s", what != NULL ? what : "an operation",
                      g_strerror (failed->error));
}

/* Without namespaces none of them is to blame. */
static GError *
process_error (KelvinSandboxPlan *plan, const KelvinFailed *failed)
{
  g_autofree char *what = failed->step == KELVIN_STEP_OPERATION
                              ? kelvin_sandbox_plan_describe_step (plan, failed->operation)
                              : g_strdup_printf ("step %u", failed->step);

  if (find_resource_fix (failed->error) != NULL)
    return resource_error (what, failed->error);
  return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                      "The function's process can't be made: %s: %s", what,
                      g_strerror (failed->error));
}

GError *
kelvin_launcher_error_new (KelvinSandboxPlan *plan, const KelvinFailed *failed)
{
  if (kelvin_sandbox_plan_is_process (plan) && failed->step != KELVIN_STEP_GROUP &&
      failed->step != KELVIN_STEP_EXECUTE)
    return process_error (plan, failed);

  switch ((KelvinStep) failed->step)
    {
    case KELVIN_STEP_CLONE:
      return namespace_error ("making namespaces (clone3)", failed->error);
    case KELVIN_STEP_MAP:
      return namespace_error ("mapping its user", failed->error);
    case KELVIN_STEP_IDENTITY:
      return namespace_error ("becoming its user", failed->error);
    case KELVIN_STEP_PRIVILEGES:
      return namespace_error ("giving up capabilities", failed->error);
    case KELVIN_STEP_FILTER:
      return namespace_error ("installing the filter of system calls (seccomp)", failed->error);
    case KELVIN_STEP_SOURCE:
    case KELVIN_STEP_OPERATION:
      return operation_error (plan, failed);
    case KELVIN_STEP_GROUP:
      return group_error (failed->error);
    case KELVIN_STEP_EXECUTE:
      return execute_error (plan, failed->error);
    case KELVIN_STEP_DESCRIPTORS:
      return resource_error ("handing over its descriptors", EMFILE);
    case KELVIN_STEP_MESSAGE:
    default:
      return g_error_new (KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                          "kelvin-launcher refused the description of the sandbox (step %u: %s)",
                          failed->step, g_strerror (failed->error));
    }
}
