#include "app/profile-report.h"

#include <string.h>

#include "app/output.h"
#include "app/phase-bars.h"
#include "engine/analysis/statistics.h"

static void
set_times (JsonObject *object, const char *name, gsize n)
{
  g_autofree double *samples = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    samples[i] = 10.0 + (double) i;
  KelvinSummary summary = kelvin_summary_of (samples, n);
  json_object_set_member (object, name, kelvin_summary_to_json (&summary, samples, n));
}

static JsonObject *
make_starts (gsize n, int errors)
{
  JsonObject *starts = json_object_new ();
  JsonObject *phases = json_object_new ();

  json_object_set_int_member (starts, "count", (gint64) n + errors);
  json_object_set_int_member (starts, "errors", errors);
  set_times (starts, "totalMs", n);
  set_times (phases, "handlerMs", n);
  json_object_set_object_member (starts, "phases", phases);
  return starts;
}

static JsonObject *
make_profile (void)
{
  JsonObject *profile = json_object_new ();
  JsonObject *runtime = json_object_new ();

  json_object_set_object_member (profile, "cold", make_starts (20, 0));
  json_object_set_object_member (profile, "warm", make_starts (5, 2));
  json_object_set_string_member (runtime, "asked", "python3.13");
  json_object_set_string_member (runtime, "found", "3.11.2");
  json_object_set_string_member (runtime, "path", "/usr/bin/python3.11");
  json_object_set_object_member (profile, "runtime", runtime);
  json_object_set_string_member (profile, "isolation", "namespaces");
  json_object_set_string_member (profile, "note", "measured on 3.11, asked for 3.13");
  json_object_set_double_member (profile, "maxMemoryUsedMB", 12.4);
  return profile;
}

static void
print_report (void)
{
  g_autoptr (JsonObject) profile = make_profile ();

  kelvin_profile_report_print (profile);
  kelvin_output_flush ();
}

static void
test_says_what_is_not_known (void)
{
  if (g_test_subprocess ())
    {
      print_report ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*cold * 20  19.50  15.00 … 24.00 *needs n ≥ 100  29.00\n*");
  g_test_trap_assert_stdout ("*  handler * 20  19.50 *–  29.00\n*");
  g_test_trap_assert_stdout ("*warm * 5  12.00    needs n ≥ 6  needs n ≥ 10  needs n ≥ 20 *");
}

static void
test_says_where_it_was_measured (void)
{
  if (g_test_subprocess ())
    {
      print_report ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*python3.13: 3.11.2 at /usr/bin/python3.11\n*");
  g_test_trap_assert_stdout ("*isolation *namespaces\n*");
  g_test_trap_assert_stdout ("*measured on 3.11, asked for 3.13\n*");
  g_test_trap_assert_stdout ("*12.4 MB at most\n*");
  g_test_trap_assert_stdout ("*2 of 7 warm invocations failed*");
  g_test_trap_assert_stdout_unmatched ("*cold invocations failed*");
  g_test_trap_assert_stdout_unmatched ("*estimated*");
}

static void
test_of_failures_alone_has_no_times (void)
{
  if (g_test_subprocess ())
    {
      g_autoptr (JsonObject) profile = json_object_new ();

      json_object_set_object_member (profile, "cold", make_starts (0, 3));
      kelvin_profile_report_print (profile);
      kelvin_output_flush ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("*no invocation succeeded\n*3 of 3 cold invocations failed*");
  g_test_trap_assert_stdout_unmatched ("*p50*");
}

static void
test_bars_are_on_one_scale (void)
{
  if (g_test_subprocess ())
    {
      const KelvinPhases phases = { { -1, 1000, 2000, -1, 3000, 0 } };

      kelvin_phase_bars_print (&phases, 0);
      kelvin_output_flush ();
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stdout ("sandbox *1.00 ms  ████████\n"
                             "runtime *2.00 ms          ████████████████\n"
                             "handler *3.00 ms                          ████████████████████████\n"
                             "response *0.00 ms                                                 ▏\n"
                             "together *6.00 ms\n");
  g_test_trap_assert_stdout_unmatched ("*queue*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/app/profile-report/says-what-is-not-known", test_says_what_is_not_known);
  g_test_add_func ("/app/profile-report/says-where-it-was-measured",
                   test_says_where_it_was_measured);
  g_test_add_func ("/app/profile-report/of-failures-alone-has-no-times",
                   test_of_failures_alone_has_no_times);
  g_test_add_func ("/app/phase-bars/are-on-one-scale", test_bars_are_on_one_scale);
  return g_test_run ();
}
