#include "app/await.h"
#include "app/command.h"
#include "app/event-input.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/output.h"
#include "app/session.h"
#include "app/tune-report.h"
#include "engine/tune.h"

static char *memory_list;
static int runs = KELVIN_TUNE_USUAL_RUNS;
static char *event_file;
static char *event_json;

static const GOptionEntry entries[] = {
  { "memory", 0, 0, G_OPTION_ARG_STRING, &memory_list,
    "sizes in MB; 128,256,512,1024,1769,3008 unless told", "LIST" },
  { "runs", 0, 0, G_OPTION_ARG_INT, &runs, "warm invokes of each size; 20 unless told", "N" },
  { "event", 0, 0, G_OPTION_ARG_FILENAME, &event_file, "the event; - reads standard input",
    "FILE" },
  { "event-json", 0, 0, G_OPTION_ARG_FILENAME, &event_json, "the event itself, as JSON text",
    "TEXT" },
  { NULL },
};

static void
progress_cb (const KelvinProgress *progress, gpointer user_data)
{
  kelvin_show_progress ("invoke %u of %u, %u MB", progress->done, progress->total,
                        progress->last != NULL ? progress->last->memory_size_mb : 0);
}

/* NULL, with a message: the list is wrong. */
static GArray *
read_sizes (const char *list)
{
  g_auto (GStrv) words = g_strsplit (list, ",", -1);
  g_autoptr (GArray) sizes = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; words[i] != NULL; i++)
    {
      guint64 size = 0;
      guint number;

      if (!g_ascii_string_to_unsigned (g_strstrip (words[i]), 10, 128, 10240, &size, NULL))
        {
          kelvin_say_error ("--memory names “%s”; right is whole numbers from 128 to 10240, with "
                            "commas between them",
                            words[i]);
          return NULL;
        }
      number = (guint) size;
      g_array_append_val (sizes, number);
    }
  return g_steal_pointer (&sizes);
}

static int
exit_status_of (const KelvinTune *tune)
{
  return kelvin_exit_status_of (tune->run->status);
}

static void
say_what_happened (const KelvinTune *tune)
{
  if (tune->run->note != NULL)
    kelvin_say_warning ("%s", tune->run->note);
  if (tune->run->status == KELVIN_STATUS_CANCELLED)
    kelvin_say_error ("interrupted; what had been measured was kept");
  else if (tune->fastest == 0)
    kelvin_say_error ("no memory size is a choice: invokes failed at each; see kelvin history "
                      "show %s",
                      tune->run->id);
}

static int
measure (const KelvinCommandLine *line, const KelvinTuneRequest *request)
{
  KelvinSession *session = kelvin_session_open (line);
  KelvinEngine *engine = kelvin_session_get_engine (session);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_tune_async (engine, request, kelvin_session_get_cancellable (session), progress_cb,
                            NULL, kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinTune) tune = kelvin_engine_tune_finish (engine, result, &error);
  if (tune == NULL)
    return kelvin_session_close (session, kelvin_fail (error));

  if (line->json)
    {
      g_autoptr (JsonNode) document = kelvin_tune_to_json (tune);

      kelvin_print_json (document);
    }
  else
    kelvin_tune_report_print (tune);
  kelvin_output_flush ();
  say_what_happened (tune);
  return kelvin_session_close (session, exit_status_of (tune));
}

static int
run (const KelvinCommandLine *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) sizes = NULL;
  g_autoptr (GBytes) event = NULL;
  g_autofree char *wrong = NULL;
  g_autofree char *name = kelvin_event_input_get_name (event_file, line->operands[0]);
  KelvinTuneRequest request = { .function_dir = line->operands[0],
                                .event_name = name,
                                .runs = (guint) MAX (runs, 0) };

  if (memory_list != NULL)
    {
      sizes = read_sizes (memory_list);
      if (sizes == NULL)
        return KELVIN_EXIT_BAD_INPUT;
      request.memory_mb = sizes;
    }
  wrong = kelvin_tune_request_check (&request);
  if (wrong != NULL)
    {
      kelvin_say_error ("%s", wrong);
      return KELVIN_EXIT_BAD_INPUT;
    }

  g_autoptr (KelvinFunction) function = kelvin_function_operand_load (line->operands[0], &error);
  if (function == NULL)
    return kelvin_fail (error);
  event = kelvin_event_input_read (event_file, event_json, &error);
  if (event == NULL)
    return kelvin_fail (error);
  request.event = event;
  return measure (line, &request);
}

const KelvinCommand kelvin_command_tune = {
  .name = "tune",
  .operands = "DIR",
  .summary = "measure duration and cost over memory sizes, and recommend one",
  .description =
      "Each size runs in an environment of its own, under the CPU share that follows from it, and\n"
      "all sizes take turns in random order. The cheapest size has the lowest cost of a call, the\n"
      "fastest the lowest duration that can be told from others', and the balanced one the lowest\n"
      "product of both.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
