#include "app/await.h"
#include "app/command.h"
#include "app/exit-status.h"
#include "app/output.h"
#include "app/session.h"
#include "app/table.h"

static const GOptionEntry entries[] = { { NULL } };

static void
print_title (const char *text)
{
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, text);

  kelvin_print ("\n%s\n", title);
}

static void
print_isolation (const KelvinMachine *machine)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("ll");

  print_title ("Isolation");
  kelvin_table_add (table, "user namespaces", machine->user_namespaces ? "yes" : "no", NULL);
  kelvin_table_add (table, "seccomp", machine->seccomp ? "yes" : "no", NULL);
  kelvin_table_print (table, 2, KELVIN_TABLE_PLAIN);
}

static void
print_limits (const KelvinMachine *machine)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("ll");

  print_title ("What enforces each limit");
  kelvin_table_add (table, "memory", machine->memory, NULL);
  kelvin_table_add (table, "CPU", machine->cpu, NULL);
  kelvin_table_add (table, "processes", machine->processes, NULL);
  kelvin_table_add (table, "ephemeral storage", machine->ephemeral_storage, NULL);
  kelvin_table_add (table, "freezing", machine->freeze, NULL);
  kelvin_table_print (table, 2, KELVIN_TABLE_PLAIN);
}

static void
print_runtimes (const KelvinMachine *machine)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("lll");

  print_title ("Runtimes");
  for (guint i = 0; i < machine->runtimes->len; i++)
    {
      const KelvinMachineRuntime *runtime = g_ptr_array_index (machine->runtimes, i);
      kelvin_table_add (table, runtime->name, runtime->version, runtime->path, NULL);
    }
  kelvin_table_add (table, "provided.*", "", "an executable file named bootstrap", NULL);
  kelvin_table_print (table, 2, KELVIN_TABLE_PLAIN);
}

static void
print_problems (const KelvinMachine *machine)
{
  if (machine->problems->len == 0)
    return;
  print_title ("What is missing, and how to get it");
  for (guint i = 0; i < machine->problems->len; i++)
    {
      const KelvinMachineProblem *problem = g_ptr_array_index (machine->problems, i);
      kelvin_print ("  %s\n    → %s\n", problem->what, problem->fix);
    }
}

static void
print_text (const KelvinMachine *machine)
{
  g_autofree char *verdict =
      machine->ok
          ? kelvin_styled (KELVIN_STYLE_GOOD, "Functions can be run here, each in a sandbox.")
          : kelvin_styled (KELVIN_STYLE_BAD, "Functions can't be run here.");

  kelvin_print ("%s\n", verdict);
  print_isolation (machine);
  print_limits (machine);
  print_runtimes (machine);
  print_problems (machine);
}

static int
run (const KelvinCommandLine *line)
{
  KelvinSession *session = kelvin_session_open (line);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_examine_async (kelvin_session_get_engine (session),
                               kelvin_session_get_cancellable (session), kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinMachine) machine =
      kelvin_engine_examine_finish (kelvin_session_get_engine (session), result, &error);
  if (machine == NULL)
    return kelvin_session_close (session, kelvin_fail (error));
  if (line->json)
    {
      g_autoptr (JsonNode) node = kelvin_machine_to_json (machine);
      kelvin_print_json (node);
    }
  else
    print_text (machine);
  return kelvin_session_close (session, machine->ok ? KELVIN_EXIT_OK : KELVIN_EXIT_CANNOT);
}

const KelvinCommand kelvin_command_doctor = {
  .name = "doctor",
  .operands = "",
  .summary = "say what works on this machine, and what is missing",
  .description = "Ends with 3 where functions can't be run.",
  .entries = entries,
  .max_operands = 0,
  .run = run,
};
