#include "engine/analysis/measured-run.h"

#include <math.h>

#include "engine/model/phase.h"

G_DEFINE_QUARK (kelvin - compare - error - quark, kelvin_compare_error)

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static JsonArray *
get_array (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonNode *
get_value (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? node : NULL;
}

static char *
read_text (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node != NULL ? json_node_dup_string (node) : NULL;
}

static gint64
read_count (JsonObject *object, const char *name)
{
  JsonNode *node = get_value (object, name);

  return node != NULL ? json_node_get_int (node) : -1;
}

static void
measured_set_free (KelvinMeasuredSet *set)
{
  g_free (set->name);
  g_array_unref (set->values);
  g_free (set);
}

void
kelvin_measured_run_free (KelvinMeasuredRun *self)
{
  g_free (self->label);
  g_free (self->run_id);
  g_free (self->function_name);
  g_free (self->version);
  g_free (self->event);
  g_free (self->event_hash);
  g_free (self->isolation);
  g_free (self->memory_by);
  g_free (self->cpu_by);
  g_free (self->runtime_asked);
  g_free (self->runtime_found);
  g_free (self->page_cache);
  g_free (self->status);
  g_ptr_array_unref (self->sets);
  g_clear_pointer (&self->imports, json_array_unref);
  g_free (self);
}

static gboolean
is_number (JsonNode *node)
{
  GType type = JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_INVALID;

  return type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
}

/* FALSE: what stands where samples would isn't a list of times. */
static gboolean
add_set (KelvinMeasuredRun *self, const char *prefix, const char *name, JsonObject *summary,
         GError **error)
{
  JsonArray *samples = get_array (summary, "samples");

  if (samples == NULL)
    return TRUE;

  guint n = json_array_get_length (samples);
  KelvinMeasuredSet *set = g_new0 (KelvinMeasuredSet, 1);

  set->name = g_strdup_printf ("%s%s", prefix, name);
  set->values = g_array_sized_new (FALSE, FALSE, sizeof (double), n);
  g_ptr_array_add (self->sets, set);
  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (samples, i);
      double value = is_number (node) ? json_node_get_double (node) : NAN;

      if (!isfinite (value) || value < 0)
        {
          g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                       "%s: sample %u of %s is no number of at least 0", self->label, i + 1,
                       set->name);
          return FALSE;
        }
      g_array_append_val (set->values, value);
    }
  return TRUE;
}

static gboolean
add_starts (KelvinMeasuredRun *self, const char *which, JsonObject *starts, GError **error)
{
  JsonObject *phases = get_object (starts, "phases");
  g_autofree char *prefix = g_strconcat (which, ".", NULL);
  g_autofree char *phase_prefix = g_strconcat (which, ".phases.", NULL);

  if (!add_set (self, prefix, "totalMs", get_object (starts, "totalMs"), error))
    return FALSE;
  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      g_autofree char *name = g_strconcat (kelvin_phase_get_name (i), "Ms", NULL);

      if (!add_set (self, phase_prefix, name, get_object (phases, name), error))
        return FALSE;
    }
  return add_set (self, prefix, "cpuMs", get_object (starts, "cpuMs"), error);
}

/* Environments are independent of each other; the invocations of one share its memory. So where
 * there are cold starts, each is a sample, and the warm ones aren't asked. */
static gboolean
add_memory (KelvinMeasuredRun *self, JsonObject *cold, JsonObject *warm, GError **error)
{
  JsonObject *of_cold = get_object (cold, "memoryMB");
  JsonArray *samples = get_array (of_cold, "samples");
  gboolean use_cold = samples != NULL && json_array_get_length (samples) > 0;

  return add_set (self, "memory.", "peakMB", use_cold ? of_cold : get_object (warm, "memoryMB"),
                  error);
}

static void
read_texts (KelvinMeasuredRun *self, JsonObject *document)
{
  JsonObject *runtime = get_object (document, "runtime");
  JsonObject *limits = get_object (document, "limits");

  self->run_id = read_text (document, "runId");
  self->function_name = read_text (document, "functionName");
  self->version = read_text (document, "version");
  self->event = read_text (document, "event");
  self->event_hash = read_text (document, "eventHash");
  self->isolation = read_text (document, "isolation");
  self->status = read_text (document, "status");
  self->memory_by = read_text (limits, "memory");
  self->cpu_by = read_text (limits, "cpu");
  self->runtime_asked = read_text (runtime, "asked");
  self->runtime_found = read_text (runtime, "found");
  self->page_cache = read_text (get_object (document, "measurement"), "pageCache");
  self->memory_size_mb = read_count (document, "memorySizeMB");
}

KelvinMeasuredRun *
kelvin_measured_run_read (JsonNode *document, const char *label, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (document) ? json_node_get_object (document) : NULL;
  JsonObject *cold = get_object (object, "cold");
  JsonObject *warm = get_object (object, "warm");
  g_autoptr (KelvinMeasuredRun) self = g_new0 (KelvinMeasuredRun, 1);

  self->label = g_strdup (label);
  self->sets = g_ptr_array_new_with_free_func ((GDestroyNotify) measured_set_free);
  read_texts (self, object);
  if (cold == NULL || warm == NULL || self->function_name == NULL)
    {
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                   "%s isn't a profile: it has no \"%s\"; right is what `kelvin profile --json` "
                   "printed",
                   label,
                   cold == NULL   ? "cold"
                   : warm == NULL ? "warm"
                                  : "functionName");
      return NULL;
    }
  self->cold_count = read_count (cold, "count");
  self->cold_errors = read_count (cold, "errors");
  self->warm_count = read_count (warm, "count");
  self->warm_errors = read_count (warm, "errors");
  if (!add_starts (self, "cold", cold, error) || !add_starts (self, "warm", warm, error) ||
      !add_memory (self, cold, warm, error))
    return NULL;
  if (get_array (object, "imports") != NULL)
    self->imports = json_array_ref (get_array (object, "imports"));

  return g_steal_pointer (&self);
}

const KelvinMeasuredSet *
kelvin_measured_run_get_set (const KelvinMeasuredRun *self, const char *name)
{
  for (guint i = 0; i < self->sets->len; i++)
    {
      const KelvinMeasuredSet *set = g_ptr_array_index (self->sets, i);

      if (g_str_equal (set->name, name))
        return set;
    }
  return NULL;
}
