#include "config.h"

#include "ui/door-edit.h"

#include "ui/field-row.h"

#define PATH "Kelvin.Doors"

/* A copy of the array as it stands there, or an empty one. */
static JsonNode *
dup_doors (KelvinConfiguration *configuration)
{
  g_autoptr (JsonNode) document =
      kelvin_function_to_json (kelvin_configuration_get_function (configuration));
  JsonNode *doors = kelvin_field_find (document, PATH);

  if (doors != NULL && JSON_NODE_HOLDS_ARRAY (doors))
    return json_node_copy (doors);
  return json_node_init_array (json_node_alloc (), json_array_new ());
}

/* Takes @array. The last door's end is the end of the member. */
static gboolean
set_doors (KelvinConfiguration *configuration, JsonArray *array, GError **error)
{
  g_autoptr (JsonNode) doors = json_node_new (JSON_NODE_ARRAY);
  gboolean none = json_array_get_length (array) == 0;

  json_node_take_array (doors, array);
  return kelvin_configuration_edit (configuration, PATH, none ? NULL : doors, error);
}

/* A new array: that of a node may be shared. */
static JsonArray *
copy_but (JsonArray *array, guint left_out)
{
  JsonArray *copy = json_array_new ();

  for (guint i = 0; i < json_array_get_length (array); i++)
    if (i != left_out)
      json_array_add_element (copy, json_array_dup_element (array, i));
  return copy;
}

static gboolean
is_taken (GPtrArray *doors, const char *name)
{
  for (guint i = 0; i < doors->len; i++)
    if (g_str_equal (((KelvinDoor *) doors->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static char *
find_name (KelvinConfiguration *configuration, const char *wanted)
{
  GPtrArray *doors = kelvin_function_get_doors (kelvin_configuration_get_function (configuration));
  char *name = g_strdup (wanted);

  for (guint i = 2; is_taken (doors, name) || g_str_equal (name, KELVIN_OWN_DOOR); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s-%u", wanted, i);
    }
  return name;
}

gboolean
kelvin_door_edit_add (KelvinConfiguration *configuration, const KelvinDoor *door, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (configuration), FALSE);

  g_autoptr (JsonNode) doors = dup_doors (configuration);
  g_autofree char *name = find_name (configuration, door->name);
  KelvinDoor named = *door;
  JsonArray *array = copy_but (json_node_get_array (doors), G_MAXUINT);

  named.name = name;
  json_array_add_element (array, kelvin_door_to_json (&named));
  return set_doors (configuration, array, error);
}

gboolean
kelvin_door_edit_remove (KelvinConfiguration *configuration, guint index, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (configuration), FALSE);

  g_autoptr (JsonNode) doors = dup_doors (configuration);

  return set_doors (configuration, copy_but (json_node_get_array (doors), index), error);
}

gboolean
kelvin_door_edit_set (KelvinConfiguration *configuration, guint index, const char *member,
                      JsonNode *value, GError **error)
{
  g_return_val_if_fail (KELVIN_IS_CONFIGURATION (configuration), FALSE);

  g_autoptr (JsonNode) doors = dup_doors (configuration);
  JsonArray *array = copy_but (json_node_get_array (doors), G_MAXUINT);
  JsonObject *door =
      index < json_array_get_length (array) ? json_array_get_object_element (array, index) : NULL;

  if (door != NULL && value != NULL)
    json_object_set_member (door, member, value);
  else if (door != NULL)
    json_object_remove_member (door, member);
  return set_doors (configuration, array, error);
}
