#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How figures of the history are written in tables; a dash where there is none (below 0). */
char *kelvin_format_local_time (gint64 us);   /* "2026-01-31 23:59:59" */
char *kelvin_format_ms (gint64 us);           /* "12.34" */
char *kelvin_format_megabytes (gint64 bytes); /* "12.3" */
char *kelvin_format_count (gint64 count);
/* What of a run's id is shown, and is enough to name it. */
char *kelvin_format_run_id (const char *id);

G_END_DECLS
