#include "engine/model/function-private.h"

#include <string.h>

#include "engine/model/admission.h"
#include "engine/model/function-field.h"

/* The fields of function.json, each with the rule of the service's CreateFunction. One more field
 * is one reader and one line in the table of its object. */

static gboolean
is_function_name (const char *name)
{
  gsize length = strlen (name);

  if (length < 1 || length > 64)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (!g_ascii_isalnum (name[i]) && name[i] != '-' && name[i] != '_')
        return FALSE;
    }

  return TRUE;
}

#define NAME_RULE "1 to 64 letters, digits, hyphens or underscores"

static gboolean
read_name (KelvinFunction *self, JsonNode *value, GError **error)
{
  const char *name = kelvin_field_read_string (self, "FunctionName", value, NAME_RULE, error);

  if (name == NULL)
    return FALSE;
  if (!is_function_name (name))
    return kelvin_field_refuse (self, "FunctionName", value, NAME_RULE, error);

  self->name = g_strdup (name);
  return TRUE;
}

#define RUNTIME_RULE                                                                               \
  "one that Kelvin can run: python3.8 or later, nodejs16.x or later, provided, provided.al2 or "   \
  "provided.al2023"

static gboolean
read_runtime (KelvinFunction *self, JsonNode *value, GError **error)
{
  const char *runtime = kelvin_field_read_string (self, "Runtime", value, RUNTIME_RULE, error);

  if (runtime == NULL)
    return FALSE;
  if (!kelvin_runtime_parse (runtime, &self->family, NULL))
    {
      g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_UNKNOWN_RUNTIME,
                   "%s: Runtime is \"%s\"; it must be " RUNTIME_RULE, self->file, runtime);
      return FALSE;
    }

  self->runtime = g_strdup (runtime);
  return TRUE;
}

static gboolean
read_handler (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "1 to 128 characters without spaces";
  const char *handler = kelvin_field_read_string (self, "Handler", value, rule, error);

  if (handler == NULL)
    return FALSE;
  if (*handler == '\0' || g_utf8_strlen (handler, -1) > 128 ||
      strpbrk (handler, " \t\r\n\v\f") != NULL)
    return kelvin_field_refuse (self, "Handler", value, rule, error);

  self->handler = g_strdup (handler);
  return TRUE;
}

static gboolean
read_description (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "a text of at most 256 characters";
  const char *description = kelvin_field_read_string (self, "Description", value, rule, error);

  if (description == NULL)
    return FALSE;
  if (g_utf8_strlen (description, -1) > 256)
    return kelvin_field_refuse (self, "Description", value, rule, error);

  self->description = g_strdup (description);
  return TRUE;
}

static gboolean
read_memory (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_whole (self, "MemorySize", value, 128, 10240, &self->memory_size_mb,
                                  error);
}

static gboolean
read_timeout (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_whole (self, "Timeout", value, 1, 900, &self->timeout_s, error);
}

static gboolean
read_storage_size (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_whole (self, "EphemeralStorage.Size", value, 512, 10240,
                                  &self->ephemeral_storage_mb, error);
}

static const KelvinField storage_fields[] = { { "Size", read_storage_size }, { NULL, NULL } };

static gboolean
read_storage (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "EphemeralStorage", value, storage_fields,
                                   "an object with Size", error);
}

static const KelvinField environment_fields[] = { { "Variables", kelvin_function_read_variables },
                                                  { NULL, NULL } };

static gboolean
read_environment (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "Environment", value, environment_fields,
                                   "an object with Variables", error);
}

static char *
layer_folder (KelvinFunction *self, const char *layer)
{
  g_autofree char *path = g_canonicalize_filename (layer, self->dir);

  return g_file_test (path, G_FILE_TEST_IS_DIR) ? g_steal_pointer (&path) : NULL;
}

static gboolean
read_layer (KelvinFunction *self, guint index, JsonNode *value, GError **error)
{
  static const char rule[] = "a folder that exists (relative to the function's own, or absolute)";
  g_autofree char *field = g_strdup_printf ("Layers[%u]", index);
  const char *layer = kelvin_field_read_string (self, field, value, rule, error);

  if (layer == NULL)
    return FALSE;

  g_autofree char *folder = layer_folder (self, layer);
  if (folder == NULL)
    return kelvin_field_refuse (self, field, value, rule, error);

  g_ptr_array_add (self->layers, g_steal_pointer (&folder));
  return TRUE;
}

