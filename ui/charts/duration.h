#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A length of time as people read it: at least three significant digits, milliseconds below 10 s,
 * then seconds: "0.213 ms", "2.21 ms", "163.2 ms", "1632 ms", "16.3 s". (transfer full) */
char *kelvin_format_duration (double ms);
/* An interval, to the digits of its upper end: "[159.3, 160.9] ms". (transfer full) */
char *kelvin_format_duration_interval (double low_ms, double high_ms);

G_END_DECLS
