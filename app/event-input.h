#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads the event that a command was given: @file ("-" is standard input) or @json, not both; {}
 * where neither was. Checks that it is one JSON text of at most 6 MB. Blocking. Errors are of
 * G_OPTION_ERROR. */
GBytes *kelvin_event_input_read (const char *file, const char *json, GError **error);

/* How an event is called in a profile: "events/hello.json" for a file of the function, else the
 * file's own path. NULL where it has no name. */
char *kelvin_event_input_get_name (const char *file, const char *function_dir);

G_END_DECLS
