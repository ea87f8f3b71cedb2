#include "engine/model/invocation.h"

#include <math.h>
#include <string.h>

#include "engine/model/json-member.h"
#include "engine/model/json-text.h"
#include "engine/model/run.h"

#define LOG_IN_JSON 65536
#define BYTES_PER_MB (1024.0 * 1024.0)

G_DEFINE_BOXED_TYPE (KelvinInvocation, kelvin_invocation, kelvin_invocation_ref,
                     kelvin_invocation_unref)

KelvinInvocation *
kelvin_invocation_new (void)
{
  KelvinInvocation *self = g_new0 (KelvinInvocation, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->phases = KELVIN_PHASES_NONE;
  self->init_duration_us = -1;
  self->cpu_us = -1;
  self->throttled_us = -1;
  self->memory_peak_bytes = -1;
  self->init_memory_peak_bytes = -1;
  self->environment_memory_peak_bytes = -1;
  self->cgroup_peak_bytes = -1;
  self->temporary_peak_bytes = -1;
  return self;
}

KelvinInvocation *
kelvin_invocation_ref (KelvinInvocation *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kelvin_invocation_unref (KelvinInvocation *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_free (self->run_id);
  g_free (self->function_name);
  g_free (self->version);
  g_free (self->environment);
  g_free (self->function_error);
  g_free (self->error_type);
  g_clear_pointer (&self->event, g_bytes_unref);
  g_clear_pointer (&self->payload, g_bytes_unref);
  g_free (self->log);
  g_free (self->note);
  g_clear_pointer (&self->connections, g_ptr_array_unref);
  g_clear_pointer (&self->refused, g_ptr_array_unref);
  g_clear_pointer (&self->attempts, g_array_unref);
  g_free (self);
}

/* Two places after the point: more would pretend to a precision that samples of pages haven't got.
 */
static double
bytes_to_mb (gint64 bytes)
{
  return round ((double) bytes / BYTES_PER_MB * 100.0) / 100.0;
}

static void
set_megabytes (JsonObject *object, const char *name, gint64 bytes)
{
  if (bytes >= 0)
    json_object_set_double_member (object, name, bytes_to_mb (bytes));
  else
    json_object_set_null_member (object, name);
}

static void
set_memory (JsonObject *object, const KelvinInvocation *self)
{
  json_object_set_int_member (object, "memorySizeMB", self->memory_size_mb);
  set_megabytes (object, "maxMemoryUsedMB", self->memory_peak_bytes);
  set_megabytes (object, "initMaxMemoryUsedMB", self->init_memory_peak_bytes);
  set_megabytes (object, "environmentMaxMemoryUsedMB", self->environment_memory_peak_bytes);
  if (self->cgroup_peak_bytes >= 0)
    set_megabytes (object, "cgroupPeakMB", self->cgroup_peak_bytes);
  if (self->temporary_size_mb > 0)
    json_object_set_int_member (object, "ephemeralStorageSizeMB", self->temporary_size_mb);
  set_megabytes (object, "ephemeralStorageUsedMB", self->temporary_peak_bytes);
}

/* Of a cold start alone: others make none. */
static void
set_parked (JsonObject *object, const KelvinInvocation *self)
{
  if (self->start == KELVIN_START_COLD)
    json_object_set_boolean_member (object, "sandboxParked", self->was_parked);
}

static void
set_conditions (JsonObject *object, const KelvinInvocation *self)
{
  kelvin_json_set_string (object, "isolation", self->isolation);
  json_object_set_member (object, "limits", kelvin_limits_to_json (&self->limits));
}

static JsonNode *
bytes_to_string_node (const char *data, gsize length)
{
  g_autofree char *text = g_utf8_make_valid (data, (gssize) length);

  return json_node_init_string (json_node_alloc (), text);
}

/* A payload that wasn't kept has no member: null would be a result. */
static void
set_payload (JsonObject *object, GBytes *payload)
{
  if (payload == NULL)
    return;

  gsize length = 0;
  const char *data = g_bytes_get_data (payload, &length);
  JsonNode *node = kelvin_json_parse (data, length, KELVIN_JSON_PAYLOAD_DEPTH, NULL);

  json_object_set_member (object, "payload",
                          node != NULL ? node : bytes_to_string_node (data, length));
}

/* The end of the log, from the beginning of a line where one begins there. */
static const char *
log_tail (const char *log)
{
  gsize length = strlen (log);
  if (length <= LOG_IN_JSON)
    return log;

  const char *tail = log + length - LOG_IN_JSON;
  const char *line = strchr (tail, '\n');
  if (line != NULL && line[1] != '\0')
    return line + 1;

  while (((guchar) *tail & 0xc0) == 0x80)
    tail++;
  return tail;
}

static JsonObject *
attempt_to_json (guint number, KelvinStart start, gint64 started_at_us, const KelvinPhases *phases)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", number);
  kelvin_json_set_string (object, "start", kelvin_start_to_string (start));
  kelvin_json_set_instant (object, "startedAt", started_at_us);
  json_object_set_member (object, "phases", kelvin_phases_to_json (phases));
  return object;
}

static void
set_attempts (JsonObject *object, const KelvinInvocation *self)
{
  JsonArray *array = json_array_new ();
  guint further = self->attempts != NULL ? self->attempts->len : 0;
  JsonObject *first = attempt_to_json (1, self->start, self->started_at_us, &self->phases);

  /* what follows a first attempt is there because that one failed; the record keeps the outcome
   * alone */
  kelvin_json_set_string (
      first, "status", kelvin_status_to_string (further > 0 ? KELVIN_STATUS_ERROR : self->status));
  json_array_add_object_element (array, first);
  for (guint i = 0; i < further; i++)
    {
      const KelvinAttempt *attempt = &g_array_index (self->attempts, KelvinAttempt, i);
      JsonObject *item = attempt_to_json (attempt->number, attempt->start, attempt->started_at_us,
                                          &attempt->phases);

      kelvin_json_set_string (item, "status", kelvin_status_to_string (attempt->status));
      json_array_add_object_element (array, item);
    }

  json_object_set_array_member (object, "attempts", array);
}

static void
set_identity (JsonObject *object, const KelvinInvocation *self)
{
  char request_id[KELVIN_REQUEST_ID_LENGTH + 1];

  kelvin_request_id_to_text (&self->request_id, request_id);
  kelvin_json_set_string (object, "runId", self->run_id);
  json_object_set_string_member (object, "requestId", request_id);
  kelvin_json_set_string (object, "functionName", self->function_name);
  kelvin_json_set_string (object, "version", self->version);
  kelvin_json_set_string (object, "environment", self->environment);
  kelvin_json_set_instant (object, "startedAt", self->started_at_us);
}

static void
set_outcome (JsonObject *object, const KelvinInvocation *self)
{
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->status));
  json_object_set_int_member (object, "statusCode", self->status_code);
  kelvin_json_set_string (object, "functionError", self->function_error);
  if (self->error_type != NULL)
    json_object_set_string_member (object, "errorType", self->error_type);
  set_payload (object, self->payload);
  kelvin_json_set_string (object, "start", kelvin_start_to_string (self->start));
  set_parked (object, self);
}

