#pragma once

#include "engine/model/function.h"

G_BEGIN_DECLS

struct _KelvinFunction {
  GObject parent_instance;

  char *dir;
  char *file; /* DIR/function.json, to name in messages */
  char *text; /* the whole document: a tree of json-glib may not be shared between threads */

  char *name;
  char *runtime;
  KelvinRuntimeFamily family;
  char *handler;
  char *description;
  char *architecture;
  guint memory_size_mb;
  guint timeout_s;
  guint ephemeral_storage_mb;
  int reserved_concurrency; /* -1: none */
  guint provisioned_concurrency;
  gboolean system_packages;
  char *network;
  GPtrArray *doors; /* of KelvinDoor */
  GHashTable *variables;
  GPtrArray *layers;   /* NULL-terminated once read */
  GPtrArray *warnings; /* likewise */
};

/* Checks the document against the service's rules and fills the typed values. */
gboolean kelvin_function_read_document (KelvinFunction *self, JsonObject *document, GError **error);
/* Likewise, Environment.Variables alone. */
gboolean kelvin_function_read_variables (KelvinFunction *self, JsonNode *value, GError **error);
/* Likewise, Kelvin.Doors alone. */
gboolean kelvin_function_read_doors (KelvinFunction *self, JsonNode *value, GError **error);
/* Likewise, the object Kelvin alone. */
gboolean kelvin_function_read_kelvin (KelvinFunction *self, JsonNode *value, GError **error);

G_END_DECLS
