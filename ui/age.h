#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How long ago @then_us was, both in microseconds of the Unix epoch: "12 s ago", "4 min ago", "3 h
 * ago", "2 days ago". (transfer full) */
char *kelvin_format_age (gint64 then_us, gint64 now_us);

G_END_DECLS
