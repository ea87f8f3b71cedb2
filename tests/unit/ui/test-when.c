#include "ui/when.h"

#include <time.h>

static gint64
at (int year, int month, int day, int hour, int minute)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (year, month, day, hour, minute, 0);

  return g_date_time_to_unix (time) * G_USEC_PER_SEC;
}

static void
test_nearer_is_shorter (void)
{
  gint64 now = at (2026, 3, 1, 0, 30);
  static const struct {
    int year, month, day, hour, minute;
    const char *text;
  } cases[] = {
    { 2026, 3, 1, 0, 5, "today 00:05" },
    { 2026, 2, 28, 23, 59, "yesterday 23:59" },
    { 2026, 2, 27, 23, 59, "27 Feb 23:59" },
    { 2025, 3, 1, 0, 30, "1 Mar 2025 00:30" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 then =
          at (cases[i].year, cases[i].month, cases[i].day, cases[i].hour, cases[i].minute);
      g_autofree char *text = kelvin_format_when (then, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  tzset ();
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/ui/when/nearer-is-shorter", test_nearer_is_shorter);
  return g_test_run ();
}
