#include "engine/model/run.h"

#define PICO_PER_USD 1e12

G_DEFINE_BOXED_TYPE (KelvinRun, kelvin_run, kelvin_run_ref, kelvin_run_unref)

KelvinRun *
kelvin_run_new (void)
{
  KelvinRun *self = g_new0 (KelvinRun, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->ended_at_us = -1;
  self->p50_us = -1;
  self->p99_us = -1;
  self->cold_p50_us = -1;
  self->warm_p50_us = -1;
  return self;
}

KelvinRun *
kelvin_run_copy (const KelvinRun *self)
{
  KelvinRun *copy = g_memdup2 (self, sizeof *self);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->id = g_strdup (self->id);
  copy->engine_id = g_strdup (self->engine_id);
  copy->function_name = g_strdup (self->function_name);
  copy->version = g_strdup (self->version);
  copy->git_commit = g_strdup (self->git_commit);
  copy->git_branch = g_strdup (self->git_branch);
  copy->note = g_strdup (self->note);
  copy->isolation = g_strdup (self->isolation);
  copy->details_json = g_strdup (self->details_json);
  return copy;
}

KelvinRun *
kelvin_run_ref (KelvinRun *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kelvin_run_unref (KelvinRun *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->id);
  g_free (self->engine_id);
  g_free (self->function_name);
  g_free (self->version);
  g_free (self->git_commit);
  g_free (self->git_branch);
  g_free (self->note);
  g_free (self->isolation);
  g_free (self->details_json);
  g_free (self);
}

static void
set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_instant (JsonObject *object, const char *name, gint64 us)
{
  g_autofree char *text = us >= 0 ? kelvin_format_instant (us) : NULL;

  set_string (object, name, text);
}

static void
set_ms (JsonObject *object, const char *name, gint64 us)
{
  if (us >= 0)
    json_object_set_double_member (object, name, kelvin_us_to_ms (us));
  else
    json_object_set_null_member (object, name);
}

JsonNode *
kelvin_run_to_json (KelvinRun *self)
{
  JsonObject *object = json_object_new ();

  set_string (object, "runId", self->id);
  json_object_set_string_member (object, "kind", kelvin_run_kind_to_string (self->kind));
  set_string (object, "functionName", self->function_name);
  set_string (object, "version", self->version);
  set_string (object, "gitCommit", self->git_commit);
  set_string (object, "gitBranch", self->git_branch);
  if (self->git_commit != NULL)
    json_object_set_boolean_member (object, "gitClean", self->git_clean);
  set_instant (object, "startedAt", self->started_at_us);
  set_instant (object, "endedAt", self->ended_at_us);
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->status));
  json_object_set_int_member (object, "invocations", self->invocations);
  json_object_set_int_member (object, "errors", self->errors);
  json_object_set_int_member (object, "coldStarts", self->cold_starts);
  set_ms (object, "p50Ms", self->p50_us);
  set_ms (object, "p99Ms", self->p99_us);
  set_ms (object, "coldP50Ms", self->cold_p50_us);
  set_ms (object, "warmP50Ms", self->warm_p50_us);
  json_object_set_double_member (object, "estimatedCostUSD",
                                 (double) self->cost_pico_usd / PICO_PER_USD);
  set_string (object, "isolation", self->isolation);
  set_string (object, "note", self->note);

  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, object);
  return node;
}

char *
kelvin_format_instant (gint64 us)
{
  g_return_val_if_fail (us >= 0, NULL);

  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (us / G_USEC_PER_SEC);
  g_return_val_if_fail (time != NULL, NULL); /* after the year 9999 */

  g_autofree char *seconds = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  return g_strdup_printf ("%s.%03dZ", seconds, (int) (us % G_USEC_PER_SEC / 1000));
}

double
kelvin_us_to_ms (gint64 us)
{
  return (double) us / 1000.0;
}
