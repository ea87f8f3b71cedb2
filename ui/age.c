#include "config.h"

#include "ui/age.h"

#include <glib/gi18n-lib.h>

char *
kelvin_format_age (gint64 then_us, gint64 now_us)
{
  gint64 seconds = MAX (now_us - then_us, 0) / G_USEC_PER_SEC;
  guint days = (guint) (seconds / 86400);

  if (seconds < 2)
    return g_strdup (_ ("just now"));
  if (seconds < 60)
    /* Translators: seconds */
    return g_strdup_printf (_ ("%d s ago"), (int) seconds);
  if (seconds < 3600)
    /* Translators: minutes */
    return g_strdup_printf (_ ("%d min ago"), (int) (seconds / 60));
  if (days == 0)
    /* Translators: hours */
    return g_strdup_printf (_ ("%d h ago"), (int) (seconds / 3600));
  return g_strdup_printf (ngettext ("%u day ago", "%u days ago", days), days);
}
