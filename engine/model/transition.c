#include "engine/model/transition.h"

#include <string.h>

#include "engine/model/run.h"

#define NAME_PREFIX "env "

static const char *const names[] = {
  [KELVIN_STATE_PARKED] = "parked",
  [KELVIN_STATE_STARTING] = "starting",
  [KELVIN_STATE_INITIALISING] = "initialising",
  [KELVIN_STATE_IDLE] = "idle",
  [KELVIN_STATE_BUSY] = "busy",
  [KELVIN_STATE_STOPPING] = "stopping",
  [KELVIN_STATE_DEAD] = "dead",
};

const char *
kelvin_state_to_string (KelvinState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (names), "");

  return names[state];
}

#define TO(state) (1u << KELVIN_STATE_##state)

gboolean
kelvin_state_may_become (KelvinState from, KelvinState to)
{
  static const guint steps[] = {
    [KELVIN_STATE_PARKED] = TO (STARTING) | TO (DEAD),
    [KELVIN_STATE_STARTING] = TO (INITIALISING) | TO (STOPPING) | TO (DEAD),
    [KELVIN_STATE_INITIALISING] = TO (IDLE) | TO (STOPPING) | TO (DEAD),
    [KELVIN_STATE_IDLE] = TO (IDLE) | TO (INITIALISING) | TO (BUSY) | TO (STOPPING) | TO (DEAD),
    [KELVIN_STATE_BUSY] = TO (IDLE) | TO (STOPPING) | TO (DEAD),
    [KELVIN_STATE_STOPPING] = TO (IDLE) | TO (INITIALISING) | TO (DEAD),
    [KELVIN_STATE_DEAD] = 0,
  };

  return (steps[from] & (1u << to)) != 0;
}

KelvinPastTransition *
kelvin_past_transition_new (const KelvinTransition *transition)
{
  KelvinPastTransition *self = g_new0 (KelvinPastTransition, 1);

  self->transition = *transition;
  self->reason = g_strdup (transition->reason != NULL ? transition->reason : "");
  self->transition.reason = self->reason;
  return self;
}

void
kelvin_past_transition_free (KelvinPastTransition *self)
{
  g_free (self->reason);
  g_free (self);
}

char *
kelvin_environment_format_name (guint64 number)
{
  return g_strdup_printf (NAME_PREFIX "%" G_GUINT64_FORMAT, number);
}

static JsonObject *
describe (const KelvinTransition *transition, gint64 started_at_ns)
{
  JsonObject *object = json_object_new ();

  json_object_set_double_member (object, "atMs",
                                 kelvin_us_to_ms ((transition->at_ns - started_at_ns) / 1000));
  json_object_set_string_member (object, "from", kelvin_state_to_string (transition->from));
  json_object_set_string_member (object, "to", kelvin_state_to_string (transition->to));
  json_object_set_string_member (object, "reason", transition->reason);
  return object;
}

/* The array of the environment's transitions, made with its object at the first one. */
static JsonArray *
find_or_add (GHashTable *found, JsonArray *environments, guint64 number)
{
  JsonArray *steps = g_hash_table_lookup (found, &number);

  if (steps != NULL)
    return steps;

  g_autofree char *name = kelvin_environment_format_name (number);
  JsonObject *object = json_object_new ();
  steps = json_array_new ();
  json_object_set_string_member (object, "environment", name);
  json_object_set_array_member (object, "transitions", steps);
  json_array_add_object_element (environments, object);
  g_hash_table_insert (found, g_memdup2 (&number, sizeof number), steps);
  return steps;
}

JsonNode *
kelvin_past_transitions_to_json (GPtrArray *transitions, gint64 started_at_ns)
{
  g_autoptr (GHashTable) found = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (JsonArray) environments = json_array_new ();

  for (guint i = 0; i < transitions->len; i++)
    {
      const KelvinPastTransition *past = g_ptr_array_index (transitions, i);
      const KelvinTransition *transition = &past->transition;

      if (started_at_ns < 0)
        started_at_ns = transition->at_ns;
      json_array_add_object_element (find_or_add (found, environments, transition->environment),
                                     describe (transition, started_at_ns));
    }
  return json_node_init_array (json_node_alloc (), environments);
}

gboolean
kelvin_environment_parse_name (const char *name, guint64 *out_number)
{
  return name != NULL && g_str_has_prefix (name, NAME_PREFIX) &&
         g_ascii_string_to_unsigned (name + strlen (NAME_PREFIX), 10, 1, G_MAXUINT64, out_number,
                                     NULL);
}
