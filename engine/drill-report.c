#include "engine/drill.h"

#include "engine/analysis/money.h"

static JsonArray *
describe_steps (const KelvinDrillPlay *play)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < play->steps->len; i++)
    {
      const KelvinDrillStep *step = g_ptr_array_index (play->steps, i);
      JsonObject *item = json_object_new ();

      json_object_set_int_member (item, "atMs", step->at_ms);
      json_object_set_string_member (item, "what", step->what);
      json_array_add_object_element (array, item);
    }
  return array;
}

static double
amplification (const KelvinLoadResult *load)
{
  return load->offered > 0 ? (double) load->attempts / (double) load->offered : 0.0;
}

static void
set_counts (JsonObject *object, const KelvinLoadResult *load)
{
  json_object_set_int_member (object, "offered", (gint64) load->offered);
  json_object_set_int_member (object, "completed", (gint64) load->completed);
  json_object_set_int_member (object, "functionErrors", (gint64) load->function_errors);
  json_object_set_int_member (object, "attempts", (gint64) load->attempts);
  json_object_set_double_member (object, "amplification", amplification (load));
  json_object_set_int_member (object, "throttled", (gint64) load->throttled);
  json_object_set_int_member (object, "duplicateEffects", 0);
  json_object_set_int_member (object, "deadLetters", 0);
  json_object_set_int_member (object, "coldStarts", (gint64) load->cold_starts);
  json_object_set_int_member (object, "peakConcurrency", load->peak_concurrency);
  json_object_set_int_member (object, "environments", load->environments);
  json_object_set_int_member (object, "refusedConnections", (gint64) load->refused_connections);
}

/* "env 1 (2), env 3" as a list of ids. */
static JsonArray *
describe_holders (const KelvinLoadResult *load)
{
  JsonArray *array = json_array_new ();
  g_auto (GStrv) holders =
      g_strsplit (load->door_holders != NULL ? load->door_holders : "", ", ", -1);

  for (guint i = 0; holders[i] != NULL; i++)
    {
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "environmentId", holders[i]);
      json_array_add_object_element (array, item);
    }
  return array;
}

static JsonObject *
describe_play (const KelvinDrillReport *self, const KelvinDrillPlay *play)
{
  const KelvinLoadResult *load = play->load;
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "runId", load->run->id);
  json_object_set_string_member (object, "drill", self->drill->name);
  json_object_set_int_member (object, "seed", (gint64) self->seed);
  json_object_set_array_member (object, "steps", describe_steps (play));
  set_counts (object, load);
  json_object_set_array_member (object, "connectionHolders", describe_holders (load));
  json_object_set_int_member (object, "drainMs", load->planned_drain_ns / 1000000);
  json_object_set_double_member (object, "estimatedCostUSD",
                                 kelvin_pico_usd_to_usd (load->run->cost_pico_usd));
  json_object_set_string_member (object, "verdict", play->harmed ? "harmed" : "contained");
  json_object_set_string_member (object, "cause", play->cause);
  json_object_set_string_member (object, "fix", self->drill->fix);

  return object;
}

/* Planned time is said, so that nobody takes drainMs for a measurement. */
static JsonObject *
describe_clock (const KelvinDrillReport *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "time", "planned");
  json_object_set_int_member (object, "stepMs", self->step_ms);
  json_object_set_string_member (object, "cost", "each attempt is priced as one step");

  return object;
}

JsonNode *
kelvin_drill_report_to_json (const KelvinDrillReport *self)
{
  JsonObject *object = describe_play (self, self->first);
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_object_member (object, "clock", describe_clock (self));
  if (self->fixed != NULL)
    json_object_set_object_member (object, "withFix", describe_play (self, self->fixed));
  json_node_take_object (node, object);

  return node;
}

static void
write_row (GString *text, const char *what, const KelvinDrillReport *self,
           char *(*format) (const KelvinDrillPlay *play))
{
  g_autofree char *first = format (self->first);
  g_autofree char *fixed = self->fixed != NULL ? format (self->fixed) : NULL;

  g_string_append_printf (text, "| %s | %s |", what, first);
  if (fixed != NULL)
    g_string_append_printf (text, " %s |", fixed);
  g_string_append_c (text, '\n');
}

static char *
format_verdict (const KelvinDrillPlay *play)
{
  return g_strdup (play->harmed ? "**harmed**" : "contained");
}

static char *
format_events (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT, play->load->completed,
                          play->load->offered);
}

static char *
format_attempts (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT " · ×%.2f", play->load->attempts,
                          amplification (play->load));
}

static char *
format_throttled (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, play->load->throttled);
}

static char *
format_cold (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, play->load->cold_starts);
}

static char *
format_refused (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%" G_GUINT64_FORMAT, play->load->refused_connections);
}

static char *
format_drain (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("%.1f s", (double) play->load->planned_drain_ns / 1e9);
}

static char *
format_cost (const KelvinDrillPlay *play)
{
  return g_strdup_printf ("$%.9f", kelvin_pico_usd_to_usd (play->load->run->cost_pico_usd));
}

static void
write_play (GString *text, const char *title, const KelvinDrillPlay *play)
{
  g_string_append_printf (text, "\n## %s\n\n%s.\n\n", title, play->cause);
  for (guint i = 0; i < play->steps->len; i++)
    {
      const KelvinDrillStep *step = g_ptr_array_index (play->steps, i);

      g_string_append_printf (text, "- %" G_GINT64_FORMAT " ms: %s\n", step->at_ms, step->what);
    }
  g_string_append_printf (text, "- run %s\n", play->load->run->id);
}

char *
kelvin_drill_report_to_markdown (const KelvinDrillReport *self)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "# Drill %s: %s\n\n%s, seed %" G_GUINT64_FORMAT
                          ". Time is planned: an attempt takes %" G_GINT64_FORMAT
                          " ms of it, and costs as much.\n\n",
                          self->drill->name, self->first->load->run->function_name,
                          self->drill->summary, self->seed, self->step_ms);
  g_string_append (text, self->fixed != NULL ? "| | as it is | with the fix |\n|---|---|---|\n"
                                             : "| | as it is |\n|---|---|\n");
  write_row (text, "verdict", self, format_verdict);
  write_row (text, "events that succeeded", self, format_events);
  write_row (text, "attempts, amplification", self, format_attempts);
  write_row (text, "throttled events", self, format_throttled);
  write_row (text, "cold starts", self, format_cold);
  write_row (text, "refused connections", self, format_refused);
  write_row (text, "to drain", self, format_drain);
  write_row (text, "estimated cost", self, format_cost);
  write_play (text, "As it is", self->first);
  g_string_append_printf (text, "\nThe fix: %s.\n", self->drill->fix);
  if (self->fixed != NULL)
    write_play (text, "With the fix", self->fixed);

  return g_string_free (text, FALSE);
}
