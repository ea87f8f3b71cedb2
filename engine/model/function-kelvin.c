#include "engine/model/function-private.h"

#include "engine/model/admission.h"
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

  if (!kelvin_field_read_whole (self, field, value, 0,
                                KELVIN_ACCOUNT_CONCURRENCY - KELVIN_UNRESERVED_MINIMUM, &number,
                                error))
    return FALSE;

  self->provisioned_concurrency = number;
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

static const KelvinField kelvin_fields[] = {
  { "Network", read_network },
  { "SystemPackages", read_system_packages },
  { "Doors", kelvin_function_read_doors },
  { "Events", read_events },
  { "ProvisionedConcurrentExecutions", read_provisioned },
  { NULL, NULL },
};

gboolean
kelvin_function_read_kelvin (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "Kelvin", value, kelvin_fields, "an object", error);
}
