#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* An instant as a person speaks of it, in local time: "today 14:57", "yesterday 09:12", "12 Nov
 * 10:11", and with the year where it is another one. Both in microseconds of the Unix epoch.
 * (transfer full) */
char *kelvin_format_when (gint64 at_us, gint64 now_us);

/* The same to the second: "today 14:57:03". (transfer full) */
char *kelvin_format_when_exactly (gint64 at_us, gint64 now_us);

G_END_DECLS
