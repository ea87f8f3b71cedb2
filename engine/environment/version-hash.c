#include "engine/environment/version-hash.h"

#include <string.h>

#include "engine/environment/variables-key.h"
#include "engine/model/json-text.h"

static void
add (GChecksum *checksum, const char *text)
{
  /* with its final NUL, which keeps neighbours apart */
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
}

/* Takes the values out of the document, and returns a hash of them: "" where there are none. */
static char *
take_variables (JsonObject *document, const char *key_file, GError **error)
{
  JsonNode *environment = json_object_get_member (document, "Environment");
  if (environment == NULL)
    return g_strdup ("");

  g_autofree char *text = kelvin_json_to_text (environment, KELVIN_JSON_COMPACT);
  json_object_remove_member (document, "Environment");
  return kelvin_variables_key_hash (key_file, text, error);
}

char *
kelvin_version_hash (KelvinFunction *function, const char *code_hash, const char *const *manifests,
                     const char *key_file, GError **error)
{
  g_autoptr (JsonNode) document = kelvin_function_to_json (function);
  JsonObject *object = json_node_get_object (document);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  g_autofree char *variables = take_variables (object, key_file, error);
  if (variables == NULL)
    return NULL;

  json_object_remove_member (object, "Description");
  json_object_remove_member (object, "Tags");
  g_autofree char *configuration = kelvin_json_to_text (document, KELVIN_JSON_COMPACT);

  add (checksum, "kelvin version 1");
  add (checksum, kelvin_function_get_name (function));
  add (checksum, configuration);
  add (checksum, variables);
  add (checksum, code_hash);
  for (guint i = 0; manifests[i] != NULL; i++)
    add (checksum, manifests[i]);

  return g_strdup (g_checksum_get_string (checksum));
}
