#include "config.h"

#include "ui/when.h"

#include <glib/gi18n-lib.h>

static GDateTime *
to_local (gint64 us)
{
  return g_date_time_new_from_unix_local (us / G_USEC_PER_SEC);
}

static gboolean
is_same_day (GDateTime *a, GDateTime *b)
{
  return g_date_time_get_year (a) == g_date_time_get_year (b) &&
         g_date_time_get_day_of_year (a) == g_date_time_get_day_of_year (b);
}

char *
kelvin_format_when (gint64 at_us, gint64 now_us)
{
  g_autoptr (GDateTime) at = to_local (at_us);
  g_autoptr (GDateTime) now = to_local (now_us);
  g_autoptr (GDateTime) yesterday = g_date_time_add_days (now, -1);

  if (is_same_day (at, now))
    /* Translators: strftime format of a time today */
    return g_date_time_format (at, _ ("today %H:%M"));
  if (is_same_day (at, yesterday))
    /* Translators: strftime format of a time yesterday */
    return g_date_time_format (at, _ ("yesterday %H:%M"));
  if (g_date_time_get_year (at) == g_date_time_get_year (now))
    /* Translators: strftime format of a day and time of this year */
    return g_date_time_format (at, _ ("%-d %b %H:%M"));

  /* Translators: strftime format of a day and time of another year */
  return g_date_time_format (at, _ ("%-d %b %Y %H:%M"));
}

char *
kelvin_format_when_exactly (gint64 at_us, gint64 now_us)
{
  g_autofree char *minute = kelvin_format_when (at_us, now_us);
  g_autoptr (GDateTime) at = to_local (at_us);

  /* Translators: an instant to the minute, and its second */
  return g_strdup_printf (_ ("%s:%02d"), minute, g_date_time_get_second (at));
}
