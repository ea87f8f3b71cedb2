#include "ui/line-diff.h"

/* One character a line: ' ' same, '-' removed, '+' added, '.' left out. */
static char *
outline (const char *before, const char *after, guint context)
{
  g_autoptr (GArray) lines = kelvin_line_diff (before, after, context);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < lines->len; i++)
    g_string_append_c (text, " -+."[g_array_index (lines, KelvinDiffLine, i).kind]);
  return g_string_free (text, FALSE);
}

static void
check (const char *before, const char *after, guint context, const char *expected)
{
  g_autofree char *found = outline (before, after, context);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_tells_what_was_moved (void)
{
  check ("a\nb\nc", "a\nb\nc", 9, ".");
  check ("import x\na\nb", "a\nimport x\nb", 9, "- + ");
  check ("a\nb", "a\nb\nc", 9, "  +");
  check ("a\nb", "b", 9, "- ");
  check ("", "a", 9, "+");
  check ("a\nb\nc", "a\nx\nc", 9, " -+ ");
}

static void
test_leaves_out_what_is_far_from_changes (void)
{
  check ("1\n2\n3\n4\n5\n6", "1\n2\n3\n4\n5\nx\n6", 1, ". + ");
  check ("x\n1\n2\n3\n4\n5", "1\n2\n3\n4\n5", 1, "- .");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/line-diff/tells-what-was-moved", test_tells_what_was_moved);
  g_test_add_func ("/ui/line-diff/leaves-out-what-is-far-from-changes",
                   test_leaves_out_what_is_far_from_changes);
  return g_test_run ();
}
