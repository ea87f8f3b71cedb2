#include "engine/model/function-private.h"

#include <string.h>

#include "engine/model/function-field.h"
#include "engine/model/json-text.h"

#define LARGEST_BYTES 4096

static const char *const reserved[] = {
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_DEFAULT_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_FORMAT",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_LEVEL",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_LAMBDA_RUNTIME_API",
  "AWS_REGION",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "LAMBDA_RUNTIME_DIR",
  "LAMBDA_TASK_ROOT",
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  NULL,
};

/* The opening words of both messages are the service's, so that they can be found on the web. */
#define SERVICE_WORDS                                                                              \
  "Lambda was unable to configure your environment variables because the environment variables "   \
  "you have provided "

static gboolean
check_reserved (KelvinFunction *self, JsonObject *variables, GError **error)
{
  g_autoptr (GString) used = g_string_new (NULL);
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init_ordered (&iter, variables);
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    {
      if (g_strv_contains (reserved, name))
        g_string_append_printf (used, "%s%s", used->len > 0 ? ", " : "", name);
    }
  if (used->len == 0)
    return TRUE;

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: Environment.Variables: " SERVICE_WORDS
               "contains reserved keys that are currently not supported for modification. "
               "Reserved keys used in this request: %s",
               self->file, used->str);
  return FALSE;
}

static gboolean
check_size (KelvinFunction *self, JsonNode *value, GError **error)
{
  g_autofree char *text = kelvin_json_to_text (value, KELVIN_JSON_COMPACT);
  gsize bytes = strlen (text);
  if (bytes <= LARGEST_BYTES)
    return TRUE;

  /* the service repeats all values here; a message ends up in logs, so their size has to do */
  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: Environment.Variables: " SERVICE_WORDS
               "exceeded the 4KB limit. They are %" G_GSIZE_FORMAT
               " bytes as JSON; at most %d are allowed",
               self->file, bytes, LARGEST_BYTES);
  return FALSE;
}

static gboolean
is_name (const char *name)
{
  if (!g_ascii_isalpha (name[0]) || name[1] == '\0')
    return FALSE;
  for (const char *at = name; *at != '\0'; at++)
    {
      if (!g_ascii_isalnum (*at) && *at != '_')
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_variable (KelvinFunction *self, const char *name, JsonNode *value, GError **error)
{
  if (!is_name (name))
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
                   "%s: Environment.Variables has the name \"%s\"; a name must be a letter, then "
                   "one or more letters, digits or underscores",
                   self->file, name);
      return FALSE;
    }
  if (json_node_get_value_type (value) != G_TYPE_STRING)
    {
      g_autofree char *field = g_strconcat ("Environment.Variables.", name, NULL);

      return kelvin_field_refuse (self, field, value, "a string", error);
    }

  g_hash_table_insert (self->variables, g_strdup (name), json_node_dup_string (value));
  return TRUE;
}

gboolean
kelvin_function_read_variables (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_OBJECT (value))
    return kelvin_field_refuse (self, "Environment.Variables", value,
                                "an object of names and strings", error);

  JsonObject *variables = json_node_get_object (value);
  JsonObjectIter iter;
  const char *name;
  JsonNode *variable;

  if (!check_reserved (self, variables, error))
    return FALSE;
  json_object_iter_init_ordered (&iter, variables);
  while (json_object_iter_next_ordered (&iter, &name, &variable))
    {
      if (!read_variable (self, name, variable, error))
        return FALSE;
    }

  return check_size (self, value, error);
}
