#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The imports of a profile's document as text: a table, the costliest first, and the tree in which
 * they came. Prints nothing where they weren't recorded. */
void kelvin_import_report_print (JsonObject *profile);

G_END_DECLS
