#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Members of Kelvin's own documents. What isn't known is null. */

/* @value is nullable */
void kelvin_json_set_string (JsonObject *object, const char *name, const char *value);
/* Milliseconds with a fraction; @us -1 is null. */
void kelvin_json_set_ms (JsonObject *object, const char *name, gint64 us);
/* RFC 3339; @us -1 is null. */
void kelvin_json_set_instant (JsonObject *object, const char *name, gint64 us);
/* US dollars */
void kelvin_json_set_usd (JsonObject *object, const char *name, gint64 pico_usd);

/* (transfer full) both ways */
JsonNode *kelvin_json_take_object (JsonObject *object);

G_END_DECLS
