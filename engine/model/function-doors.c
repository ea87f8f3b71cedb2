#include "engine/model/function-private.h"

#include <string.h>

#include "engine/model/function-field.h"

/* Kelvin.Doors: the ways out of a function's sandbox. Each reader fills the door that was begun
 * last. */

#define LONGEST_DELAY_MS (15 * 60 * 1000) /* as long as a function may run */
#define LARGEST_CUT (G_GINT64_CONSTANT (1) << 40)

static KelvinDoor *
last_door (KelvinFunction *self)
{
  return g_ptr_array_index (self->doors, self->doors->len - 1);
}

static gboolean
is_door_name (const char *name)
{
  gsize length = strlen (name);

  if (length < 1 || length > 64)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (name[i]) && strchr ("-_.", name[i]) == NULL)
      return FALSE;
  return strcmp (name, KELVIN_OWN_DOOR) != 0;
}

static gboolean
read_name (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "1 to 64 letters, digits, dots, hyphens or underscores, other than "
                             "\"" KELVIN_OWN_DOOR "\", which leads to Kelvin itself";
  const char *name = kelvin_field_read_string (self, "Kelvin.Doors[].Name", value, rule, error);

  if (name == NULL)
    return FALSE;
  if (!is_door_name (name))
    return kelvin_field_refuse (self, "Kelvin.Doors[].Name", value, rule, error);

  last_door (self)->name = g_strdup (name);
  return TRUE;
}

static gboolean
read_host (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "the host's name as the function asks for it, such as db.internal: no "
                             "address, and not localhost, which is the sandbox's own";
  const char *host = kelvin_field_read_string (self, "Kelvin.Doors[].Host", value, rule, error);

  if (host == NULL)
    return FALSE;
  if (!kelvin_door_is_host_name (host) || g_ascii_strcasecmp (host, "localhost") == 0)
    return kelvin_field_refuse (self, "Kelvin.Doors[].Host", value, rule, error);

  last_door (self)->host = g_ascii_strdown (host, -1);
  return TRUE;
}

static gboolean
read_port (KelvinFunction *self, JsonNode *value, GError **error)
{
  guint port = 0;

  if (!kelvin_field_read_whole (self, "Kelvin.Doors[].Port", value, 1, 65535, &port, error))
    return FALSE;

  last_door (self)->port = (guint16) port;
  return TRUE;
}

static gboolean
read_to (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "an address with a port, such as 127.0.0.1:5432";
  const char *to = kelvin_field_read_string (self, "Kelvin.Doors[].To", value, rule, error);
  KelvinDoor *door = last_door (self);

  if (to == NULL)
    return FALSE;
  return kelvin_door_parse_address (to, &door->to_host, &door->to_port) ||
         kelvin_field_refuse (self, "Kelvin.Doors[].To", value, rule, error);
}

static gboolean
read_delay (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_whole (self, "Kelvin.Doors[].DelayMs", value, 0, LONGEST_DELAY_MS,
                                  &last_door (self)->faults.delay_ms, error);
}

static gboolean
read_refuse (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (json_node_get_value_type (value) != G_TYPE_BOOLEAN)
    return kelvin_field_refuse (self, "Kelvin.Doors[].Refuse", value, "true or false", error);

  last_door (self)->faults.refuse = json_node_get_boolean (value);
  return TRUE;
}

static gboolean
read_cut (KelvinFunction *self, JsonNode *value, GError **error)
{
  gboolean whole = json_node_get_value_type (value) == G_TYPE_INT64;
  gint64 bytes = whole ? json_node_get_int (value) : -1;

  if (bytes < 0 || bytes > LARGEST_CUT)
    return kelvin_field_refuse (self, "Kelvin.Doors[].CutAfterBytes", value,
                                "a whole number of bytes up to 2^40; 0 cuts nothing", error);

  last_door (self)->faults.cut_after_bytes = bytes;
  return TRUE;
}

static gboolean
read_cap (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_whole (self, "Kelvin.Doors[].Cap", value, 0, 1000000,
                                  &last_door (self)->faults.cap, error);
}

#define N_REQUIRED 4

static const KelvinField door_fields[] = {
  /* the required ones first */
  { "Name", read_name },
  { "Host", read_host },
  { "Port", read_port },
  { "To", read_to },
  { "DelayMs", read_delay },
  { "Refuse", read_refuse },
  { "CutAfterBytes", read_cut },
  { "Cap", read_cap },
  { NULL, NULL },
};

#define DOOR_RULE "an object with Name, Host, Port and To"

static gboolean
is_complete (JsonObject *door)
{
  for (guint i = 0; i < N_REQUIRED; i++)
    {
      JsonNode *member = json_object_get_member (door, door_fields[i].name);

      if (member == NULL || JSON_NODE_HOLDS_NULL (member))
        return FALSE;
    }
  return TRUE;
}

static gboolean
refuse_twice (KelvinFunction *self, guint index, const KelvinDoor *door, const KelvinDoor *other,
              GError **error)
{
  gboolean same_name = strcmp (door->name, other->name) == 0;
  g_autofree char *what = same_name ? g_strdup_printf ("named %s", door->name)
                                    : g_strdup_printf ("at %s:%u", door->host, door->port);

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: Kelvin.Doors[%u]: another door is %s; each must have a Name, and a Host with "
               "Port, of its own",
               self->file, index, what);
  return FALSE;
}

static gboolean
check_unique (KelvinFunction *self, guint index, GError **error)
{
  const KelvinDoor *door = g_ptr_array_index (self->doors, index);

  for (guint i = 0; i < index; i++)
    {
      const KelvinDoor *other = g_ptr_array_index (self->doors, i);

      if (strcmp (door->name, other->name) == 0 ||
          (strcmp (door->host, other->host) == 0 && door->port == other->port))
        return refuse_twice (self, index, door, other, error);
    }
  return TRUE;
}

static gboolean
read_door (KelvinFunction *self, guint index, JsonNode *value, GError **error)
{
  g_autofree char *field = g_strdup_printf ("Kelvin.Doors[%u]", index);

  g_ptr_array_add (self->doors, g_new0 (KelvinDoor, 1));
  if (!kelvin_field_read_object (self, field, value, door_fields, DOOR_RULE, error))
    return FALSE;
  if (!is_complete (json_node_get_object (value)))
    return kelvin_field_refuse (self, field, value, DOOR_RULE, error);
  return check_unique (self, index, error);
}

gboolean
kelvin_function_read_doors (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return kelvin_field_refuse (self, "Kelvin.Doors", value, "an array of objects", error);

  JsonArray *doors = json_node_get_array (value);
  guint n = json_array_get_length (doors);

  if (n > KELVIN_MOST_DOORS)
    {
      g_autofree char *rule = g_strdup_printf ("an array of at most %d doors", KELVIN_MOST_DOORS);

      return kelvin_field_refuse (self, "Kelvin.Doors", value, rule, error);
    }
  for (guint i = 0; i < n; i++)
    if (!read_door (self, i, json_array_get_element (doors, i), error))
      return FALSE;
  return TRUE;
}
