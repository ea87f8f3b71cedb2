#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a profile's document says would help, as text. Prints nothing where nothing was tried. */
void kelvin_advice_report_print (JsonObject *profile);

G_END_DECLS
