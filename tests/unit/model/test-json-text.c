#include "engine/model/json-text.h"

#include <string.h>

static void
test_accepts_each_kind_of_text (void)
{
  static const char *const texts[] = {
    "{}",   "[]",   "0",      "-1.5e3",         "null",        "true",
    "\"\"", " 1\n", "[1,{}]", "{\"a\":[null]}", "\"\\u00e9\"", "12345678901234567890",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (kelvin_json_check (texts[i], strlen (texts[i]), 10, &error));
      g_assert_no_error (error);
    }
}

static void
test_refuses_what_is_not_json_and_says_where (void)
{
  static const struct {
    const char *text;
    const char *place;
  } cases[] = {
    { "", "line 1, column 1: " },
    { "{\n  \"a\": 1,\n  x\n}", "line 3, column 3: " },
    { "{\"a\": 1,}", "line 1, column 9: " },
    { "[1 2]", "line 1, column 4: " },
    { "{\"a\": 1} {", "line 1, column 10: " },
    { "[\"é\", x]", "line 1, column 7: " },
    { "[1", "line 1, column 2: " },
    { "'a'", "line 1, column 1: " },
    { "// a\n1", "line 1, " },
    { "\"\xff\"", "line 1, " },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (kelvin_json_check (cases[i].text, strlen (cases[i].text), 10, &error));
      g_assert_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_MALFORMED);
      if (!g_str_has_prefix (error->message, cases[i].place))
        g_error ("%s: \"%s\" should begin with \"%s\"", cases[i].text, error->message,
                 cases[i].place);
    }
}

static void
test_counts_levels_up_to_the_limit (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (kelvin_json_check ("[[{}]]", 6, 3, &error));
  g_assert_no_error (error);
  g_assert_false (kelvin_json_check ("[[{\"a\":[]}]]", 12, 3, &error));
  g_assert_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_TOO_DEEP);
  g_assert_cmpstr (error->message, ==, "line 1, column 8: nested more than 3 levels deep");
}

static void
test_survives_200000_brackets (void)
{
  const gsize depth = 200000;
  g_autofree char *text = g_malloc (2 * depth);
  g_autoptr (GError) error = NULL;

  memset (text, '[', depth);
  memset (text + depth, ']', depth);
  g_assert_null (kelvin_json_parse (text, 2 * depth, KELVIN_JSON_EVENT_DEPTH, &error));
  g_assert_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_TOO_DEEP);
  g_clear_error (&error);
  g_assert_true (kelvin_json_check (text + depth - 1000, 2000, KELVIN_JSON_EVENT_DEPTH, &error));
  g_assert_no_error (error);
}

static void
test_writes_what_it_read (void)
{
  static const char *const texts[] = {
    "0",
    "false",
    "null",
    "\"\"",
    "-0.0",
    "0.1",
    "1.0",
    "1e+300",
    "9223372036854775807",
    "-9223372036854775808",
    "{\"b\":1,\"a\":[true,{}],\"\":[]}",
    "\"a\\\"\\\\\\n\\t\\u0001é\"",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = kelvin_json_parse (texts[i], strlen (texts[i]), 10, &error);

      g_assert_no_error (error);
      g_autofree char *text = kelvin_json_to_text (node, KELVIN_JSON_COMPACT);
      g_assert_cmpstr (text, ==, texts[i]);
    }
}

static void
test_pretty_text_is_indented_by_two (void)
{
  static const char text[] = "{\"a\":[1,2],\"b\":{},\"c\":{\"d\":null}}";
  g_autoptr (JsonNode) node = kelvin_json_parse (text, strlen (text), 10, NULL);
  g_autofree char *pretty = kelvin_json_to_text (node, KELVIN_JSON_PRETTY);

  g_assert_cmpstr (pretty, ==,
                   "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": {\n    \"d\": "
                   "null\n  }\n}\n");
}

static void
test_a_number_beyond_64_bits_stays_near (void)
{
  static const char text[] = "12345678901234567890";
  g_autoptr (JsonNode) node = kelvin_json_parse (text, strlen (text), 10, NULL);

  g_assert_cmpfloat (json_node_get_double (node), ==, 12345678901234567890.0);
}

static void
test_the_last_of_equal_names_counts (void)
{
  static const char text[] = "{\"a\":1,\"b\":2,\"a\":3}";
  g_autoptr (JsonNode) node = kelvin_json_parse (text, strlen (text), 10, NULL);

  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "a"), ==, 3);
}

static void
test_a_string_with_nul_is_refused (void)
{
  static const char text[] = "{\"a\\u0000b\": 1}";
  g_autoptr (GError) error = NULL;

  g_assert_true (kelvin_json_check (text, strlen (text), 10, NULL));
  g_assert_null (kelvin_json_parse (text, strlen (text), 10, &error));
  g_assert_error (error, KELVIN_JSON_ERROR, KELVIN_JSON_ERROR_MALFORMED);
  g_assert_nonnull (strstr (error->message, "U+0000"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/model/json-text/accepts-each-kind-of-text", test_accepts_each_kind_of_text);
  g_test_add_func ("/model/json-text/refuses-what-is-not-json-and-says-where",
                   test_refuses_what_is_not_json_and_says_where);
  g_test_add_func ("/model/json-text/counts-levels-up-to-the-limit",
                   test_counts_levels_up_to_the_limit);
  g_test_add_func ("/model/json-text/survives-200000-brackets", test_survives_200000_brackets);
  g_test_add_func ("/model/json-text/writes-what-it-read", test_writes_what_it_read);
  g_test_add_func ("/model/json-text/pretty-text-is-indented-by-two",
                   test_pretty_text_is_indented_by_two);
  g_test_add_func ("/model/json-text/a-number-beyond-64-bits-stays-near",
                   test_a_number_beyond_64_bits_stays_near);
  g_test_add_func ("/model/json-text/the-last-of-equal-names-counts",
                   test_the_last_of_equal_names_counts);
  g_test_add_func ("/model/json-text/a-string-with-nul-is-refused",
                   test_a_string_with_nul_is_refused);

  return g_test_run ();
}
