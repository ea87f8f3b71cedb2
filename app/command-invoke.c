#include <string.h>

#include "app/await.h"
#include "app/command.h"
#include "app/event-input.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/output.h"
#include "app/session.h"
#include "engine/analysis/cost.h"

static char *event_file;
static char *event_json;
static gboolean cold;
static gboolean show_log;
static char *qualifier;

/* The state of the folder: what runs here until versions can be published. */
#define LATEST "$LATEST"

static const GOptionEntry entries[] = {
  { "event", 0, 0, G_OPTION_ARG_FILENAME, &event_file, "the event; - reads standard input",
    "FILE" },
  { "event-json", 0, 0, G_OPTION_ARG_FILENAME, &event_json, "the event itself, as JSON text",
    "TEXT" },
  { "cold", 0, 0, G_OPTION_ARG_NONE, &cold, "in a new environment, even if one is idle", NULL },
  { "log", 0, 0, G_OPTION_ARG_NONE, &show_log, "print its log on standard error", NULL },
  { "qualifier", 0, 0, G_OPTION_ARG_STRING, &qualifier,
    "the version: " LATEST ", as the folder is now", "Q" },
  { NULL },
};

static void
say_log (const KelvinInvocation *invocation)
{
  const char *log = invocation->log != NULL ? invocation->log : "";

  g_printerr ("%s%s", log, *log == '\0' || g_str_has_suffix (log, "\n") ? "" : "\n");
  if (invocation->log_omitted_bytes > 0)
    kelvin_say_warning ("%" G_GUINT64_FORMAT " bytes in the middle of the log weren't kept",
                        invocation->log_omitted_bytes);
}

static void
print_payload (const KelvinInvocation *invocation)
{
  if (invocation->payload == NULL)
    return;
  kelvin_print_bytes (invocation->payload);
  if (kelvin_output_is_terminal ())
    kelvin_print ("\n");
}

static char *
describe_phases (const KelvinPhases *phases)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      if (phases->us[i] >= 0)
        g_string_append_printf (text, "%s%s %.1f", text->len == 0 ? "" : ", ",
                                kelvin_phase_get_name (i), (double) phases->us[i] / 1000);
    }
  return g_string_free (text, FALSE);
}

/* One line for a person; what is scripted reads --json. */
static void
say_summary (const KelvinInvocation *invocation)
{
  g_autofree char *phases = describe_phases (&invocation->phases);
  g_autofree char *cost = kelvin_format_usd (invocation->cost_pico_usd);
  g_autofree char *memory =
      invocation->memory_peak_bytes < 0
          ? g_strdup ("")
          : g_strdup_printf (" · %.1f of %u MB", (double) invocation->memory_peak_bytes / 0x100000,
                             invocation->memory_size_mb);
  const char *start = kelvin_start_to_string (invocation->start);

  kelvin_say_remark (
      "%s%s%s · %.1f ms (%s) · billed %" G_GINT64_FORMAT " ms%s · %s estimated%s",
      kelvin_status_to_string (invocation->status), start == NULL ? "" : " · ",
      start == NULL ? "" : start, (double) kelvin_phases_get_total_us (&invocation->phases) / 1000,
      phases, invocation->billed_duration_ms, memory, cost,
      g_strcmp0 (invocation->isolation, "process") == 0 ? " · isolation process: not in a sandbox"
                                                        : "");
}

static void
print_text (const KelvinInvocation *invocation)
{
  print_payload (invocation);
  say_summary (invocation);
}

static const char *
outcome_words (KelvinStatus status)
{
  switch (status)
    {
    case KELVIN_STATUS_TIMEOUT:
      return "was ended at its timeout";
    case KELVIN_STATUS_OUT_OF_MEMORY:
      return "ran out of memory";
    case KELVIN_STATUS_THROTTLED:
      return "was throttled";
    case KELVIN_STATUS_CANCELLED:
    case KELVIN_STATUS_INTERRUPTED:
      return "was cancelled";
    case KELVIN_STATUS_RUNNING:
    case KELVIN_STATUS_OK:
    case KELVIN_STATUS_ERROR:
    default:
      return "failed";
    }
}

/* The payload of a failed invocation says why, but looks like a result. */
static void
say_failure (const KelvinInvocation *invocation)
{
  if (invocation->status != KELVIN_STATUS_OK)
    kelvin_say_error ("the function %s %s; `kelvin history show %s` says more",
                      invocation->function_name, outcome_words (invocation->status),
                      invocation->run_id);
}

static gboolean
check_qualifier (const char *function_name)
{
  if (qualifier == NULL || strcmp (qualifier, LATEST) == 0)
    return TRUE;
  kelvin_say_error (
      "--qualifier %s: the function %s has no such version or alias; right is " LATEST, qualifier,
      function_name);
  return FALSE;
}

/* Each name that had no door, with the one that would lead there. */
static void
say_refused (const KelvinInvocation *invocation)
{
  for (guint i = 0; invocation->refused != NULL && i < invocation->refused->len; i++)
    {
      const KelvinRefusedDestination *refused = invocation->refused->pdata[i];
      KelvinDoor *door = kelvin_refused_destination_to_door (refused);
      g_autoptr (JsonNode) node = kelvin_door_to_json (door);
      g_autofree char *text = json_to_string (node, FALSE);

      kelvin_say_warning ("the function asked for %s, which no door leads to; one that does, in "
                          "its function.json: \"Kelvin\": {\"Doors\": [%s]}",
                          refused->host, text);
      kelvin_door_free (door);
    }
}

static void
print_json (KelvinInvocation *invocation)
{
  g_autoptr (JsonNode) node = kelvin_invocation_to_json (invocation, FALSE);

  kelvin_print_json (node);
}

static int
invoke (const KelvinCommandLine *line, GBytes *event)
{
  KelvinSession *session = kelvin_session_open (line);
  g_autofree char *name = kelvin_event_input_get_name (event_file, line->operands[0]);
  const KelvinInvokeRequest request = {
    .function_dir = line->operands[0],
    .event = event,
    .event_name = name,
    .cold = cold,
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_invoke_async (kelvin_session_get_engine (session), &request,
                              kelvin_session_get_cancellable (session), kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinInvocation) invocation =
      kelvin_engine_invoke_finish (kelvin_session_get_engine (session), result, &error);
  if (invocation == NULL)
    return kelvin_session_close (session, kelvin_fail (error));

  if (show_log)
    say_log (invocation);
  if (invocation->note != NULL)
    kelvin_say_warning ("%s", invocation->note);
  say_refused (invocation);
  if (line->json)
    print_json (invocation);
  else
    print_text (invocation);
  kelvin_output_flush ();
  say_failure (invocation);
  return kelvin_session_close (session, kelvin_exit_status_of (invocation->status));
}

static int
run (const KelvinCommandLine *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) event = NULL;
  g_autoptr (KelvinFunction) function = kelvin_function_operand_load (line->operands[0], &error);

  if (function == NULL)
    return kelvin_fail (error);
  if (!check_qualifier (kelvin_function_get_name (function)))
    return KELVIN_EXIT_BAD_INPUT;
  event = kelvin_event_input_read (event_file, event_json, &error);
  if (event == NULL)
    return kelvin_fail (error);
  return invoke (line, event);
}

const KelvinCommand kelvin_command_invoke = {
  .name = "invoke",
  .operands = "DIR",
  .summary = "run a function once, and print its result",
  .description = "The result alone goes to standard output. Without --event the event is {}.\n"
                 "The invocation is kept in the history.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
