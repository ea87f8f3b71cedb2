#include "engine/load.h"

#include <math.h>

#include "engine/analysis/money.h"

void
kelvin_load_result_free (KelvinLoadResult *self)
{
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_free (self->pattern);
  g_free (self->stopped_by);
  g_free (self->door_holders);
  g_free (self->warning);
  g_free (self);
}

static void
set_number (JsonObject *object, const char *name, double value)
{
  if (isnan (value))
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, value);
}

/* A share of nothing is null. */
static void
set_share (JsonObject *object, const char *name, guint64 part, guint64 whole)
{
  set_number (object, name, whole > 0 ? (double) part / (double) whole : NAN);
}

static void
set_summary (JsonObject *object, const char *name, const KelvinSummary *summary)
{
  json_object_set_member (object, name, kelvin_summary_to_json (summary, NULL, 0));
}

static double
to_ms (gint64 ns)
{
  return ns < 0 ? NAN : (double) ns / 1e6;
}

static void
set_counts (JsonObject *object, const KelvinLoadResult *self)
{
  json_object_set_int_member (object, "offered", (gint64) self->offered);
  json_object_set_int_member (object, "completed", (gint64) self->completed);
  json_object_set_int_member (object, "functionErrors", (gint64) self->function_errors);
  json_object_set_int_member (object, "throttled", (gint64) self->throttled);
  json_object_set_int_member (object, "cancelled", (gint64) self->cancelled);
  json_object_set_int_member (object, "callerTimeouts", (gint64) self->caller_timeouts);
  json_object_set_int_member (object, "refusedConnections", (gint64) self->refused_connections);
  json_object_set_int_member (object, "attempts", (gint64) self->attempts);
  set_share (object, "amplification", self->attempts, self->offered + self->cancelled);
  set_share (object, "firstAttemptSuccessRate", self->first_attempt_successes, self->offered);
  set_share (object, "successRate", self->completed, self->offered);
}

static void
set_throttles (JsonObject *object, const KelvinLoadResult *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 1; i < KELVIN_N_THROTTLES; i++)
    {
      JsonObject *item;

      if (self->throttled_attempts[i] == 0)
        continue;
      item = json_object_new ();
      json_object_set_string_member (item, "limit", kelvin_throttle_get_limit (i));
      json_object_set_string_member (item, "reason", kelvin_throttle_get_reason (i));
      json_object_set_int_member (item, "attempts", (gint64) self->throttled_attempts[i]);
      json_array_add_object_element (array, item);
    }
  json_object_set_array_member (object, "throttles", array);
}

static void
set_times (JsonObject *object, const KelvinLoadResult *self)
{
  double duration_s = (double) self->duration_ns / 1e9;
  JsonObject *lateness = json_object_new ();

  json_object_set_double_member (object, "drainS", (double) self->drain_ns / 1e9);
  json_object_set_double_member (object, "durationS", duration_s);
  set_number (object, "throughputPerS",
              duration_s > 0.0 ? (double) self->completed / duration_s : NAN);
  json_object_set_double_member (object, "engineCpuMs", (double) self->engine_cpu_ns / 1e6);
  set_number (object, "plannedRatePerS", self->planned_rate);
  set_number (object, "reachedRatePerS", self->reached_rate);
  set_number (lateness, "p50", to_ms (self->lateness_p50_ns));
  set_number (lateness, "p99", to_ms (self->lateness_p99_ns));
  set_number (lateness, "max", to_ms (self->lateness_max_ns));
  json_object_set_object_member (object, "latenessMs", lateness);
  set_summary (object, "latencyMs", &self->latency);
  set_summary (object, "coldLatencyMs", &self->cold_latency);
  set_summary (object, "warmLatencyMs", &self->warm_latency);
  set_summary (object, "queueMs", &self->queue);
}

JsonNode *
kelvin_load_result_to_json (const KelvinLoadResult *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "runId", self->run->id);
  json_object_set_string_member (object, "functionName", self->run->function_name);
  json_object_set_string_member (object, "version", self->run->version);
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->run->status));
  json_object_set_string_member (object, "pattern", self->pattern);
  json_object_set_int_member (object, "seed", (gint64) self->seed);
  set_counts (object, self);
  set_throttles (object, self);
  set_times (object, self);
  json_object_set_int_member (object, "coldStarts", (gint64) self->cold_starts);
  json_object_set_int_member (object, "peakConcurrency", self->peak_concurrency);
  json_object_set_int_member (object, "environments", self->environments);
  json_object_set_double_member (object, "estimatedCostUSD",
                                 kelvin_pico_usd_to_usd (self->run->cost_pico_usd));
  json_object_set_string_member (object, "stoppedBy", self->stopped_by);
  json_object_set_string_member (object, "warning", self->warning);
  json_object_set_string_member (object, "note", self->run->note);
  json_object_set_string_member (object, "isolation", self->run->isolation);
  json_node_take_object (node, object);

  return node;
}
