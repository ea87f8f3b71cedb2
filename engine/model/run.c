#include "engine/model/run.h"

#include "engine/model/json-member.h"

G_DEFINE_BOXED_TYPE (KelvinRun, kelvin_run, kelvin_run_ref, kelvin_run_unref)

KelvinRun *
kelvin_run_new (void)
{
  KelvinRun *self = g_new0 (KelvinRun, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->ended_at_us = -1;
  self->started_at_ns = -1;
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

JsonNode *
kelvin_run_to_json (KelvinRun *self)
{
  JsonObject *object = json_object_new ();

  kelvin_json_set_string (object, "runId", self->id);
  json_object_set_string_member (object, "kind", kelvin_run_kind_to_string (self->kind));
  kelvin_json_set_string (object, "functionName", self->function_name);
  kelvin_json_set_string (object, "version", self->version);
  kelvin_json_set_string (object, "gitCommit", self->git_commit);
  kelvin_json_set_string (object, "gitBranch", self->git_branch);
  if (self->git_commit != NULL)
    json_object_set_boolean_member (object, "gitClean", self->git_clean);
  kelvin_json_set_instant (object, "startedAt", self->started_at_us);
  kelvin_json_set_instant (object, "endedAt", self->ended_at_us);
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->status));
  json_object_set_int_member (object, "invocations", self->invocations);
  json_object_set_int_member (object, "errors", self->errors);
  json_object_set_int_member (object, "coldStarts", self->cold_starts);
  kelvin_json_set_ms (object, "p50Ms", self->p50_us);
  kelvin_json_set_ms (object, "p99Ms", self->p99_us);
  kelvin_json_set_ms (object, "coldP50Ms", self->cold_p50_us);
  kelvin_json_set_ms (object, "warmP50Ms", self->warm_p50_us);
  kelvin_json_set_usd (object, "estimatedCostUSD", self->cost_pico_usd);
  kelvin_json_set_string (object, "isolation", self->isolation);
  json_object_set_member (object, "limits", kelvin_limits_to_json (&self->limits));
  kelvin_json_set_string (object, "note", self->note);

  return kelvin_json_take_object (object);
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
