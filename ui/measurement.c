#include "config.h"

#include "ui/measurement.h"

#include <string.h>

#include "engine/model/json-text.h"

/* More calls than this aren't read back: a chart shows no more. */
#define MOST_INVOCATIONS 20000
#define PAGE 1000
/* So many runs are looked at for one that measured anything. */
#define MOST_RUNS 50
#define DETAILS_DEPTH 20

static KelvinMeasurement *
measurement_new (KelvinRun *run)
{
  KelvinMeasurement *self = g_new0 (KelvinMeasurement, 1);

  self->run = kelvin_run_ref (run);
  self->cold = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  self->warm = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  return self;
}

void
kelvin_measurement_free (KelvinMeasurement *self)
{
  kelvin_run_unref (self->run);
  g_ptr_array_unref (self->cold);
  g_ptr_array_unref (self->warm);
  g_free (self->runtime_asked);
  g_free (self->runtime_found);
  g_clear_pointer (&self->init_code, kelvin_init_code_free);
  g_clear_pointer (&self->advice, json_array_unref);
  g_free (self);
}

/* A call that was cut off when the person cancelled says nothing about the function. */
static void
add_call (GPtrArray *calls, KelvinInvocation *invocation)
{
  if (invocation->status != KELVIN_STATUS_CANCELLED)
    g_ptr_array_add (calls, kelvin_invocation_ref (invocation));
}

/* (nullable) (transfer full) */
static JsonNode *
parse_details (const KelvinRun *run)
{
  const char *text = run->details_json;
  JsonNode *node =
      text != NULL ? kelvin_json_parse (text, strlen (text), DETAILS_DEPTH, NULL) : NULL;

  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    g_clear_pointer (&node, json_node_unref);
  return node;
}

static void
read_init (KelvinMeasurement *self, JsonObject *details)
{
  JsonNode *advice = json_object_get_member (details, "advice");

  self->init_code = kelvin_init_code_new (details);
  if (advice != NULL && JSON_NODE_HOLDS_ARRAY (advice))
    self->advice = json_array_ref (json_node_get_array (advice));
}

KelvinMeasurement *
kelvin_measurement_new_from_profile (const KelvinProfile *profile)
{
  KelvinMeasurement *self = measurement_new (profile->run);

  for (guint i = 0; i < profile->cold->len; i++)
    add_call (self->cold, profile->cold->pdata[i]);
  for (guint i = 0; i < profile->warm->len; i++)
    add_call (self->warm, profile->warm->pdata[i]);
  self->runtime_asked = g_strdup (profile->runtime_asked);
  self->runtime_found = g_strdup (profile->runtime_found);

  g_autoptr (JsonNode) details = parse_details (profile->run);
  if (details != NULL)
    read_init (self, json_node_get_object (details));
  return self;
}

static void
read_details (KelvinMeasurement *self)
{
  g_autoptr (JsonNode) root = parse_details (self->run);

  if (root == NULL)
    return;
  read_init (self, json_node_get_object (root));

  JsonNode *node = json_object_get_member (json_node_get_object (root), "runtime");
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return;

  JsonObject *runtime = json_node_get_object (node);
  self->runtime_asked =
      g_strdup (json_object_get_string_member_with_default (runtime, "asked", NULL));
  self->runtime_found =
      g_strdup (json_object_get_string_member_with_default (runtime, "found", NULL));
}

static void
add_invocations (KelvinMeasurement *self, GPtrArray *invocations)
{
  for (guint i = 0; i < invocations->len; i++)
    {
      KelvinInvocation *invocation = invocations->pdata[i];
      GPtrArray *kind = invocation->start == KELVIN_START_WARM ? self->warm : self->cold;
      add_call (kind, invocation);
    }
}

/* Task data: the measurement while its pages are being read. */
typedef struct {
  KelvinMeasurement *measurement;
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_clear_pointer (&reading->measurement, kelvin_measurement_free);
  g_free (reading);
}

static void
page_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KelvinStore *store = KELVIN_STORE (source);
  Reading *reading = g_task_get_task_data (task);
  KelvinMeasurement *self = reading->measurement;
  g_autoptr (GError) error = NULL;
  g_autofree char *next = NULL;

  g_autoptr (GPtrArray) page = kelvin_store_list_invocations_finish (store, result, &next, &error);
  if (page == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  add_invocations (self, page);
  if (next != NULL && self->cold->len + self->warm->len < MOST_INVOCATIONS)
    {
      kelvin_store_list_invocations_async (store, self->run->id, PAGE, next,
                                           g_task_get_cancellable (task), page_loaded_cb,
                                           g_object_ref (task));
      return;
    }

  g_task_return_pointer (task, g_steal_pointer (&reading->measurement),
                         (GDestroyNotify) kelvin_measurement_free);
}

