#include "engine/model/since.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

static void
test_spans_count_back (void)
{
  static const struct {
    const char *text;
    gint64 seconds;
  } known[] = { { "0s", 0 },      { "90s", 90 },    { "30m", 1800 },
                { "24h", 86400 }, { "7d", 604800 }, { "2w", 1209600 } };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      gint64 us = -1;

      g_assert_true (kelvin_parse_since (known[i].text, NOW_US, &us));
      g_assert_cmpint (us, ==, NOW_US - known[i].seconds * G_USEC_PER_SEC);
    }
}

static void
test_instants_are_taken_as_they_are (void)
{
  gint64 us = -1;

  g_assert_true (kelvin_parse_since ("2023-11-14T22:13:20.5Z", 0, &us));
  g_assert_cmpint (us, ==, NOW_US + 500000);
  g_assert_true (kelvin_parse_since ("2023-11-15T00:13:20+02:00", 0, &us));
  g_assert_cmpint (us, ==, NOW_US);
}

static void
test_a_date_is_its_midnight_here (void)
{
  gint64 us = -1;
  g_autoptr (GDateTime) midnight = g_date_time_new_local (2026, 1, 31, 0, 0, 0);

  g_assert_true (kelvin_parse_since ("2026-01-31", 0, &us));
  g_assert_cmpint (us, ==, g_date_time_to_unix (midnight) * G_USEC_PER_SEC);
  g_assert_true (kelvin_parse_since ("2026-01-31T00:05", 0, &us));
  g_assert_cmpint (us, ==, (g_date_time_to_unix (midnight) + 300) * G_USEC_PER_SEC);
}

static void
test_other_text_is_refused (void)
{
  static const char *const wrong[] = {
    "",    "7", "d", "7y", "-7d", "7d ", "yesterday", "7dd", "2026-13-01", "99999999999999999999w",
    "1.5h"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gint64 untouched = 7;

      g_assert_false (kelvin_parse_since (wrong[i], NOW_US, &untouched));
      g_assert_cmpint (untouched, ==, 7);
    }
}

static void
test_what_is_written_is_read_again (void)
{
  static const gint64 instants[] = { NOW_US, NOW_US + 1000, NOW_US + 999000 };

  for (gsize i = 0; i < G_N_ELEMENTS (instants); i++)
    {
      g_autofree char *text = kelvin_format_local (instants[i]);
      gint64 us = -1;

      g_assert_true (kelvin_parse_since (text, 0, &us));
      g_assert_cmpint (us, ==, instants[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/since/spans-count-back", test_spans_count_back);
  g_test_add_func ("/model/since/instants-are-taken-as-they-are",
                   test_instants_are_taken_as_they_are);
  g_test_add_func ("/model/since/a-date-is-its-midnight-here", test_a_date_is_its_midnight_here);
  g_test_add_func ("/model/since/other-text-is-refused", test_other_text_is_refused);
  g_test_add_func ("/model/since/what-is-written-is-read-again",
                   test_what_is_written_is_read_again);
  return g_test_run ();
}
