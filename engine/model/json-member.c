#include "engine/model/json-member.h"

#include "engine/model/run.h"

#define PICO_PER_USD 1e12

void
kelvin_json_set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

void
kelvin_json_set_ms (JsonObject *object, const char *name, gint64 us)
{
  if (us >= 0)
    json_object_set_double_member (object, name, kelvin_us_to_ms (us));
  else
    json_object_set_null_member (object, name);
}

void
kelvin_json_set_instant (JsonObject *object, const char *name, gint64 us)
{
  g_autofree char *text = us >= 0 ? kelvin_format_instant (us) : NULL;

  kelvin_json_set_string (object, name, text);
}

void
kelvin_json_set_usd (JsonObject *object, const char *name, gint64 pico_usd)
{
  json_object_set_double_member (object, name, (double) pico_usd / PICO_PER_USD);
}

JsonNode *
kelvin_json_take_object (JsonObject *object)
{
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return node;
}
