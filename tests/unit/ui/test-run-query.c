#include "ui/run-query.h"

#define NOW_US (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)
#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static void
test_fields_are_taken_out (void)
{
  g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (
      " function:thumbs kind:profile,load  status:error since:24h Main fix", NOW_US);

  g_assert_null (query->problem);
  g_assert_cmpstr (query->function_name, ==, "thumbs");
  g_assert_cmpstr (query->kinds, ==, "profile,load");
  g_assert_cmpstr (query->status, ==, "error");
  g_assert_cmpint (query->within_us, ==, NOW_US - 24 * HOUR_US);
  g_assert_cmpuint (g_strv_length (query->words), ==, 2);
  g_assert_cmpstr (query->words[0], ==, "main");
}

static void
test_lengths_of_time (void)
{
  static const struct {
    const char *text;
    gint64 ago_us;
  } cases[] = { { "since:30m", HOUR_US / 2 },
                { "since:1h", HOUR_US },
                { "since:7d", 168 * HOUR_US } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (cases[i].text, NOW_US);

      g_assert_null (query->problem);
      g_assert_cmpint (query->within_us, ==, NOW_US - cases[i].ago_us);
    }
}

static void
test_half_typed_fields_filter_nothing (void)
{
  g_autoptr (KelvinRunQuery) query =
      kelvin_run_query_parse ("kind: status: since: until: function:", NOW_US);

  g_assert_null (query->problem);
  g_assert_null (query->kinds);
  g_assert_null (query->status);
  g_assert_null (query->function_name);
  g_assert_cmpint (query->since_us, ==, -1);
  g_assert_cmpuint (g_strv_length (query->words), ==, 0);
}

static void
test_says_what_would_be_right (void)
{
  static const char *const texts[] = { "kind:dance", "status:fine", "since:7",   "since:d",
                                       "since:7dd",  "since:-7d",   "until:soon" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (texts[i], NOW_US);

      g_assert_nonnull (query->problem);
      g_assert_true (g_str_has_prefix (query->problem, texts[i]));
    }
}

static void
test_a_range_is_part_of_what_is_looked_at (void)
{
  g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (
      "since:24h since:2023-11-14T21:00:00Z until:2023-11-14T22:00:00Z", NOW_US);
  KelvinRunFilter filter = kelvin_run_query_to_filter (query);

  g_assert_null (query->problem);
  g_assert_cmpint (query->within_us, ==, NOW_US - 24 * HOUR_US);
  g_assert_cmpint (query->until_us - query->since_us, ==, HOUR_US);
  g_assert_cmpint (filter.since_us, ==, query->since_us);
  g_assert_cmpint (filter.until_us, ==, query->until_us);
}

static void
test_a_range_is_written_as_it_is_read (void)
{
  g_autofree char *text = kelvin_run_query_set_range (
      "kind:load since:2020-01-01 since:7d until:2020-01-02 main", NOW_US, NOW_US + 250000);
  g_autofree char *without = kelvin_run_query_set_range (text, -1, -1);
  g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (text, NOW_US);

  g_assert_cmpint (query->since_us, ==, NOW_US);
  g_assert_cmpint (query->until_us, ==, NOW_US + 250000);
  g_assert_cmpstr (without, ==, "kind:load since:7d main");
}

static void
test_all_words_must_be_found (void)
{
  g_autoptr (KelvinRun) run = kelvin_run_new ();
  static const struct {
    const char *text;
    gboolean found;
  } cases[] = {
    { "", TRUE },        { "LAZY", TRUE }, { "lazy thumbs", TRUE }, { "lazy other", FALSE },
    { "profile", TRUE }, { "81c0", TRUE }, { "timeout", FALSE },    { "a:b", FALSE }
  };

  run->function_name = g_strdup ("thumbs");
  run->git_branch = g_strdup ("lazy-xml");
  run->git_commit = g_strdup ("81c03d00");
  run->kind = KELVIN_RUN_PROFILE;
  run->status = KELVIN_STATUS_OK;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KelvinRunQuery) query = kelvin_run_query_parse (cases[i].text, NOW_US);

      g_assert_cmpint (kelvin_run_query_matches (query, run), ==, cases[i].found);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/ui/run-query/fields-are-taken-out", test_fields_are_taken_out);
  g_test_add_func ("/ui/run-query/lengths-of-time", test_lengths_of_time);
  g_test_add_func ("/ui/run-query/half-typed-fields-filter-nothing",
                   test_half_typed_fields_filter_nothing);
  g_test_add_func ("/ui/run-query/says-what-would-be-right", test_says_what_would_be_right);
  g_test_add_func ("/ui/run-query/all-words-must-be-found", test_all_words_must_be_found);
  g_test_add_func ("/ui/run-query/a-range-is-part-of-what-is-looked-at",
                   test_a_range_is_part_of_what_is_looked_at);
  g_test_add_func ("/ui/run-query/a-range-is-written-as-it-is-read",
                   test_a_range_is_written_as_it_is_read);
  return g_test_run ();
}
