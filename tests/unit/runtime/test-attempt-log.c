#include "engine/runtime/attempt-log.h"

#include <string.h>

static void
test_keeps_lines_in_order (void)
{
  g_autoptr (KelvinAttemptLog) log = kelvin_attempt_log_new ();

  kelvin_attempt_log_add (log, "one", -1);
  kelvin_attempt_log_add (log, "two, cut", 3);
  kelvin_attempt_log_add_format (log, "%d", 3);
  kelvin_attempt_log_add (log, "", 0);

  g_autofree char *text = kelvin_attempt_log_to_text (log);

  g_assert_cmpstr (text, ==, "one\ntwo\n3\n\n");
  g_assert_cmpuint (kelvin_attempt_log_get_omitted_bytes (log), ==, 0);
}

static void
test_replaces_what_is_not_text (void)
{
  g_autoptr (KelvinAttemptLog) log = kelvin_attempt_log_new ();

  kelvin_attempt_log_add (log,
                          "a\0b\xff"
                          "c\xc3\xa9",
                          7);

  g_autofree char *text = kelvin_attempt_log_to_text (log);

  g_assert_cmpstr (text, ==,
                   "a\xef\xbf\xbd"
                   "b\xef\xbf\xbd"
                   "c\xc3\xa9\n");
}

static void
test_up_to_two_megabytes_are_kept_whole (void)
{
  g_autoptr (KelvinAttemptLog) log = kelvin_attempt_log_new ();
  g_autofree char *line = g_strnfill (KELVIN_ATTEMPT_LOG_HALF_BYTES - 1, 'x');

  kelvin_attempt_log_add (log, line, -1);
  kelvin_attempt_log_add (log, line, -1);

  g_autofree char *text = kelvin_attempt_log_to_text (log);

  g_assert_cmpuint (strlen (text), ==, 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES);
  g_assert_cmpuint (kelvin_attempt_log_get_omitted_bytes (log), ==, 0);
}

static void
test_says_how_much_is_left_out (void)
{
  g_autoptr (KelvinAttemptLog) log = kelvin_attempt_log_new ();
  const guint n_lines = 500000; /* of 8 bytes: 4,000,000 */

  for (guint i = 0; i < n_lines; i++)
    kelvin_attempt_log_add_format (log, "%07u", i);

  guint64 left_out = 8 * (guint64) n_lines - 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES;
  g_autofree char *text = kelvin_attempt_log_to_text (log);
  g_autofree char *notice =
      g_strdup_printf ("\n[%" G_GUINT64_FORMAT " bytes left out]\n", left_out);

  g_assert_cmpuint (kelvin_attempt_log_get_omitted_bytes (log), ==, left_out);
  g_assert_true (g_str_has_prefix (text, "0000000\n0000001\n"));
  g_assert_true (g_str_has_suffix (text, "0499998\n0499999\n"));
  g_assert_nonnull (strstr (text, notice));
  g_assert_cmpuint (strlen (text), ==, 2 * KELVIN_ATTEMPT_LOG_HALF_BYTES + strlen (notice) - 1);
}

static void
test_one_line_larger_than_the_log (void)
{
  g_autoptr (KelvinAttemptLog) log = kelvin_attempt_log_new ();
  g_autofree char *line = g_strnfill (5 * KELVIN_ATTEMPT_LOG_HALF_BYTES, 'x');

  kelvin_attempt_log_add (log, "first", -1);
  kelvin_attempt_log_add (log, line, -1);
  kelvin_attempt_log_add (log, "last", -1);

  g_autofree char *text = kelvin_attempt_log_to_text (log);

  g_assert_cmpuint (kelvin_attempt_log_get_omitted_bytes (log), ==,
                    3 * KELVIN_ATTEMPT_LOG_HALF_BYTES + strlen ("first\n\nlast\n"));
  g_assert_true (g_str_has_prefix (text, "first\nxxx"));
  g_assert_true (g_str_has_suffix (text, "xxx\nlast\n"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/attempt-log/keeps-lines-in-order", test_keeps_lines_in_order);
  g_test_add_func ("/attempt-log/replaces-what-is-not-text", test_replaces_what_is_not_text);
  g_test_add_func ("/attempt-log/up-to-two-megabytes-are-kept-whole",
                   test_up_to_two_megabytes_are_kept_whole);
  g_test_add_func ("/attempt-log/says-how-much-is-left-out", test_says_how_much_is_left_out);
  g_test_add_func ("/attempt-log/one-line-larger-than-the-log", test_one_line_larger_than_the_log);
  return g_test_run ();
}
