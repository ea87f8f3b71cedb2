#include "app/await.h"
#include "app/command.h"
#include "app/exit-status.h"
#include "app/output.h"
#include "app/session.h"

static const GOptionEntry entries[] = { { NULL } };

/* The verdict and the titles of the sections, which aren't indented, stand out. */
static void
print_text (const KelvinMachine *machine)
{
  g_autofree char *text = kelvin_machine_to_text (machine);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *verdict =
      kelvin_styled (machine->ok ? KELVIN_STYLE_GOOD : KELVIN_STYLE_BAD, lines[0]);

  kelvin_print ("%s\n", verdict);
  for (guint i = 1; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      gboolean is_title = *lines[i] != '\0' && *lines[i] != ' ';
      g_autofree char *line =
          is_title ? kelvin_styled (KELVIN_STYLE_TITLE, lines[i]) : g_strdup (lines[i]);

      kelvin_print ("%s\n", line);
    }
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
