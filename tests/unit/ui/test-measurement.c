#include "ui/measurement.h"

typedef struct {
  KelvinMeasurement measurement;
} Fixture;

static void
add (GPtrArray *calls, KelvinStatus status, gint64 handler_us, gint64 duration_us)
{
  KelvinInvocation *invocation = kelvin_invocation_new ();

  invocation->status = status;
  invocation->phases.us[KELVIN_PHASE_HANDLER] = handler_us;
  invocation->duration_us = duration_us;
  g_ptr_array_add (calls, invocation);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  KelvinMeasurement *m = &f->measurement;

  m->run = kelvin_run_new ();
  m->run->isolation = g_strdup ("namespaces");
  m->run->status = KELVIN_STATUS_OK;
  m->run->started_at_us = G_GINT64_CONSTANT (1700000000000000);
  m->run->ended_at_us = m->run->started_at_us + G_USEC_PER_SEC;
  m->cold = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  m->warm = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_invocation_unref);
  add (m->cold, KELVIN_STATUS_ERROR, 900, 900);
  add (m->cold, KELVIN_STATUS_OK, 3000, 100);
  add (m->cold, KELVIN_STATUS_OK, 1000, 300);
  add (m->cold, KELVIN_STATUS_OK, 2000, 200);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_run_unref (f->measurement.run);
  g_ptr_array_unref (f->measurement.cold);
  g_ptr_array_unref (f->measurement.warm);
  g_free (f->measurement.runtime_asked);
  g_free (f->measurement.runtime_found);
}

static void
test_failed_calls_are_no_samples (Fixture *f, gconstpointer data)
{
  g_autoptr (GArray) totals = kelvin_measurement_get_totals (f->measurement.cold);
  g_autoptr (GArray) sandbox =
      kelvin_measurement_get_phase (f->measurement.cold, KELVIN_PHASE_SANDBOX);

  g_assert_cmpuint (totals->len, ==, 3);
  g_assert_cmpfloat (g_array_index (totals, double, 0), ==, 3);
  g_assert_cmpuint (sandbox->len, ==, 0);
}

static void
test_the_median_is_a_real_call (Fixture *f, gconstpointer data)
{
  KelvinInvocation *median = kelvin_measurement_find_median (f->measurement.cold);
  KelvinInvocation *bill = kelvin_measurement_find_typical_bill (f->measurement.cold);

  g_assert_true (median == f->measurement.cold->pdata[3]);
  g_assert_true (bill == f->measurement.cold->pdata[3]);
  g_assert_null (kelvin_measurement_find_median (f->measurement.warm));
}

static void
test_the_first_failure_is_told (Fixture *f, gconstpointer data)
{
  KelvinInvocation *failed = kelvin_measurement_find_failed (&f->measurement);
  static const char payload[] = "{\"errorMessage\": \"no module named x\", \"errorType\": \"E\"}";

  g_assert_true (failed == f->measurement.cold->pdata[0]);
  failed->payload = g_bytes_new_static (payload, sizeof payload - 1);
  g_autofree char *text = kelvin_measurement_describe_failure (failed);
  g_assert_cmpstr (text, ==, "the function failed: no module named x");
}

static void
test_describes_what_it_rests_on (Fixture *f, gconstpointer data)
{
  KelvinMeasurement *m = &f->measurement;
  gint64 now_us = m->run->ended_at_us + 12 * G_USEC_PER_SEC;

  m->runtime_asked = g_strdup ("python3.11");
  m->runtime_found = g_strdup ("3.11.2");
  g_autofree char *text = kelvin_measurement_describe (m, NULL, now_us);
  g_assert_cmpstr (text, ==,
                   "Measured 12 s ago: 4 cold, 0 warm · python 3.11.2 as asked for · in a sandbox");
}

static void
test_another_version_is_never_as_asked_for (Fixture *f, gconstpointer data)
{
  KelvinMeasurement *m = &f->measurement;

  m->runtime_asked = g_strdup ("nodejs22.x");
  m->runtime_found = g_strdup ("18.20.4");
  m->run->note = g_strdup ("measured on 18, asked for 22");
  g_autofree char *text = kelvin_measurement_describe (m, NULL, m->run->ended_at_us);
  g_assert_cmpstr (text, ==,
                   "Measured just now: 4 cold, 0 warm · nodejs 18.20.4 · measured on 18, asked for "
                   "22 · in a sandbox");
}

static void
test_a_call_that_was_cut_off_is_left_out (Fixture *f, gconstpointer data)
{
  add (f->measurement.cold, KELVIN_STATUS_CANCELLED, 10, 10);
  KelvinProfile profile = { .run = f->measurement.run,
                            .cold = f->measurement.cold,
                            .warm = f->measurement.warm };
  g_autoptr (KelvinMeasurement) measurement = kelvin_measurement_new_from_profile (&profile);

  g_assert_cmpuint (measurement->cold->len, ==, 4);
}

#define ADD(name, func) g_test_add ("/ui/measurement/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  ADD ("failed-calls-are-no-samples", test_failed_calls_are_no_samples);
  ADD ("the-median-is-a-real-call", test_the_median_is_a_real_call);
  ADD ("a-call-that-was-cut-off-is-left-out", test_a_call_that_was_cut_off_is_left_out);
  ADD ("the-first-failure-is-told", test_the_first_failure_is_told);
  ADD ("describes-what-it-rests-on", test_describes_what_it_rests_on);
  ADD ("another-version-is-never-as-asked-for", test_another_version_is_never_as_asked_for);

  return g_test_run ();
}
