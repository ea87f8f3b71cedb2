#include "engine/model/function-limits.h"

#include <string.h>

#include "engine/model/json-member.h"
#include "engine/model/json-text.h"

#define DEPTH 2

static const char *const names[KELVIN_N_LIMITS] = {
  [KELVIN_LIMIT_MEMORY] = "memory",
  [KELVIN_LIMIT_CPU] = "cpu",
  [KELVIN_LIMIT_PROCESSES] = "processes",
  [KELVIN_LIMIT_DESCRIPTORS] = "descriptors",
  [KELVIN_LIMIT_EPHEMERAL_STORAGE] = "ephemeralStorage",
  [KELVIN_LIMIT_TIMEOUT] = "timeout",
  [KELVIN_LIMIT_PAYLOAD] = "payload",
  [KELVIN_LIMIT_FREEZE] = "freeze",
};

const char *
kelvin_limit_get_name (KelvinLimit limit)
{
  g_return_val_if_fail (limit < KELVIN_N_LIMITS, NULL);

  return names[limit];
}

const char *
kelvin_standing_to_string (KelvinStanding standing)
{
  switch (standing)
    {
    case KELVIN_STANDING_ENFORCED:
      return "enforced";
    case KELVIN_STANDING_APPROXIMATED:
      return KELVIN_LIMIT_IS_APPROXIMATED;
    case KELVIN_STANDING_NOT_ENFORCED:
    default:
      return KELVIN_LIMIT_IS_NOT_ENFORCED;
    }
}

KelvinStanding
kelvin_standing_from_mechanism (const char *mechanism)
{
  if (mechanism == NULL || g_str_equal (mechanism, KELVIN_LIMIT_IS_NOT_ENFORCED))
    return KELVIN_STANDING_NOT_ENFORCED;

  return g_str_equal (mechanism, KELVIN_LIMIT_IS_APPROXIMATED) ? KELVIN_STANDING_APPROXIMATED
                                                               : KELVIN_STANDING_ENFORCED;
}

KelvinStanding
kelvin_limits_get_standing (const KelvinLimits *self, KelvinLimit limit)
{
  g_return_val_if_fail (limit < KELVIN_N_LIMITS, KELVIN_STANDING_NOT_ENFORCED);

  return kelvin_standing_from_mechanism (self->by[limit]);
}

static gboolean
is_known (const KelvinLimits *self)
{
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    if (self->by[i] != NULL)
      return TRUE;
  return FALSE;
}

JsonNode *
kelvin_limits_to_json (const KelvinLimits *self)
{
  if (!is_known (self))
    return json_node_new (JSON_NODE_NULL);

  JsonObject *object = json_object_new ();

  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    kelvin_json_set_string (object, names[i], self->by[i]);
  return kelvin_json_take_object (object);
}

char *
kelvin_limits_to_text (const KelvinLimits *self)
{
  if (!is_known (self))
    return NULL;

  g_autoptr (JsonNode) node = kelvin_limits_to_json (self);
  return kelvin_json_to_text (node, KELVIN_JSON_COMPACT);
}

KelvinLimits
kelvin_limits_from_text (const char *text)
{
  KelvinLimits limits = { 0 };
  g_autoptr (JsonNode) node =
      text != NULL ? kelvin_json_parse (text, strlen (text), DEPTH, NULL) : NULL;

  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return limits;
  for (guint i = 0; i < KELVIN_N_LIMITS; i++)
    limits.by[i] = g_intern_string (
        json_object_get_string_member_with_default (json_node_get_object (node), names[i], NULL));
  return limits;
}