static void
set_figures (JsonObject *object, const KelvinInvocation *self)
{
  json_object_set_member (object, "phases", kelvin_phases_to_json (&self->phases));
  kelvin_json_set_ms (object, "initDurationMs", self->init_duration_us);
  kelvin_json_set_ms (object, "durationMs", self->duration_us);
  json_object_set_int_member (object, "billedDurationMs", self->billed_duration_ms);
  kelvin_json_set_ms (object, "cpuMs", self->cpu_us);
  kelvin_json_set_ms (object, "throttledMs", self->throttled_us);
  set_memory (object, self);
  kelvin_json_set_usd (object, "estimatedCostUSD", self->cost_pico_usd);
}

static void
set_connections (JsonObject *object, const KelvinInvocation *self)
{
  JsonArray *connections = json_array_new ();
  JsonArray *refused = json_array_new ();

  for (guint i = 0; self->connections != NULL && i < self->connections->len; i++)
    json_array_add_element (connections,
                            kelvin_door_record_to_json (self->connections->pdata[i],
                                                        self->environment, self->started_at_us));
  for (guint i = 0; self->refused != NULL && i < self->refused->len; i++)
    json_array_add_element (refused, kelvin_refused_destination_to_json (self->refused->pdata[i]));

  json_object_set_array_member (object, "connections", connections);
  if (self->connections_omitted > 0)
    json_object_set_int_member (object, "connectionsOmitted", self->connections_omitted);
  json_object_set_array_member (object, "refusedDestinations", refused);
  if (self->refused_omitted > 0)
    json_object_set_int_member (object, "refusedDestinationsOmitted", self->refused_omitted);
}

JsonNode *
kelvin_invocation_to_json (KelvinInvocation *self, gboolean with_attempts)
{
  JsonObject *object = json_object_new ();

  set_identity (object, self);
  set_outcome (object, self);
  set_figures (object, self);
  set_conditions (object, self);
  if (with_attempts)
    set_attempts (object, self);
  set_connections (object, self);
  kelvin_json_set_string (object, "note", self->note);
  json_object_set_string_member (object, "log", self->log != NULL ? log_tail (self->log) : "");

  return kelvin_json_take_object (object);
}

JsonNode *
kelvin_phases_to_json (const KelvinPhases *phases)
{
  JsonObject *object = json_object_new ();

  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      g_autofree char *name = g_strconcat (kelvin_phase_get_name (i), "Ms", NULL);

      if (phases->us[i] >= 0)
        json_object_set_double_member (object, name, kelvin_us_to_ms (phases->us[i]));
    }

  return kelvin_json_take_object (object);
}
