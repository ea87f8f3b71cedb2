#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* "90s", "30m", "24h", "7d", "2w": so long before @now_us; "2026-11-23" or an RFC 3339 instant:
 * then. Times are microseconds of the Unix epoch; a date begins at midnight of this machine's time
 * zone. */
gboolean kelvin_parse_since (const char *text, gint64 now_us, gint64 *out_us);
/* The first kind alone. */
gboolean kelvin_parse_span (const char *text, gint64 now_us, gint64 *out_us);
/* "2026-11-24T14:05:30" or "2026-11-24T14:05:30.250", this machine's time, to the millisecond.
 * (transfer full) */
char *kelvin_format_local (gint64 us);

G_END_DECLS
