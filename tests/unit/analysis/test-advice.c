#include "engine/analysis/advice.h"

#include <math.h>

static KelvinAdvice *
make_advice (double around_ms, double spread_ms, guint n)
{
  KelvinAdvice *advice = kelvin_advice_new (KELVIN_ADVICE_BYTE_CODE, "Ship compiled byte code");

  for (guint i = 0; i < n; i++)
    {
      double saved_ms = around_ms + spread_ms * ((double) i / (n - 1) - 0.5);

      g_array_append_val (advice->saved_ms, saved_ms);
    }
  return advice;
}

static void
test_the_interval_decides (void)
{
  /* clang-format off */
  static const struct {
    double around_ms, spread_ms;
    guint n;
    KelvinAdviceVerdict verdict;
  } cases[] = {
    { 10, 4, 20, KELVIN_VERDICT_HELPS },
    { 10, 60, 20, KELVIN_VERDICT_UNCLEAR },
    { -10, 4, 20, KELVIN_VERDICT_HARMS },
    { 0.1, 0.4, 20, KELVIN_VERDICT_NOT_WORTH_IT },
    { 10, 4, 4, KELVIN_VERDICT_UNCLEAR },
    { 10, 4, 0, KELVIN_VERDICT_NOT_TRIED },
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KelvinAdvice) advice =
          make_advice (cases[i].around_ms, cases[i].spread_ms, cases[i].n);

      g_assert_cmpint (kelvin_advice_get_verdict (advice), ==, cases[i].verdict);
    }
}

static void
test_an_advice_that_answers_otherwise_is_none (void)
{
  g_autoptr (KelvinAdvice) advice = make_advice (10, 4, 20);

  advice->answers_differ = TRUE;
  g_assert_cmpint (kelvin_advice_get_verdict (advice), ==, KELVIN_VERDICT_ANSWERS_DIFFER);
}

static void
test_worth_follows_from_the_share_of_cold_starts (void)
{
  /* 10 ms at 1 % of a million calls are 100,000 ms, at a dollar for a thousand: 100 dollars */
  const KelvinColdWorth worth = { 0.01, G_GINT64_CONSTANT (1000000000000) };
  const KelvinColdWorth unknown = { NAN, 1 };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_advice_free);

  g_ptr_array_add (list, make_advice (10, 4, 21));
  g_autoptr (JsonArray) known = kelvin_advice_list_to_json (list, &worth);
  g_autoptr (JsonArray) without = kelvin_advice_list_to_json (list, &unknown);
  g_assert_cmpfloat_with_epsilon (
      json_object_get_double_member (json_array_get_object_element (known, 0),
                                     "savesPerMillionCallsUSD"),
      100, 1e-6);
  g_assert_true (json_object_get_null_member (json_array_get_object_element (without, 0),
                                              "savesPerMillionCallsUSD"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, test) g_test_add_func ("/analysis/advice/" name, test)
  ADD ("the-interval-decides", test_the_interval_decides);
  ADD ("an-advice-that-answers-otherwise-is-none", test_an_advice_that_answers_otherwise_is_none);
  ADD ("worth-follows-from-the-share-of-cold-starts",
       test_worth_follows_from_the_share_of_cold_starts);
#undef ADD
  return g_test_run ();
}
