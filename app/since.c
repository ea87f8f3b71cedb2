#include "app/since.h"

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

static gboolean
parse_span (const char *text, gint64 now_us, gint64 *out_us)
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
  if (parse_span (text, now_us, out_us))
    return TRUE;

  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autofree char *instant =
      strchr (text, 'T') == NULL ? g_strconcat (text, "T00:00:00", NULL) : g_strdup (text);
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (instant, zone);

  if (time == NULL)
    return FALSE;
  *out_us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return TRUE;
}