static gboolean
read_layers (KelvinFunction *self, JsonNode *value, GError **error)
{
  if (!JSON_NODE_HOLDS_ARRAY (value))
    return kelvin_field_refuse (self, "Layers", value, "an array of folders", error);

  JsonArray *layers = json_node_get_array (value);
  guint n = json_array_get_length (layers);
  if (n > 5)
    return kelvin_field_refuse (
        self, "Layers", value, "an array of at most 5 folders: Cannot reference more than 5 layers",
        error);

  for (guint i = 0; i < n; i++)
    {
      if (!read_layer (self, i, json_array_get_element (layers, i), error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_architectures (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] = "[\"x86_64\"] or [\"arm64\"]";
  static const char *const choices[] = { "x86_64", "arm64", NULL };

  if (!JSON_NODE_HOLDS_ARRAY (value) || json_array_get_length (json_node_get_array (value)) != 1)
    return kelvin_field_refuse (self, "Architectures", value, rule, error);

  JsonNode *first = json_array_get_element (json_node_get_array (value), 0);
  if (!kelvin_field_read_choice (self, "Architectures[0]", first, choices, "x86_64 or arm64",
                                 error))
    return FALSE;

  self->architecture = json_node_dup_string (first);
  return TRUE;
}

static gboolean
is_tag (const char *key, JsonNode *value)
{
  glong length = g_utf8_strlen (key, -1);

  return length >= 1 && length <= 128 && !g_str_has_prefix (key, "aws:") &&
         json_node_get_value_type (value) == G_TYPE_STRING &&
         g_utf8_strlen (json_node_get_string (value), -1) <= 256;
}

static gboolean
read_tags (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char rule[] =
      "an object of at most 50 strings of at most 256 characters, named with 1 to 128 characters "
      "that don't begin with aws:";
  if (!JSON_NODE_HOLDS_OBJECT (value) || json_object_get_size (json_node_get_object (value)) > 50)
    return kelvin_field_refuse (self, "Tags", value, rule, error);

  JsonObjectIter iter;
  const char *key;
  JsonNode *tag;

  json_object_iter_init_ordered (&iter, json_node_get_object (value));
  while (json_object_iter_next_ordered (&iter, &key, &tag))
    {
      if (!is_tag (key, tag))
        return kelvin_field_refuse (self, "Tags", value, rule, error);
    }

  return TRUE;
}

static gboolean
read_reserved_concurrency (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char field[] = "ReservedConcurrentExecutions";
  guint number = 0;

  if (!kelvin_field_read_whole (self, field, value, 0,
                                KELVIN_ACCOUNT_CONCURRENCY - KELVIN_UNRESERVED_MINIMUM, &number,
                                error))
    return FALSE;

  self->reserved_concurrency = (int) number;
  return TRUE;
}

static gboolean
read_dead_letter_target (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char field[] = "DeadLetterConfig.TargetArn";

  if (kelvin_field_read_string (self, field, value, "a string that names a queue", error) == NULL)
    return FALSE;

  kelvin_field_warn_unheeded (self, field);
  return TRUE;
}

static const KelvinField dead_letter_fields[] = { { "TargetArn", read_dead_letter_target },
                                                  { NULL, NULL } };

static gboolean
read_dead_letter (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "DeadLetterConfig", value, dead_letter_fields,
                                   "an object with TargetArn", error);
}

static gboolean
read_apply_on (KelvinFunction *self, JsonNode *value, GError **error)
{
  static const char *const choices[] = { "None", "PublishedVersions", NULL };

  if (!kelvin_field_read_choice (self, "SnapStart.ApplyOn", value, choices,
                                 "None or PublishedVersions", error))
    return FALSE;

  if (strcmp (json_node_get_string (value), "None") != 0)
    kelvin_field_warn_unheeded (self, "SnapStart.ApplyOn");
  return TRUE;
}

static const KelvinField snap_start_fields[] = { { "ApplyOn", read_apply_on }, { NULL, NULL } };

static gboolean
read_snap_start (KelvinFunction *self, JsonNode *value, GError **error)
{
  return kelvin_field_read_object (self, "SnapStart", value, snap_start_fields,
                                   "an object with ApplyOn", error);
}

static const KelvinField fields[] = {
  { "FunctionName", read_name },
  { "Description", read_description },
  { "Runtime", read_runtime },
  { "Handler", read_handler },
  { "MemorySize", read_memory },
  { "Timeout", read_timeout },
  { "EphemeralStorage", read_storage },
  { "Environment", read_environment },
  { "Layers", read_layers },
  { "Architectures", read_architectures },
  { "Tags", read_tags },
  { "ReservedConcurrentExecutions", read_reserved_concurrency },
  { "DeadLetterConfig", read_dead_letter },
  { "SnapStart", read_snap_start },
  { "Kelvin", kelvin_function_read_kelvin },
  /* the rest of CreateFunction: a document that was taken from elsewhere may have them */
  { "Code", NULL },
  { "CodeSigningConfigArn", NULL },
  { "DurableConfig", NULL },
  { "FileSystemConfigs", NULL },
  { "ImageConfig", NULL },
  { "KMSKeyArn", NULL },
  { "LoggingConfig", NULL },
  { "PackageType", NULL },
  { "Publish", NULL },
  { "Role", NULL },
  { "TenancyConfig", NULL },
  { "TracingConfig", NULL },
  { "VpcConfig", NULL },
  { NULL, NULL },
};

static gboolean
default_name (KelvinFunction *self, GError **error)
{
  g_autofree char *folder = g_path_get_basename (self->dir);

  if (is_function_name (folder))
    {
      self->name = g_steal_pointer (&folder);
      return TRUE;
    }

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: FunctionName is missing, and the folder's name \"%s\" can't stand in for it; "
               "it must be " NAME_RULE,
               self->file, folder);
  return FALSE;
}

static gboolean
require (KelvinFunction *self, const char *field, const char *value, const char *rule,
         GError **error)
{
  if (value != NULL)
    return TRUE;

  g_set_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_INVALID_VALUE,
               "%s: %s is missing; it must be %s", self->file, field, rule);
  return FALSE;
}

gboolean
kelvin_function_read_document (KelvinFunction *self, JsonObject *document, GError **error)
{
  if (!kelvin_field_read_members (self, "", document, fields, error) ||
      !require (self, "Runtime", self->runtime, RUNTIME_RULE, error))
    return FALSE;

  /* a bootstrap of one's own may do without a handler */
  if (self->handler == NULL && self->family == KELVIN_RUNTIME_PROVIDED)
    self->handler = g_strdup ("");
  if (!require (self, "Handler", self->handler,
                "the file and function to call, such as handler.main", error))
    return FALSE;

  return self->name != NULL || default_name (self, error);
}
