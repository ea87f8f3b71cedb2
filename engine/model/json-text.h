#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define KELVIN_JSON_ERROR (kelvin_json_error_quark ())
typedef enum {
  KELVIN_JSON_ERROR_MALFORMED, /* the message has line and column */
  KELVIN_JSON_ERROR_TOO_DEEP,  /* nested over the limit; likewise */
} KelvinJsonError;
GQuark kelvin_json_error_quark (void);

/* How deep an event may be nested before it is refused. The service names no limit; parsers inside
 * of functions have one (Python's about this). */
#define KELVIN_JSON_EVENT_DEPTH 1000
/* How deep a payload may be to appear as JSON inside of Kelvin's own documents. */
#define KELVIN_JSON_PAYLOAD_DEPTH 200

/* Is @data one JSON text (RFC 8259, valid UTF-8), nested at most @max_depth levels? Streaming:
 * memory doesn't grow with its length. Any thread; takes about 4 ms a megabyte, so a worker above
 * 64 KB. */
gboolean kelvin_json_check (const char *data, gsize length, guint max_depth, GError **error);

/* The same, as a tree. Strict where json-glib is lenient (comments, single quotes, trailing
 * commas), and safe with any depth up to @max_depth, which is at most 1000. A whole number beyond
 * 64 bits becomes the nearest double; a string that holds U+0000 is malformed, as a JsonNode can't
 * hold one. */
JsonNode *kelvin_json_parse (const char *data, gsize length, guint max_depth, GError **error);

/* Text of a tree; members in their order, numbers as short as they can be without changing. */
typedef enum {
  KELVIN_JSON_COMPACT, /* one line, no spaces, no newline at the end */
  KELVIN_JSON_PRETTY,  /* indented by two spaces, a newline at the end */
} KelvinJsonStyle;
char *kelvin_json_to_text (JsonNode *node, KelvinJsonStyle style);

G_END_DECLS
