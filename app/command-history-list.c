#include "app/await.h"
#include "app/command.h"
#include "app/exit-status.h"
#include "app/figures.h"
#include "app/open-history.h"
#include "app/output.h"
#include "app/table.h"
#include "engine/analysis/cost.h"
#include "engine/model/since.h"

#define MOST 1000

static char *function_name;
static char *status;
static char *since;
static char *until;
static char *after;
static int limit = 50;

static const GOptionEntry entries[] = {
  { "function", 0, 0, G_OPTION_ARG_FILENAME, &function_name, "runs of this function alone",
    "NAME" },
  { "status", 0, 0, G_OPTION_ARG_FILENAME, &status,
    "ok, error, timeout, out-of-memory, cancelled, …", "STATUS" },
  { "since", 0, 0, G_OPTION_ARG_FILENAME, &since,
    "begun within 30m, 24h or 7d, or since 2026-01-31", "TIME" },
  { "until", 0, 0, G_OPTION_ARG_FILENAME, &until, "begun before 24h ago, or before 2026-01-31",
    "TIME" },
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "so many at most; 50 unless told", "N" },
  { "after", 0, 0, G_OPTION_ARG_FILENAME, &after, "the page after: the \"next\" of the one before",
    "CURSOR" },
  { NULL },
};

static int
say_wrong_value (const char *option, const char *value, const char *right)
{
  kelvin_say_error ("%s is \"%s\"; right is %s", option, value, right);
  return KELVIN_EXIT_BAD_INPUT;
}

static void
add_run (KelvinTable *table, const KelvinRun *run)
{
  g_autofree char *id = kelvin_format_run_id (run->id);
  g_autofree char *started = kelvin_format_local_time (run->started_at_us);
  g_autofree char *count = kelvin_format_count (run->invocations);
  g_autofree char *cold = kelvin_format_count (run->cold_starts);
  g_autofree char *p50 = kelvin_format_ms (run->p50_us);
  g_autofree char *p99 = kelvin_format_ms (run->p99_us);
  g_autofree char *cost = kelvin_format_usd (run->cost_pico_usd);
  gboolean failed = kelvin_exit_status_of (run->status) != KELVIN_EXIT_OK;
  g_autofree char *ending =
      failed ? kelvin_styled (KELVIN_STYLE_BAD, kelvin_status_to_string (run->status))
             : g_strdup (kelvin_status_to_string (run->status));

  kelvin_table_add (table, id, started, kelvin_run_kind_to_string (run->kind), run->function_name,
                    ending, count, cold, p50, p99, cost, run->note, NULL);
}

static void
print_text (GPtrArray *runs, const char *next)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("lllllrrrrrl");

  if (runs->len == 0)
    {
      kelvin_say_remark ("no runs");
      return;
    }
  kelvin_table_add (table, "run", "started", "kind", "function", "status", "n", "cold", "p50 ms",
                    "p99 ms", "estimated", "note", NULL);
  for (guint i = 0; i < runs->len; i++)
    add_run (table, g_ptr_array_index (runs, i));
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  kelvin_output_flush ();
  if (next != NULL)
    kelvin_say_remark ("there are more: --after %s", next);
}

static void
print_json (GPtrArray *runs, const char *next)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < runs->len; i++)
    json_array_add_element (array, kelvin_run_to_json (g_ptr_array_index (runs, i)));
  json_object_set_array_member (object, "runs", array);
  if (next != NULL)
    json_object_set_string_member (object, "next", next);
  else
    json_object_set_null_member (object, "next");
  kelvin_print_json (node);
}

static int
list (const KelvinCommandLine *line, const KelvinRunFilter *filter)
{
  int exit_status = KELVIN_EXIT_OK;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinStore) store = kelvin_open_history (line, &error);
  g_autofree char *next = NULL;

  if (store == NULL)
    return kelvin_fail (error);
  kelvin_store_list_runs_async (store, filter, NULL, kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (GPtrArray) runs = kelvin_store_list_runs_finish (store, result, &next, &error);
  if (runs == NULL)
    exit_status = kelvin_fail (error);
  else if (line->json)
    print_json (runs, next);
  else
    print_text (runs, next);
  kelvin_store_close (store);
  return exit_status;
}

static int
run (const KelvinCommandLine *line)
{
  KelvinRunFilter filter = { .function_name = function_name,
                             .status = status,
                             .since_us = -1,
                             .until_us = -1,
                             .limit = (guint) limit,
                             .after = after };
  KelvinStatus known;

  if (limit < 1 || limit > MOST)
    {
      kelvin_say_error ("--limit is %d; right is a number from 1 to %d", limit, MOST);
      return KELVIN_EXIT_BAD_INPUT;
    }
  if (status != NULL && !kelvin_status_from_string (status, &known))
    return say_wrong_value ("--status", status,
                            "running, ok, error, timeout, out-of-memory, throttled, cancelled or "
                            "interrupted");
  if (since != NULL && !kelvin_parse_since (since, g_get_real_time (), &filter.since_us))
    return say_wrong_value ("--since", since,
                            "a span like 30m, 24h or 7d, a date, or an RFC 3339 time");
  if (until != NULL && !kelvin_parse_since (until, g_get_real_time (), &filter.until_us))
    return say_wrong_value ("--until", until,
                            "a span like 30m, 24h or 7d, a date, or an RFC 3339 time");
  return list (line, &filter);
}

const KelvinCommand kelvin_command_history_list = {
  .name = "history list",
  .operands = "",
  .summary = "the runs, newest first",
  .entries = entries,
  .max_operands = 0,
  .run = run,
};
