#include "config.h"

#include "ui/charts/duration.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SECONDS_FROM_MS 10000

static int
count_decimals (double value)
{
  double magnitude = fabs (value);

  if (magnitude == 0)
    return 0;
  if (magnitude < 1)
    return 3;
  if (magnitude < 10)
    return 2;
  return magnitude < 1000 ? 1 : 0;
}

char *
kelvin_format_duration (double ms)
{
  if (fabs (ms) >= SECONDS_FROM_MS)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%'.*f s"), count_decimals (ms / 1000), ms / 1000);

  /* Translators: milliseconds */
  return g_strdup_printf (_ ("%'.*f ms"), count_decimals (ms), ms);
}

char *
kelvin_format_duration_interval (double low_ms, double high_ms)
{
  gboolean seconds = fabs (high_ms) >= SECONDS_FROM_MS;
  double divisor = seconds ? 1000 : 1;
  double low = low_ms / divisor;
  double high = high_ms / divisor;
  int decimals = count_decimals (high);

  if (seconds)
    /* Translators: both ends of an interval, seconds */
    return g_strdup_printf (_ ("[%'.*f, %'.*f] s"), decimals, low, decimals, high);

  /* Translators: both ends of an interval, milliseconds */
  return g_strdup_printf (_ ("[%'.*f, %'.*f] ms"), decimals, low, decimals, high);
}
