#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Prints the document of `profile --json` for people. */
void kelvin_profile_report_print (JsonObject *profile);

G_END_DECLS
