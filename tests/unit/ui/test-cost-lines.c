#include "ui/age.h"
#include "ui/cost-lines.h"

static void
test_exact_money_has_all_digits_and_no_more (void)
{
  static const struct {
    gint64 pico_usd;
    int decimals;
    const char *text;
  } cases[] = {
    { 0, -1, "$0" },
    { 256251, -1, "$0.000000256251" },
    { 200000, -1, "$0.0000002" },
    { 16666700, -1, "$0.0000166667" },
    { 2 * KELVIN_PICO_USD_IN_USD, -1, "$2" },
    { 2733338000000, 4, "$2.7333" },
    { 99999999999, 4, "$0.1000" },
    { 0, 4, "$0.0000" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = kelvin_format_usd_exact (cases[i].pico_usd, cases[i].decimals);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_age_has_the_unit_that_fits (void)
{
  static const struct {
    gint64 seconds;
    const char *text;
  } cases[] = {
    { -5, "just now" },          { 1, "just now" },       { 12, "12 s ago" },
    { 61, "1 min ago" },         { 3 * 3600, "3 h ago" }, { 86400, "1 day ago" },
    { 5 * 86400, "5 days ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 now_us = G_GINT64_CONSTANT (1700000000000000);
      g_autofree char *text =
          kelvin_format_age (now_us - cases[i].seconds * G_USEC_PER_SEC, now_us);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/ui/cost-lines/exact-money-has-all-digits-and-no-more",
                   test_exact_money_has_all_digits_and_no_more);
  g_test_add_func ("/ui/age/has-the-unit-that-fits", test_age_has_the_unit_that_fits);

  return g_test_run ();
}