/* Not one that is still under way, nor one that failed before its first call. (nullable) */
static KelvinRun *
find_measured (GPtrArray *runs)
{
  for (guint i = 0; i < runs->len; i++)
    {
      KelvinRun *run = runs->pdata[i];
      if (run->status != KELVIN_STATUS_RUNNING && run->invocations > 0)
        return run;
    }

  return NULL;
}

static void
run_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KelvinStore *store = KELVIN_STORE (source);
  g_autoptr (GError) error = NULL;

  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (store, result, &error);
  if (run == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  Reading *reading = g_new0 (Reading, 1);
  reading->measurement = measurement_new (run);
  read_details (reading->measurement);
  g_task_set_task_data (task, reading, reading_free);
  kelvin_store_list_invocations_async (store, run->id, PAGE, NULL, g_task_get_cancellable (task),
                                       page_loaded_cb, g_object_ref (task));
}

static void
runs_listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KelvinStore *store = KELVIN_STORE (source);
  g_autoptr (GError) error = NULL;

  g_autoptr (GPtrArray) runs = kelvin_store_list_runs_finish (store, result, NULL, &error);
  if (runs == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  KelvinRun *run = find_measured (runs);
  if (run == NULL)
    g_task_return_pointer (task, NULL, NULL);
  else
    kelvin_store_get_run_async (store, run->id, g_task_get_cancellable (task), run_loaded_cb,
                                g_object_ref (task));
}

void
kelvin_measurement_load_async (KelvinStore *store, const char *function_name,
                               GCancellable *cancellable, GAsyncReadyCallback callback,
                               gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  KelvinRunFilter filter = { .function_name = function_name,
                             .kinds = "profile",
                             .since_us = -1,
                             .until_us = -1,
                             .limit = MOST_RUNS };

  g_task_set_source_tag (task, kelvin_measurement_load_async);
  kelvin_store_list_runs_async (store, &filter, cancellable, runs_listed_cb, g_object_ref (task));
}

KelvinMeasurement *
kelvin_measurement_load_finish (KelvinStore *store, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, store), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

GArray *
kelvin_measurement_get_totals (GPtrArray *invocations)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = invocations->pdata[i];
      double ms = kelvin_us_to_ms (kelvin_phases_get_total_us (&invocation->phases));
      if (invocation->status == KELVIN_STATUS_OK)
        g_array_append_val (samples, ms);
    }

  return samples;
}

GArray *
kelvin_measurement_get_phase (GPtrArray *invocations, KelvinPhase phase)
{
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = invocations->pdata[i];
      double ms = kelvin_us_to_ms (invocation->phases.us[phase]);
      if (invocation->status == KELVIN_STATUS_OK && invocation->phases.us[phase] >= 0)
        g_array_append_val (samples, ms);
    }

  return samples;
}

KelvinInvocation *
kelvin_measurement_find_failed (const KelvinMeasurement *self)
{
  GPtrArray *kinds[] = { self->cold, self->warm };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < kinds[i]->len; j++)
      if (((KelvinInvocation *) kinds[i]->pdata[j])->status != KELVIN_STATUS_OK)
        return kinds[i]->pdata[j];

  return NULL;
}

static gint64
get_wait_us (const KelvinInvocation *invocation)
{
  return kelvin_phases_get_total_us (&invocation->phases);
}

static gint64
get_billed_us (const KelvinInvocation *invocation)
{
  return MAX (invocation->init_duration_us, 0) + invocation->duration_us;
}

static KelvinInvocation *
find_median_by (GPtrArray *invocations, gint64 (*get_us) (const KelvinInvocation *))
{
  g_autoptr (GPtrArray) succeeded = g_ptr_array_new ();
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < invocations->len; i++)
    {
      KelvinInvocation *invocation = invocations->pdata[i];
      double us = (double) get_us (invocation);

      if (invocation->status != KELVIN_STATUS_OK)
        continue;
      g_ptr_array_add (succeeded, invocation);
      g_array_append_val (samples, us);
    }
  if (succeeded->len == 0)
    return NULL;

  return succeeded
      ->pdata[kelvin_median_index ((const double *) (const void *) samples->data, samples->len)];
}

KelvinInvocation *
kelvin_measurement_find_median (GPtrArray *invocations)
{
  return find_median_by (invocations, get_wait_us);
}

KelvinInvocation *
kelvin_measurement_find_typical_bill (GPtrArray *invocations)
{
  return find_median_by (invocations, get_billed_us);
}
