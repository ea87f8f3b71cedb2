#include <math.h>

#include "engine/analysis/money.h"
#include "engine/tune.h"

static void
set_usd (JsonObject *object, const char *name, gint64 pico_usd)
{
  if (pico_usd < 0)
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, kelvin_pico_usd_to_usd (pico_usd));
}

static void
set_number (JsonObject *object, const char *name, double number)
{
  if (isnan (number))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, number);
}

static void
set_count (JsonObject *object, const char *name, gint64 count)
{
  if (count <= 0)
    json_object_set_null_member (object, name);
  else
    json_object_set_int_member (object, name, count);
}

static JsonNode *
summarise (const GArray *samples)
{
  const double *values = (const double *) (const void *) samples->data;
  KelvinSummary summary = kelvin_summary_of (values, samples->len);

  return kelvin_summary_to_json (&summary, values, samples->len);
}

static JsonObject *
describe_point (const KelvinTunePoint *point)
{
  JsonObject *object = json_object_new ();
  JsonArray *interval = json_array_new ();

  json_object_set_int_member (object, "memorySizeMB", point->memory_mb);
  json_object_set_int_member (object, "count", point->samples_ms->len);
  json_object_set_int_member (object, "errors", point->errors);
  json_object_set_string_member (
      object, "failure", point->errors > 0 ? kelvin_status_to_string (point->failure) : NULL);
  json_object_set_member (object, "durationMs", summarise (point->samples_ms));
  json_object_set_member (object, "cpuMs", summarise (point->cpu_ms));
  set_count (object, "billedDurationMs", point->billed_ms);
  set_usd (object, "estimatedCostUSD", point->cost_pico_usd);
  if (point->cost_low >= 0)
    {
      json_array_add_double_element (interval, kelvin_pico_usd_to_usd (point->cost_low));
      json_array_add_double_element (interval, kelvin_pico_usd_to_usd (point->cost_high));
    }
  json_object_set_array_member (object, "estimatedCostUSDCI95", interval);
  return object;
}

static JsonArray *
describe_points (const KelvinTune *self)
{
  JsonArray *points = json_array_new ();

  for (guint i = 0; i < self->points->len; i++)
    json_array_add_object_element (points, describe_point (self->points->pdata[i]));
  return points;
}

static JsonObject *
describe_model (const KelvinTune *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *predictions = json_array_new ();

  set_number (object, "fixedMs", self->model.fixed_ms);
  set_number (object, "workMs", self->model.work_ms);
  set_count (object, "cores", self->model.cores);
  set_number (object, "errorPercent", self->model.error_percent);
  for (guint i = 0; i < self->predictions->len; i++)
    {
      const KelvinTunePrediction *prediction =
          &g_array_index (self->predictions, KelvinTunePrediction, i);
      JsonObject *one = json_object_new ();

      json_object_set_int_member (one, "memorySizeMB", prediction->memory_mb);
      json_object_set_double_member (one, "durationMs", prediction->duration_ms);
      set_usd (one, "estimatedCostUSD", prediction->cost_pico_usd);
      json_array_add_object_element (predictions, one);
    }
  json_object_set_array_member (object, "predictions", predictions);
  return object;
}

static JsonArray *
describe_remarks (const KelvinTune *self)
{
  g_auto (GStrv) remarks = kelvin_tune_get_remarks (self);
  JsonArray *array = json_array_new ();

  for (guint i = 0; remarks[i] != NULL; i++)
    json_array_add_string_element (array, remarks[i]);
  return array;
}

static void
describe_run (const KelvinTune *self, JsonObject *object)
{
  json_object_set_string_member (object, "runId", self->run->id);
  json_object_set_string_member (object, "functionName", self->run->function_name);
  json_object_set_string_member (object, "version", self->run->version);
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->run->status));
  json_object_set_string_member (object, "event", self->event_name);
  json_object_set_string_member (object, "note", self->run->note);
  json_object_set_string_member (object, "isolation", self->run->isolation);
  json_object_set_member (object, "limits", kelvin_limits_to_json (&self->run->limits));
}

JsonNode *
kelvin_tune_to_json (const KelvinTune *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  describe_run (self, object);
  json_object_set_int_member (object, "runs", self->runs);
  json_object_set_array_member (object, "points", describe_points (self));
  set_count (object, "cheapest", self->cheapest);
  set_count (object, "fastest", self->fastest);
  set_count (object, "balanced", self->balanced);
  if (self->has_model)
    json_object_set_object_member (object, "model", describe_model (self));
  else
    json_object_set_null_member (object, "model");
  json_object_set_boolean_member (object, "singleThreaded", self->single_threaded);
  json_object_set_array_member (object, "remarks", describe_remarks (self));
  json_node_take_object (node, object);
  return node;
}
