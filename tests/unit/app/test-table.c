#include "app/table.h"

static void
assert_row (KelvinTable *table, guint index, const char *expected)
{
  g_autofree char *row = kelvin_table_get_row (table, index);

  g_assert_cmpstr (row, ==, expected);
}

static void
test_columns_are_as_wide_as_their_widest_cell (void)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("lrl");

  kelvin_table_add (table, "a", "1.00", "end", NULL);
  kelvin_table_add (table, "longer", "100.00", NULL);
  assert_row (table, 0, "a         1.00  end");
  assert_row (table, 1, "longer  100.00");
}

static void
test_width_is_what_a_terminal_shows (void)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("ll");

  kelvin_table_add (table, "é…", "|", NULL);
  kelvin_table_add (table, "\xe6\x97\xa5", "|", NULL); /* one ideograph, two columns */
  kelvin_table_add (table, "\033[31mno\033[0m", "|", NULL);
  kelvin_table_add (table, "abc", "|", NULL);
  assert_row (table, 0, "é…   |");
  assert_row (table, 1, "\xe6\x97\xa5   |");
  assert_row (table, 2, "\033[31mno\033[0m   |");
}

static void
test_broken_text_becomes_valid (void)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("l");
  g_autofree char *row = NULL;

  kelvin_table_add (table, "a\xff", NULL);
  row = kelvin_table_get_row (table, 0);
  g_assert_true (g_utf8_validate (row, -1, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/table/columns-are-as-wide-as-their-widest-cell",
                   test_columns_are_as_wide_as_their_widest_cell);
  g_test_add_func ("/app/table/width-is-what-a-terminal-shows",
                   test_width_is_what_a_terminal_shows);
  g_test_add_func ("/app/table/broken-text-becomes-valid", test_broken_text_becomes_valid);
  return g_test_run ();
}
