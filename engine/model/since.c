#include "engine/model/since.h"

#include <string.h>

#define LONGEST_SPAN_S (100 * 366 * G_GINT64_CONSTANT (86400))

static gint64
seconds_of_unit (char unit)
{
  switch (unit)
    {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    case 'd':
      return 86400;
    case 'w':
      return 7 * 86400;
    default:
      return 0;
    }
}

gboolean
kelvin_parse_span (const char *text, gint64 now_us, gint64 *out_us)
{
  char *end = NULL;
  guint64 number = g_ascii_strtoull (text, &end, 10);

  if (!g_ascii_isdigit (*text) || *end == '\0' || end[1] != '\0')
    return FALSE;
  gint64 unit_s = seconds_of_unit (*end);
  if (unit_s == 0 || number > (guint64) (LONGEST_SPAN_S / unit_s))
    return FALSE;
  *out_us = now_us - (gint64) number * unit_s * G_USEC_PER_SEC;
  return TRUE;
}

gboolean
kelvin_parse_since (const char *text, gint64 now_us, gint64 *out_us)
{
  if (kelvin_parse_span (text, now_us, out_us))
    return TRUE;

  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *clock = strchr (text, 'T');
  const char *rest = clock == NULL ? "T00:00:00" : strlen (clock) == strlen ("T00:00") ? ":00" : "";
  g_autofree char *instant = g_strconcat (text, rest, NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (instant, zone);

  if (time == NULL)
    return FALSE;
  *out_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}

char *
kelvin_format_local (gint64 us)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S");
  int ms = (int) (us % G_USEC_PER_SEC / 1000);

  return ms != 0 ? g_strdup_printf ("%s.%03d", text, ms) : g_steal_pointer (&text);
}
