#include "engine/environment/examine.h"

#include "engine/environment/interpreter.h"
#include "engine/environment/launcher.h"
#include "engine/environment/limit-mechanisms.h"

/* The launcher's errors end with the fix, where there is one (launcher.h). */
static void
add_sandbox_problem (KelvinMachine *machine, const GError *error)
{
  const char *separator = strstr (error->message, "; ");

  if (separator == NULL)
    {
      kelvin_machine_add_problem (machine, error->message,
                                  "install Kelvin anew, or report this with its output");
      return;
    }
  g_autofree char *what = g_strndup (error->message, separator - error->message);
  kelvin_machine_add_problem (machine, what, separator + 2);
}

static void
try_sandbox (KelvinMachine *machine, const char *launcher_program)
{
  const char *groups = NULL;
  g_autoptr (GError) error = kelvin_launcher_try_sandbox (launcher_program, &groups);

  machine->ok = error == NULL;
  machine->user_namespaces =
      !g_error_matches (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_NAMESPACES);
  /* A sandbox without its filter isn't made, so one that works has it. */
  machine->seccomp = error == NULL || g_file_test ("/proc/sys/kernel/seccomp", G_FILE_TEST_IS_DIR);
  kelvin_limit_mechanisms_describe (machine, groups, machine->ok);
  if (error != NULL)
    add_sandbox_problem (machine, error);
}

static gboolean
has_family (GPtrArray *interpreters, KelvinRuntimeFamily family)
{
  for (guint i = 0; i < interpreters->len; i++)
    {
      const KelvinInterpreter *interpreter = interpreters->pdata[i];
      if (interpreter->family == family)
        return TRUE;
    }
  return FALSE;
}

/* Without one of them, functions in the other language and in provided runtimes still run. */
static void
find_runtimes (KelvinMachine *machine, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) interpreters = kelvin_interpreter_list (cancellable);

  for (guint i = 0; i < interpreters->len; i++)
    {
      const KelvinInterpreter *interpreter = interpreters->pdata[i];
      kelvin_machine_add_runtime (machine, interpreter->name, interpreter->path,
                                  interpreter->version);
    }
  if (!has_family (interpreters, KELVIN_RUNTIME_PYTHON))
    kelvin_machine_add_problem (machine, "No Python was found",
                                "sudo apt install python3, or uv python install 3.13");
  if (!has_family (interpreters, KELVIN_RUNTIME_NODE))
    kelvin_machine_add_problem (machine, "No Node.js was found",
                                "sudo apt install nodejs, or nvm install 22");
}

KelvinMachine *
kelvin_examine_machine (const char *launcher_program, GCancellable *cancellable)
{
  g_return_val_if_fail (launcher_program != NULL, NULL);

  KelvinMachine *machine = kelvin_machine_new ();
  try_sandbox (machine, launcher_program);
  find_runtimes (machine, cancellable);
  return machine;
}
