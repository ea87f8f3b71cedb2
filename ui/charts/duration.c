#include "config.h"

#include "ui/charts/duration.h"

#include <glib/gi18n-lib.h>
#include <math.h>

static int
count_decimals (double value)
{
  if (value == 0)
    return 0;
  if (value < 1)
    return 3;
  if (value < 10)
    return 2;
  return value < 1000 ? 1 : 0;
}

char *
kelvin_format_duration (double ms)
{
  double magnitude = fabs (ms);

  if (magnitude >= 10000)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%'.*f s"), count_decimals (magnitude / 1000), ms / 1000);

  /* Translators: milliseconds */
  return g_strdup_printf (_ ("%'.*f ms"), count_decimals (magnitude), ms);
}
