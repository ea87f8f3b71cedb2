#include "engine/model/function-private.h"

#include <string.h>

#include "engine/model/function-field.h"

/* The fields below Kelvin: what the service doesn't have. */

static gboolean
read_network (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char *const choices[] = { "none", "internet", NULL };

  if (!kelvin_field_read_choice (self, "Kelvin.Network", value, choices, "none or internet", error))
    return FALSE;

  g_free (self->network);
  self->network = json_node_dup_string (value);
  if (strcmp (self->network, "none") != 0)
    kelvin_field_warn_unheeded (self, "Kelvin.Network");
  return TRUE;
}

static gboolean
read_system_packages (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) != G_TYPE_BOOLEAN)
    return kelvin_field_refuse (self, "Kelvin.SystemPackages", value, "true or false", error);

  self->system_packages = json_node_get_boolean (value);
  return TRUE;
}

static gboolean
read_provisioned (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char field[] = "Kelvin.ProvisionedConcurrentExecutions";
  guint number = 0;

  if (!kelvin_field_read_whole (self, field, value, 0, G_MAXINT32, &number, error))
    return FALSE;

  if (number > 0)
    kelvin_field_warn_unheeded (self, field);
  return TRUE;
}

static gboolean
read_events (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return kelvin_field_refuse (self, "Kelvin.Events", value, "an array of event sources", error);

  if (json_array_get_length (json_node_get_array (value)) > 0)
    kelvin_field_warn_unheeded (self, "Kelvin.Events");
  return TRUE;
}

static gboolean
read_door_name (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "a name that isn't empty";
  const char *name = kelvin_field_read_string (self, "Kelvin.Doors[].Name", value, rule, error);

  return name != NULL &&
         (*name != '\0' || kelvin_field_refuse (self, "Kelvin.Doors[].Name", value, rule, error));
}

static gboolean
read_door_host (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "the host's name as the function asks for it";
  const char *host = kelvin_field_read_string (self, "Kelvin.Doors[].Host", value, rule, error);

  return host != NULL && ((*host != '\0' && strpbrk (host, " /:") == NULL) ||
                          kelvin_field_refuse (self, "Kelvin.Doors[].Host", value, rule, error));
}

static gboolean
read_door_port (KelvinFunction *self, JsonNode *value, GError **error)
{
  guint port = 0;

  return kelvin_field_read_whole (self, "Kelvin.Doors[].Port", value, 1, 65535, &port, error);
}

static gboolean
is_address (const char *text)
{
  const char *colon = strrchr (text, ':');
  guint64 port = 0;

  return colon != NULL && colon != text &&
         g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL);
}

static gboolean
read_door_to (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "an address with a port, such as 127.0.0.1:5432";
  const char *to = kelvin_field_read_string (self, "Kelvin.Doors[].To", value, rule, error);

  return to != NULL &&
         (is_address (to) || kelvin_field_refuse (self, "Kelvin.Doors[].To", value, rule, error));
}

static const KelvinField door_fields[] = {
  { "Name", read_door_name },
  { "Host", read_door_host },
  { "Port", read_door_port },
  { "To", read_door_to },
  { NULL, NULL },
};

#define DOOR_RULE "an object with Name, Host, Port and To"

static gboolean
read_door (KelvinFunction *self, guint index, JsonNode *value, GError **error)
{
  g_autofree char *field = g_strdup_printf ("Kelvin.Doors[%u]", index);

  if (!kelvin_field_read_object (self, field, value, door_fields, DOOR_RULE, error))
    return FALSE;

  for (const KelvinField *member = door_fields; member->name != NULL; member++)
    {
      if (!json_object_has_member (json_node_get_object (value), member->name))
        return kelvin_field_refuse (self, field, value, DOOR_RULE, error);
    }

  return TRUE;
}

static gboolean
read_doors (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return kelvin_field_refuse (self, "Kelvin.Doors", value, "an array of objects", error);

  JsonArray *doors = json_node_get_array (value);
  for (guint i = 0; i < json_array_get_length (doors); i++)
    {
      if (!read_door (self, i, json_array_get_element (doors, i), error))
        return FALSE;
    }
  if (json_array_get_length (doors) > 0)
    kelvin_field_warn_unheeded (self, "Kelvin.Doors");

  return TRUE;
}

static const KelvinField kelvin_fields[] = {
  { "Network", read_network },
  { "SystemPackages", read_system_packages },
  { "Doors", read_doors },
  { "Events", read_events },
  { "ProvisionedConcurrentExecutions", read_provisioned },
  { NULL, NULL },
};

gboolean
kelvin_function_read_kelvin (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "Kelvin", value, kelvin_fields, "an object", error);
}
