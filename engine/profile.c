#include "engine/profile.h"

#include <math.h>

#include "engine/analysis/cost.h"

/* What is summarised: a number of an invocation, NAN where there is none. */
typedef double (*Reads) (const KelvinInvocation *invocation, int which);

KelvinProfile *
kelvin_profile_new (void)
{
  KelvinProfile *self = g_new0 (KelvinProfile, 1);

  self->cold = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  self->warm = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);

  return self;
}

void
kelvin_profile_free (KelvinProfile *self)
{
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_free (self->event_name);
  g_ptr_array_unref (self->cold);
  g_ptr_array_unref (self->warm);
  g_free (self->runtime_asked);
  g_free (self->runtime_found);
  g_free (self->runtime_path);
  g_free (self->event_hash);
  g_free (self->against_note);
  g_clear_pointer (&self->against, kelvin_profile_free);
  g_clear_pointer (&self->imports, kelvin_import_profile_free);
  g_clear_pointer (&self->advice, g_ptr_array_unref);
  g_free (self);
}

static double
read_total (const KelvinInvocation *invocation, int which)
{
  return kelvin_us_to_ms (kelvin_phases_get_total_us (&invocation->phases));
}

static double
read_phase (const KelvinInvocation *invocation, int phase)
{
  gint64 us = invocation->phases.us[phase];

  return us < 0 ? NAN : kelvin_us_to_ms (us);
}

static double
read_cpu (const KelvinInvocation *invocation, int which)
{
  return invocation->cpu_us < 0 ? NAN : kelvin_us_to_ms (invocation->cpu_us);
}

static double
read_memory_mb (const KelvinInvocation *invocation, int which)
{
  gint64 bytes = invocation->environment_memory_peak_bytes;

  return bytes < 0 ? NAN : (double) bytes / (1024 * 1024);
}

/* Successful invocations alone: a failed one's time says nothing of the function's. */
static GArray *
collect (GPtrArray *invocations, Reads reads, int which)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = g_ptr_array_index (invocations, i);
      double value = reads (invocation, which);

      if (invocation->status == KELVIN_STATUS_OK && !isnan (value))
        g_array_append_val (samples, value);
    }
  return samples;
}

static JsonNode *
summarise (GPtrArray *invocations, Reads reads, int which)
{
  g_autoptr (GArray) samples = collect (invocations, reads, which);
  const double *values = (const double *) (void *) samples->data;
  KelvinSummary summary = kelvin_summary_of (values, samples->len);

  return kelvin_summary_to_json (&summary, values, samples->len);
}

static JsonNode *
summarise_phases (GPtrArray *invocations)
{
  JsonObject *object = json_object_new ();

  for (int phase = 0; phase < KELVIN_N_PHASES; phase++)
    {
      g_autoptr (GArray) samples = collect (invocations, read_phase, phase);
      g_autofree char *name = g_strconcat (kelvin_phase_get_name (phase), "Ms", NULL);

      if (samples->len > 0)
        json_object_set_member (object, name, summarise (invocations, read_phase, phase));
    }

  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}

static guint
count_errors (GPtrArray *invocations)
{
  guint errors = 0;

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = g_ptr_array_index (invocations, i);

      if (invocation->status != KELVIN_STATUS_OK && invocation->status != KELVIN_STATUS_CANCELLED)
        errors++;
    }
  return errors;
}

static JsonObject *
describe_set (GPtrArray *invocations)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "count", invocations->len);
  json_object_set_int_member (object, "errors", count_errors (invocations));
  json_object_set_member (object, "totalMs", summarise (invocations, read_total, 0));
  json_object_set_member (object, "phases", summarise_phases (invocations));
  json_object_set_member (object, "cpuMs", summarise (invocations, read_cpu, 0));
  json_object_set_member (object, "memoryMB", summarise (invocations, read_memory_mb, 0));

  return object;
}

static JsonObject *
describe_runtime (KelvinProfile *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "asked", self->runtime_asked);
  json_object_set_string_member (object, "found", self->runtime_found);
  json_object_set_string_member (object, "path", self->runtime_path);

  return object;
}

static gint64
read_memory (const KelvinInvocation *invocation)
{
  return invocation->environment_memory_peak_bytes;
}

static gint64
read_init_memory (const KelvinInvocation *invocation)
{
  return invocation->init_memory_peak_bytes;
}

static gint64
find_largest (GPtrArray *invocations, gint64 (*reads) (const KelvinInvocation *))
{
  gint64 largest = -1;

  for (guint i = 0; i < invocations->len; i++)
    largest = MAX (largest, reads (g_ptr_array_index (invocations, i)));
  return largest;
}

