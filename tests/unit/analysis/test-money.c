#include "engine/analysis/money.h"

static void
test_text_becomes_exact_integers (void)
{
  static const struct {
    const char *text;
    gint64 pico_usd;
  } known[] = { { "0.0000166667", 16666700 },
                { "0.0000000309", 30900 },
                { "0.000000000001", 1 },
                { "2", 2 * KELVIN_PICO_USD_IN_USD },
                { "9000000", 9000000000000000000 } };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      gint64 pico_usd = -1;

      g_assert_true (kelvin_parse_usd (known[i].text, &pico_usd));
      g_assert_cmpint (pico_usd, ==, known[i].pico_usd);
    }
}

static void
test_other_text_is_refused (void)
{
  static const char *const wrong[] = { "",
                                       "-1",
                                       "1.",
                                       ".5",
                                       "1.2.3",
                                       "1e-3",
                                       "$1",
                                       "0.0000000000001",
                                       "1 ",
                                       "9300000",
                                       "99999999999999999999" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      gint64 untouched = 7;

      g_assert_false (kelvin_parse_usd (wrong[i], &untouched));
      g_assert_cmpint (untouched, ==, 7);
    }
}

static void
test_amounts_show_what_counts (void)
{
  static const struct {
    gint64 pico_usd;
    const char *text;
  } known[] = {
    { 0, "$0" },
    { 1, "$0.000000000001" },
    { 870000, "$0.00000087" },
    { 874999, "$0.00000087" },
    { 456251, "$0.00000046" },
    { 999999, "$0.00000100" },
    { 9999999999, "$0.0100" },
    { 10000000000, "$0.01" },
    { 2733338000000, "$2.73" },
    { 2735000000000, "$2.74" },
    { 115000200000000000, "$115000.20" },
    { -2733338000000, "-$2.73" },
    { G_MAXINT64, "$9223372.04" },
    { G_MININT64, "-$9223372.04" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *text = kelvin_format_usd (known[i].pico_usd);
      g_assert_cmpstr (text, ==, known[i].text);
    }
}

static void
test_json_gets_dollars (void)
{
  g_assert_cmpfloat_with_epsilon (kelvin_pico_usd_to_usd (235400), 0.0000002354, 1e-20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/analysis/money/text-becomes-exact-integers", test_text_becomes_exact_integers);
  g_test_add_func ("/analysis/money/other-text-is-refused", test_other_text_is_refused);
  g_test_add_func ("/analysis/money/amounts-show-what-counts", test_amounts_show_what_counts);
  g_test_add_func ("/analysis/money/json-gets-dollars", test_json_gets_dollars);
  return g_test_run ();
}
