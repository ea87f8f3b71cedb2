#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "engine/model/door.h"

G_BEGIN_DECLS

#define KELVIN_FUNCTION_ERROR (kelvin_function_error_quark ())
typedef enum {
  KELVIN_FUNCTION_ERROR_NOT_FOUND,     /* no folder, or no function.json in it */
  KELVIN_FUNCTION_ERROR_UNREADABLE,    /* there, but the system refused */
  KELVIN_FUNCTION_ERROR_MALFORMED,     /* not JSON: the message has file, line and column */
  KELVIN_FUNCTION_ERROR_INVALID_VALUE, /* the message has file, field, value and what would be right
                                        */
  KELVIN_FUNCTION_ERROR_UNKNOWN_RUNTIME,
} KelvinFunctionError;
GQuark kelvin_function_error_quark (void);

/* The language family that a runtime identifier names. */
typedef enum {
  KELVIN_RUNTIME_PYTHON,   /* python3.x */
  KELVIN_RUNTIME_NODE,     /* nodejsN.x */
  KELVIN_RUNTIME_PROVIDED, /* provided, provided.al2, provided.al2023 */
} KelvinRuntimeFamily;

/* A folder with function.json and code: the parsed document and its typed values. Immutable once
 * loaded, so any thread may read it; edits make a new one (kelvin_function_edit_*).
 * Field names and value rules are the service's CreateFunction; defaults as in contract.md. */
#define KELVIN_TYPE_FUNCTION (kelvin_function_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFunction, kelvin_function, KELVIN, FUNCTION, GObject)

/* Reads DIR/function.json; blocking, any thread. A document over 1 MB or nested over 64 levels is
 * malformed. */
KelvinFunction *kelvin_function_load (const char *dir, GError **error);
/* The same from text; @dir gives the default name and is named in errors. */
KelvinFunction *kelvin_function_parse (const char *dir, const char *json, gssize length,
                                       GError **error);

const char *kelvin_function_get_dir (KelvinFunction *self); /* absolute, symlinks resolved */
const char *kelvin_function_get_name (KelvinFunction *self);
const char *kelvin_function_get_runtime (KelvinFunction *self); /* "python3.11" */
KelvinRuntimeFamily kelvin_function_get_runtime_family (KelvinFunction *self);
const char *kelvin_function_get_handler (KelvinFunction *self); /* "" for provided without one */
const char *kelvin_function_get_description (KelvinFunction *self);
const char *kelvin_function_get_architecture (KelvinFunction *self); /* "x86_64" or "arm64" */
guint kelvin_function_get_memory_size_mb (KelvinFunction *self);
guint kelvin_function_get_timeout_s (KelvinFunction *self);
guint kelvin_function_get_ephemeral_storage_mb (KelvinFunction *self);
gboolean kelvin_function_get_system_packages (KelvinFunction *self); /* Kelvin.SystemPackages */
guint kelvin_function_get_provisioned_concurrency (KelvinFunction *self);
int kelvin_function_get_reserved_concurrency (KelvinFunction *self); /* -1: none */
const char *kelvin_function_get_network (KelvinFunction *self);      /* "none" or "internet" */
/* (transfer none) (element-type KelvinDoor): Kelvin.Doors, in their order */
GPtrArray *kelvin_function_get_doors (KelvinFunction *self);
/* (transfer none): name → value, both UTF-8; never stored in the history */
GHashTable *kelvin_function_get_variables (KelvinFunction *self);
/* (transfer none): NULL-terminated absolute folders, in mount order */
const char *const *kelvin_function_get_layers (KelvinFunction *self);
/* (transfer none): NULL-terminated sentences about fields that Kelvin doesn't know */
const char *const *kelvin_function_get_warnings (KelvinFunction *self);

/* The file of the handler, relative to the folder and existing there ("handler.py",
 * "src/index.mjs", "bootstrap"); NULL where none is found. What an editor opens first. */
char *kelvin_function_find_handler_file (KelvinFunction *self);

/* The whole document; unknown fields included. (transfer full) */
JsonNode *kelvin_function_to_json (KelvinFunction *self);
/* Pretty-printed with two spaces and a final newline, members in the order of the file. */
char *kelvin_function_to_text (KelvinFunction *self);

/* A copy with one member changed; @path is dotted ("MemorySize", "EphemeralStorage.Size",
 * "Environment.Variables.STAGE", "Kelvin.SystemPackages"); @value NULL removes it. Everything else,
 * unknown fields and order included, stays. The result was validated. */
KelvinFunction *kelvin_function_edit (KelvinFunction *self, const char *path, JsonNode *value,
                                      GError **error);

/* Writes function.json: a new file beside it, synced, renamed over it. Blocking. */
gboolean kelvin_function_save (KelvinFunction *self, GError **error);

/* Does a runtime identifier name something Kelvin can run? Sets @out_family and @out_version
 * ("3.11", "20", "" for provided; (transfer full)); both nullable. */
gboolean kelvin_runtime_parse (const char *runtime, KelvinRuntimeFamily *out_family,
                               char **out_version);

G_END_DECLS