static gint64
mean_cost (GPtrArray *invocations)
{
  gint64 sum = 0;

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = g_ptr_array_index (invocations, i);

      sum += invocation->cost_pico_usd;
    }
  return invocations->len > 0 ? sum / invocations->len : -1;
}

static void
set_per_million (JsonObject *object, const char *name, GPtrArray *invocations)
{
  gint64 mean = mean_cost (invocations);

  if (mean < 0)
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, kelvin_pico_usd_to_usd (mean * 1000000));
}

static JsonObject *
describe_cost (KelvinProfile *self)
{
  JsonObject *object = json_object_new ();

  set_per_million (object, "perMillionWarm", self->warm);
  set_per_million (object, "perMillionCold", self->cold);

  return object;
}

static void
set_megabytes (JsonObject *object, const char *name, gint64 bytes)
{
  if (bytes < 0)
    json_object_set_null_member (object, name);
  else
    json_object_set_double_member (object, name, (double) (bytes * 10 / (1024 * 1024)) / 10.0);
}

double
kelvin_profile_get_usual_init_ms (KelvinProfile *self)
{
  g_autoptr (GArray) init = collect (self->cold, read_phase, KELVIN_PHASE_INIT);

  return kelvin_summary_of ((const double *) (void *) init->data, init->len).p50;
}

double
kelvin_profile_get_uncertainty (GPtrArray *invocations)
{
  g_autoptr (GArray) totals = collect (invocations, read_total, 0);
  KelvinSummary summary = kelvin_summary_of ((const double *) (void *) totals->data, totals->len);

  return (summary.p50_high - summary.p50_low) / 2 / summary.p50 * 100;
}

static void
set_imports (KelvinProfile *self, JsonObject *object)
{
  if (self->imports == NULL)
    return;

  json_object_set_array_member (object, "imports",
                                kelvin_import_profile_imports_to_json (self->imports));
  json_object_set_object_member (
      object, "importProfile",
      kelvin_import_profile_to_json (self->imports, kelvin_profile_get_usual_init_ms (self)));
}

/* How it came to be measured, and what else the machine did meanwhile. */
static JsonObject *
describe_measurement (KelvinProfile *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "order", "shuffled");
  json_object_set_int_member (object, "seed", self->seed);
  json_object_set_string_member (object, "pageCache", "warm");
  json_object_set_member (object, "machine",
                          kelvin_machine_noise_to_json (&self->noise_before, &self->noise_after));
  if (self->until_percent > 0)
    {
      json_object_set_double_member (object, "untilPercent", self->until_percent);
      json_object_set_boolean_member (object, "stoppedEarly", self->stopped_early);
    }
  if (self->against != NULL)
    json_object_set_string_member (object, "against", self->against->run->id);

  return object;
}

JsonNode *
kelvin_profile_to_json (KelvinProfile *self)
{
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_object_set_string_member (object, "runId", self->run->id);
  json_object_set_string_member (object, "functionName", self->run->function_name);
  json_object_set_string_member (object, "version", self->run->version);
  json_object_set_string_member (object, "status", kelvin_status_to_string (self->run->status));
  json_object_set_string_member (object, "event", self->event_name);
  json_object_set_string_member (object, "eventHash", self->event_hash);
  json_object_set_int_member (object, "memorySizeMB", self->memory_size_mb);
  json_object_set_object_member (object, "measurement", describe_measurement (self));
  json_object_set_object_member (object, "cold", describe_set (self->cold));
  json_object_set_object_member (object, "warm", describe_set (self->warm));
  json_object_set_object_member (object, "runtime", describe_runtime (self));
  json_object_set_string_member (object, "note", self->run->note);
  json_object_set_string_member (object, "isolation", self->run->isolation);
  json_object_set_member (object, "limits", kelvin_limits_to_json (&self->run->limits));
  set_megabytes (
      object, "maxMemoryUsedMB",
      MAX (find_largest (self->cold, read_memory), find_largest (self->warm, read_memory)));
  set_megabytes (object, "initMaxMemoryUsedMB", find_largest (self->cold, read_init_memory));
  json_object_set_object_member (object, "estimatedCostUSD", describe_cost (self));
  set_imports (self, object);
  if (self->advice != NULL)
    json_object_set_array_member (object, "advice",
                                  kelvin_advice_list_to_json (self->advice, &self->worth));
  json_node_take_object (node, object);

  return node;
}
