#include "app/figures.h"

/* The time of a time-ordered UUID: two runs share it only if they began in the same millisecond. */
#define ID_SHOWN 13
#define BYTES_IN_MB (1024 * 1024)

char *
kelvin_format_local_time (gint64 us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);

  return us < 0 || time == NULL ? g_strdup ("–") : g_date_time_format (time, "%Y-%m-%d %H:%M:%S");
}

char *
kelvin_format_ms (gint64 us)
{
  return us < 0 ? g_strdup ("–") : g_strdup_printf ("%.2f", (double) us / 1000);
}

char *
kelvin_format_megabytes (gint64 bytes)
{
  return bytes < 0 ? g_strdup ("–") : g_strdup_printf ("%.1f", (double) bytes / BYTES_IN_MB);
}

char *
kelvin_format_count (gint64 count)
{
  return count < 0 ? g_strdup ("–") : g_strdup_printf ("%" G_GINT64_FORMAT, count);
}

char *
kelvin_format_run_id (const char *id)
{
  return g_strndup (id, ID_SHOWN);
}
