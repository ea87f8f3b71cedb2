#include "app/await.h"
#include "app/command.h"
#include "app/connection-report.h"
#include "app/exit-status.h"
#include "app/figures.h"
#include "app/open-history.h"
#include "app/output.h"
#include "app/phase-bars.h"
#include "app/profile-report.h"
#include "app/table.h"
#include "engine/analysis/cost.h"
#include "engine/model/json-text.h"

#define MOST 1000
#define DETAILS_DEPTH 64

static char *after;
static int limit = 50;

static const GOptionEntry entries[] = {
  { "limit", 0, 0, G_OPTION_ARG_INT, &limit, "so many invocations at most; 50 unless told", "N" },
  { "after", 0, 0, G_OPTION_ARG_FILENAME, &after, "the page after: the \"next\" of the one before",
    "CURSOR" },
  { NULL },
};

static void
print_field (const char *name, const char *value)
{
  if (value != NULL && *value != '\0')
    kelvin_print ("%-10s %s\n", name, value);
}

static void
print_git (const KelvinRun *run)
{
  if (run->git_commit == NULL)
    return;
  g_autofree char *text = g_strdup_printf (
      "%.12s%s%s%s", run->git_commit, run->git_branch == NULL ? "" : " on ",
      run->git_branch == NULL ? "" : run->git_branch, run->git_clean ? "" : ", with changes");
  print_field ("commit", text);
}

/* What was enforced by what, and what was not. */
static void
print_limits (const KelvinLimits *limits)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    if (limits->by[i] != NULL)
      g_string_append_printf (text, "%s%s %s", text->len == 0 ? "" : ", ",
                              kelvin_limit_get_name (i), limits->by[i]);
  if (text->len > 0)
    print_field ("limits", text->str);
}

static void
print_run (const KelvinRun *run)
{
  g_autofree char *started = kelvin_format_local_time (run->started_at_us);
  g_autofree char *cost = kelvin_format_usd (run->cost_pico_usd);
  g_autofree char *counts = g_strdup_printf ("%" G_GINT64_FORMAT ", of them %" G_GINT64_FORMAT
                                             " cold, %" G_GINT64_FORMAT " failed",
                                             run->invocations, run->cold_starts, run->errors);

  print_field ("run", run->id);
  print_field ("kind", kelvin_run_kind_to_string (run->kind));
  print_field ("function", run->function_name);
  print_field ("version", run->version);
  print_git (run);
  print_field ("started", started);
  print_field ("status", kelvin_status_to_string (run->status));
  print_field ("invoked", counts);
  print_field ("isolation", run->isolation);
  print_limits (&run->limits);
  print_field ("note", run->note);
  print_field ("estimated", cost);
}

static void
print_text_block (const char *title, const char *text, gsize length)
{
  if (length == 0)
    return;
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  g_autofree char *styled = kelvin_styled (KELVIN_STYLE_TITLE, title);

  kelvin_print ("\n%s\n%s%s", styled, valid, g_str_has_suffix (valid, "\n") ? "" : "\n");
}

static void
print_bytes_block (const char *title, GBytes *bytes)
{
  gsize length = 0;
  const char *data = bytes == NULL ? NULL : g_bytes_get_data (bytes, &length);

  if (data != NULL)
    print_text_block (title, data, length);
}

static void
print_invocation (const KelvinInvocation *invocation)
{
  kelvin_print ("\n");
  kelvin_phase_bars_print (&invocation->phases, 0);
  print_bytes_block ("event", invocation->event);
  print_bytes_block ("result", invocation->payload);
  kelvin_connection_report_print (invocation);
  if (invocation->log != NULL)
    print_text_block ("log", invocation->log, strlen (invocation->log));
}

static void
print_invocations (GPtrArray *invocations)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("rlllrrrr");

  kelvin_table_add (table, "n", "request", "start", "status", "ms", "init ms", "handler ms", "MB",
                    NULL);
  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = g_ptr_array_index (invocations, i);
      const KelvinPhases *phases = &invocation->phases;
      const char *start = kelvin_start_to_string (invocation->start);
      g_autofree char *number = kelvin_format_count ((gint64) invocation->number);
      g_autofree char *request = kelvin_request_id_to_string (&invocation->request_id);
      g_autofree char *total = kelvin_format_ms (kelvin_phases_get_total_us (phases));
      g_autofree char *init = kelvin_format_ms (phases->us[KELVIN_PHASE_INIT]);
      g_autofree char *handler = kelvin_format_ms (phases->us[KELVIN_PHASE_HANDLER]);
      g_autofree char *memory = kelvin_format_megabytes (invocation->memory_peak_bytes);

      kelvin_table_add (table, number, request, start == NULL ? "–" : start,
                        kelvin_status_to_string (invocation->status), total, init, handler, memory,
                        NULL);
    }
  kelvin_print ("\n");
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
}

