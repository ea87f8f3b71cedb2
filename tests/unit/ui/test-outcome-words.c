#include "ui/outcome-words.h"

static KelvinInvocation *
create_invocation (KelvinStatus status, const char *payload)
{
  KelvinInvocation *invocation = kelvin_invocation_new ();

  invocation->status = status;
  invocation->start = KELVIN_START_COLD;
  invocation->memory_size_mb = 256;
  invocation->duration_us = 3001000;
  if (payload != NULL)
    invocation->payload = g_bytes_new (payload, strlen (payload));
  return invocation;
}

static void
test_words_not_codes (void)
{
  static const struct {
    KelvinStatus status;
    const char *payload;
    const char *words;
  } cases[] = {
    { KELVIN_STATUS_OK, "null", "Succeeded, cold" },
    { KELVIN_STATUS_OUT_OF_MEMORY, NULL, "Failed: the handler ran out of memory at 256 MB" },
    { KELVIN_STATUS_TIMEOUT, NULL, "Failed: it was ended at its timeout, after 3 s" },
    { KELVIN_STATUS_CANCELLED, NULL, "Cancelled" },
    { KELVIN_STATUS_ERROR, "{\"errorType\": \"KeyError\", \"errorMessage\": \"'sku'\"}",
      "Failed: KeyError: 'sku'" },
    { KELVIN_STATUS_ERROR,
      "{\"errorType\": \"Runtime.ExitError\", \"errorMessage\": \"RequestId: 1-2 Error: Runtime "
      "exited "
      "with error: exit status 3\"}",
      "Failed: Runtime exited with error: exit status 3" },
    { KELVIN_STATUS_ERROR, "{\"errorMessage\": \"two\\nlines\"}", "Failed: two lines" },
    { KELVIN_STATUS_ERROR, "{\"errorMessage\": 7}", "Failed" },
    { KELVIN_STATUS_ERROR, "[[[", "Failed" },
    { KELVIN_STATUS_ERROR, NULL, "Failed" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KelvinInvocation) invocation =
          create_invocation (cases[i].status, cases[i].payload);
      g_autofree char *words = kelvin_describe_outcome (invocation);

      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

static void
test_long_messages_are_cut (void)
{
  g_autofree char *message = g_strnfill (5000, 'x');
  g_autofree char *payload = g_strdup_printf ("{\"errorMessage\": \"ü%s\"}", message);
  g_autoptr (KelvinInvocation) invocation = create_invocation (KELVIN_STATUS_ERROR, payload);
  g_autofree char *words = kelvin_describe_outcome (invocation);

  g_assert_true (g_utf8_validate (words, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (words, -1), <, 400);
  g_assert_true (g_str_has_suffix (words, "…"));
}

static void
test_what_is_unknown_is_left_out (void)
{
  g_autoptr (KelvinInvocation) invocation = create_invocation (KELVIN_STATUS_OK, NULL);

  invocation->billed_duration_ms = 161;
  invocation->memory_peak_bytes = -1;
  invocation->cpu_us = -1;
  invocation->cost_pico_usd = 870000;
  g_autofree char *use = kelvin_describe_use (invocation);
  g_assert_cmpstr (use, ==, "billed 161 ms · $0.00000087");

  invocation->memory_peak_bytes = 10 * 1024 * 1024;
  g_autofree char *more = kelvin_describe_use (invocation);
  g_assert_cmpstr (more, ==, "billed 161 ms · 10.0 of 256 MB at the peak · $0.00000087");
}

static void
test_figures_without_a_sandbox_say_so (void)
{
  g_autoptr (KelvinInvocation) invocation = create_invocation (KELVIN_STATUS_OK, NULL);

  invocation->isolation = "process";
  g_autofree char *use = kelvin_describe_use (invocation);
  g_assert_true (g_str_has_suffix (use, " · measured without a sandbox"));
}

static void
test_a_commit_is_named_shortly (void)
{
  g_autoptr (KelvinRun) run = kelvin_run_new ();

  g_assert_null (kelvin_describe_commit (run));

  run->git_commit = g_strdup ("81c03d0000000000000000000000000000000000");
  run->git_branch = g_strdup ("main");
  run->git_clean = TRUE;
  g_autofree char *clean = kelvin_describe_commit (run);
  g_assert_cmpstr (clean, ==, "main 81c03d");

  run->git_clean = FALSE;
  g_autofree char *edited = kelvin_describe_commit (run);
  g_assert_cmpstr (edited, ==, "main 81c03d, edited");
}

static void
test_a_run_is_told_in_words (void)
{
  static const struct {
    KelvinStatus status;
    guint invocations;
    guint errors;
    const char *words;
  } cases[] = {
    { KELVIN_STATUS_OK, 1, 0, "Succeeded" },
    { KELVIN_STATUS_OK, 120, 0, "All 120 succeeded" },
    { KELVIN_STATUS_ERROR, 1, 1, "Failed" },
    { KELVIN_STATUS_ERROR, 120, 4, "4 of 120 failed" },
    { KELVIN_STATUS_OUT_OF_MEMORY, 1, 1, "Failed: it ran out of memory" },
    { KELVIN_STATUS_TIMEOUT, 1, 1, "Failed: it was ended at its timeout" },
    { KELVIN_STATUS_CANCELLED, 7, 0, "Cancelled" },
    { KELVIN_STATUS_RUNNING, 0, 0, "Running" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (KelvinRun) run = kelvin_run_new ();

      run->status = cases[i].status;
      run->invocations = cases[i].invocations;
      run->errors = cases[i].errors;
      g_autofree char *words = kelvin_describe_run_outcome (run);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/ui/outcome-words/words-not-codes", test_words_not_codes);
  g_test_add_func ("/ui/outcome-words/long-messages-are-cut", test_long_messages_are_cut);
  g_test_add_func ("/ui/outcome-words/figures-without-a-sandbox-say-so",
                   test_figures_without_a_sandbox_say_so);
  g_test_add_func ("/ui/outcome-words/what-is-unknown-is-left-out",
                   test_what_is_unknown_is_left_out);
  g_test_add_func ("/ui/outcome-words/a-commit-is-named-shortly", test_a_commit_is_named_shortly);
  g_test_add_func ("/ui/outcome-words/a-run-is-told-in-words", test_a_run_is_told_in_words);
  return g_test_run ();
}
