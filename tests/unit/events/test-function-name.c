#include "engine/events/function-name.h"

static void
test_takes_every_form (void)
{
  static const struct {
    const char *text;
    const char *name; /* NULL: refused */
    const char *qualifier;
  } cases[] = {
    { "hello", "hello", NULL },
    { "hello:$LATEST", "hello", "$LATEST" },
    { "000000000000:function:hello", "hello", NULL },
    { "000000000000:function:hello:live", "hello", "live" },
    { "arn:aws:lambda:us-east-1:000000000000:function:hello", "hello", NULL },
    { "arn:aws:lambda:us-east-1:000000000000:function:hello:7", "hello", "7" },
    { "", NULL, NULL },
    { "he llo", NULL, NULL },
    { "a:b:c", NULL, NULL },
    { "../hello", NULL, NULL },
    { "arn:aws:s3:us-east-1:000000000000:function:hello", NULL, NULL },
    { "arn:aws:lambda:us-east-1:000000000000:function:hello:7:8", NULL, NULL },
    { "a123456789012345678901234567890123456789012345678901234567890123",
      "a123456789012345678901234567890123456789012345678901234567890123", NULL },
    { "a1234567890123456789012345678901234567890123456789012345678901234", NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *qualifier = NULL;

      g_assert_cmpint (kelvin_function_name_parse (cases[i].text, &name, &qualifier), ==,
                       cases[i].name != NULL);
      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpstr (qualifier, ==, cases[i].qualifier);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/function-name/takes-every-form", test_takes_every_form);
  return g_test_run ();
}
