#include "ui/charts/duration.h"

static void
test_has_three_digits_and_a_unit (void)
{
  static const struct {
    double ms;
    const char *text;
  } cases[] = {
    { 0, "0 ms" },          { .2134, "0.213 ms" }, { 2.21, "2.21 ms" }, { 15.93, "15.9 ms" },
    { 163.27, "163.3 ms" }, { 1632.4, "1632 ms" }, { 16324, "16.3 s" }, { 900000, "900.0 s" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = kelvin_format_duration (cases[i].ms);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/ui/duration/has-three-digits-and-a-unit", test_has_three_digits_and_a_unit);

  return g_test_run ();
}
