#include "app/await.h"
#include "app/command.h"
#include "app/event-input.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/output.h"
#include "app/session.h"
#include "app/table.h"
#include "engine/drill.h"

static gboolean with_fix;
static gboolean markdown;
static gint64 seed = 1;
static char *event_file;

static const GOptionEntry entries[] = {
  { "with-fix", 0, 0, G_OPTION_ARG_NONE, &with_fix, "plays it again with the fix, beside the first",
    NULL },
  { "markdown", 0, 0, G_OPTION_ARG_NONE, &markdown, "the report as Markdown", NULL },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "of all that is drawn; 1 unless told", "N" },
  { "event", 0, 0, G_OPTION_ARG_FILENAME, &event_file, "the event; - reads standard input",
    "FILE" },
  { NULL },
};

static void
print_list_json (const KelvinDrillInfo *drills, guint n)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < n; i++)
    {
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "name", drills[i].name);
      json_object_set_string_member (item, "summary", drills[i].summary);
      json_object_set_string_member (item, "fix", drills[i].fix);
      json_array_add_object_element (array, item);
    }
  json_object_set_array_member (object, "drills", array);
  json_node_take_object (node, object);
  kelvin_print_json (node);
}

static int
list (const KelvinCommandLine *line)
{
  guint n = 0;
  const KelvinDrillInfo *drills = kelvin_drill_list (&n);
  g_autoptr (KelvinTable) table = kelvin_table_new ("ll");

  if (line->json)
    {
      print_list_json (drills, n);
      return KELVIN_EXIT_OK;
    }
  kelvin_table_add (table, "drill", "what happens", NULL);
  for (guint i = 0; i < n; i++)
    kelvin_table_add (table, drills[i].name, drills[i].summary, NULL);
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  return KELVIN_EXIT_OK;
}

static void
progress_cb (const KelvinLoadBatch *batch, gpointer user_data)
{
  kelvin_show_progress (
      "%s: %" G_GUINT64_FORMAT " attempts, %" G_GUINT64_FORMAT " of them throttled",
      (const char *) user_data, batch->counts.attempts, batch->counts.throttled_attempts);
}

static int
play (const KelvinCommandLine *line, GBytes *event)
{
  KelvinSession *session = kelvin_session_open (line);
  KelvinEngine *engine = kelvin_session_get_engine (session);
  const KelvinDrillRequest request = {
    .name = line->operands[0],
    .function_dir = line->operands[1],
    .event = event,
    .seed = (guint64) seed,
    .with_fix = with_fix,
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_drill_async (engine, &request, kelvin_session_get_cancellable (session),
                             progress_cb, line->operands[0], kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinDrillReport) report = kelvin_engine_drill_finish (engine, result, &error);
  if (report == NULL)
    return kelvin_session_close (session, kelvin_fail (error));

  g_autoptr (JsonNode) document = kelvin_drill_report_to_json (report);
  g_autofree char *text = kelvin_drill_report_to_markdown (report);
  if (line->json)
    kelvin_print_json (document);
  else
    kelvin_print ("%s", text);
  return kelvin_session_close (session, KELVIN_EXIT_OK);
}

static int
run (const KelvinCommandLine *line)
{
  g_autoptr (GError) error = NULL;
  guint n_operands = g_strv_length ((char **) line->operands);

  if (n_operands == 0)
    return list (line);
  if (n_operands == 1)
    {
      kelvin_say_error ("which function? right is: kelvin drill %s DIR", line->operands[0]);
      return KELVIN_EXIT_BAD_INPUT;
    }
  if (line->json && markdown)
    {
      kelvin_say_error ("--json and --markdown can't both be");
      return KELVIN_EXIT_BAD_INPUT;
    }

  g_autoptr (KelvinFunction) function = kelvin_function_operand_load (line->operands[1], &error);
  if (function == NULL)
    return kelvin_fail (error);
  g_autoptr (GBytes) event = kelvin_event_input_read (event_file, NULL, &error);
  if (event == NULL)
    return kelvin_fail (error);
  return play (line, event);
}

const KelvinCommand kelvin_command_drill = {
  .name = "drill",
  .operands = "[NAME DIR]",
  .summary = "play a failure scenario on a function and report what helps",
  .description =
      "Without operands it lists the drills. A drill is played in planned time: handlers really\n"
      "run, but the clock of events, limits and callers stands still meanwhile, so one seed has\n"
      "one result. The report says cause and fix; --with-fix plays both.",
  .entries = entries,
  .min_operands = 0,
  .max_operands = 2,
  .run = run,
};