/* A profile keeps its own document with the run. */
static gboolean
print_details (const KelvinRun *run)
{
  if (run->kind != KELVIN_RUN_PROFILE || run->details_json == NULL)
    return FALSE;
  g_autoptr (JsonNode) node =
      kelvin_json_parse (run->details_json, strlen (run->details_json), DETAILS_DEPTH, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;
  kelvin_print ("\n");
  kelvin_profile_report_print (json_node_get_object (node));
  return TRUE;
}

static void
print_text (const KelvinRun *run, GPtrArray *invocations, const char *next)
{
  print_run (run);
  print_details (run);
  if (invocations->len == 1 && run->kind == KELVIN_RUN_INVOKE)
    print_invocation (g_ptr_array_index (invocations, 0));
  else if (invocations->len > 0)
    print_invocations (invocations);
  kelvin_output_flush ();
  if (next != NULL)
    kelvin_say_remark ("there are more invocations: --after %s", next);
}

/* The first transitions of a long run; whether they are all stands beside them. */
static void
add_environments (JsonObject *object, const KelvinRun *run, GPtrArray *transitions,
                  const char *next)
{
  json_object_set_member (object, "environments",
                          kelvin_past_transitions_to_json (transitions, run->started_at_ns));
  json_object_set_boolean_member (object, "environmentsComplete", next == NULL);
}

static GPtrArray *
list_transitions (KelvinStore *store, const KelvinRun *run, char **out_next, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_list_transitions_async (store, run->id, 0, MOST, NULL, NULL, kelvin_await_cb,
                                       &result);
  kelvin_await (&result);
  return kelvin_store_list_transitions_finish (store, result, out_next, error);
}

static gboolean
print_json (KelvinStore *store, KelvinRun *run, GPtrArray *invocations, const char *next,
            GError **error)
{
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonNode) node = json_node_init_object (json_node_alloc (), object);
  g_autofree char *later = NULL;
  g_autoptr (GPtrArray) transitions = list_transitions (store, run, &later, error);

  if (transitions == NULL)
    return FALSE;

  JsonArray *array = json_array_new ();

  json_object_set_member (object, "run", kelvin_run_to_json (run));
  for (guint i = 0; i < invocations->len; i++)
    json_array_add_element (array,
                            kelvin_invocation_to_json (g_ptr_array_index (invocations, i), TRUE));
  json_object_set_array_member (object, "invocations", array);
  if (next != NULL)
    json_object_set_string_member (object, "next", next);
  else
    json_object_set_null_member (object, "next");
  add_environments (object, run, transitions, later);
  kelvin_print_json (node);
  return TRUE;
}

static KelvinRun *
find_run (KelvinStore *store, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_get_run_async (store, id, NULL, kelvin_await_cb, &result);
  kelvin_await (&result);
  return kelvin_store_get_run_finish (store, result, error);
}

static gboolean
show (const KelvinCommandLine *line, KelvinStore *store, GError **error)
{
  g_autoptr (KelvinRun) run = find_run (store, line->operands[0], error);
  g_autoptr (GAsyncResult) result = NULL;
  g_autofree char *next = NULL;

  if (run == NULL)
    return FALSE;
  kelvin_store_list_invocations_async (store, run->id, (guint) limit, after, NULL, kelvin_await_cb,
                                       &result);
  kelvin_await (&result);
  g_autoptr (GPtrArray) invocations =
      kelvin_store_list_invocations_finish (store, result, &next, error);
  if (invocations == NULL)
    return FALSE;
  if (line->json)
    return print_json (store, run, invocations, next, error);
  print_text (run, invocations, next);
  return TRUE;
}

static int
run (const KelvinCommandLine *line)
{
  int exit_status = KELVIN_EXIT_OK;
  g_autoptr (GError) error = NULL;

  if (limit < 1 || limit > MOST)
    {
      kelvin_say_error ("--limit is %d; right is a number from 1 to %d", limit, MOST);
      return KELVIN_EXIT_BAD_INPUT;
    }
  g_autoptr (KelvinStore) store = kelvin_open_history (line, &error);
  if (store == NULL)
    return kelvin_fail (error);
  if (!show (line, store, &error))
    exit_status = kelvin_fail (error);
  kelvin_store_close (store);
  return exit_status;
}

const KelvinCommand kelvin_command_history_show = {
  .name = "history show",
  .operands = "ID",
  .summary = "a run and its invocations",
  .description =
      "ID is as `kelvin history list` shows it: whole, or as much as names one run alone.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
