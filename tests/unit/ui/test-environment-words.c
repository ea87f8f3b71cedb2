#include "ui/environment-words.h"

#define MB (1024 * 1024)

static void
take (char *text, const char *expected)
{
  g_autofree char *owned = text;

  g_assert_cmpstr (owned, ==, expected);
}

static void
test_use_stands_beside_the_limit (void)
{
  g_autoptr (KelvinInvocation) invocation = kelvin_invocation_new ();

  invocation->memory_size_mb = 128;
  invocation->memory_peak_bytes = 32 * MB;
  invocation->temporary_peak_bytes = MB / 2;
  invocation->temporary_size_mb = 512;
  invocation->throttled_us = 3200;
  take (kelvin_describe_memory_use (invocation), "32.0 of 128 MB");
  take (kelvin_describe_temporary_use (invocation), "0.50 of 512 MB");
  take (kelvin_describe_throttled (invocation), "3.20 ms");
  take (kelvin_describe_cpu_share (invocation),
        "the handler’s share is 0.0724 cores: 128 ÷ 1,769 MB");
}

static void
test_what_was_not_measured_says_so (void)
{
  g_autoptr (KelvinInvocation) invocation = kelvin_invocation_new ();

  take (kelvin_describe_memory_use (invocation), "not measured");
  take (kelvin_describe_cpu_use (invocation), "not measured");
  take (kelvin_describe_temporary_use (invocation), "not measured");
  take (kelvin_describe_throttled (invocation), "not measured");
}

static void
test_a_share_is_told_of_warm_calls_alone (void)
{
  g_autoptr (KelvinInvocation) invocation = kelvin_invocation_new ();

  invocation->memory_size_mb = 1769;
  invocation->cpu_us = 50000;
  invocation->duration_us = 100000;
  invocation->start = KELVIN_START_WARM;
  take (kelvin_describe_cpu_use (invocation), "50.0 ms, 50 % of its share");
  invocation->start = KELVIN_START_COLD;
  take (kelvin_describe_cpu_use (invocation), "50.0 ms");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/environment-words/use-stands-beside-the-limit",
                   test_use_stands_beside_the_limit);
  g_test_add_func ("/ui/environment-words/what-was-not-measured-says-so",
                   test_what_was_not_measured_says_so);
  g_test_add_func ("/ui/environment-words/a-share-is-told-of-warm-calls-alone",
                   test_a_share_is_told_of_warm_calls_alone);
  return g_test_run ();
}
