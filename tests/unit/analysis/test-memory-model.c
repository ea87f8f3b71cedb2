#include "engine/analysis/memory-model.h"

#include <math.h>

static const double sizes[] = { 128, 256, 512, 1024, 1769, 2654, 3538 };

static double
law (double fixed_ms, double work_ms, double cores, double memory_mb)
{
  return fixed_ms + work_ms / MIN (memory_mb / 1769, cores);
}

static void
make (KelvinMemorySample *samples, gsize n, double fixed_ms, double work_ms, double cores)
{
  for (gsize i = 0; i < n; i++)
    samples[i] = (KelvinMemorySample){ sizes[i], law (fixed_ms, work_ms, cores, sizes[i]) };
}

static KelvinMemoryModel
fit (double fixed_ms, double work_ms, double cores, gsize n)
{
  KelvinMemorySample samples[G_N_ELEMENTS (sizes)];
  KelvinMemoryModel model = { 0 };

  make (samples, n, fixed_ms, work_ms, cores);
  g_assert_true (kelvin_memory_model_fit (samples, n, &model));
  return model;
}

static void
test_finds_waiting_and_work (void)
{
  KelvinMemoryModel model = fit (30, 12, 1, 7);

  g_assert_cmpfloat_with_epsilon (model.fixed_ms, 30, 1e-6);
  g_assert_cmpfloat_with_epsilon (model.work_ms, 12, 1e-6);
  g_assert_cmpuint (model.cores, ==, 1);
  g_assert_cmpfloat (model.error_percent, <, 1e-6);
  g_assert_cmpfloat_with_epsilon (kelvin_memory_model_predict (&model, 884.5), 30 + 24, 1e-6);
  g_assert_cmpfloat_with_epsilon (kelvin_memory_model_predict (&model, 10240), 30 + 12, 1e-6);
}

static void
test_finds_two_cores (void)
{
  KelvinMemoryModel model = fit (5, 40, 2, 7);

  g_assert_cmpuint (model.cores, ==, 2);
  g_assert_cmpfloat_with_epsilon (kelvin_memory_model_predict (&model, 3538), 25, 1e-6);
}

static void
test_says_nothing_of_cores_below_one (void)
{
  KelvinMemoryModel model = fit (5, 40, 1, 5);

  g_assert_cmpuint (model.cores, ==, 0);
  g_assert_cmpfloat_with_epsilon (kelvin_memory_model_predict (&model, 3538), 45, 1e-6);
}

static void
test_what_only_waits_has_no_work (void)
{
  KelvinMemoryModel model = fit (100, 0, 1, 7);

  g_assert_cmpfloat_with_epsilon (model.fixed_ms, 100, 1e-6);
  g_assert_cmpfloat_with_epsilon (model.work_ms, 0, 1e-6);
}

/* More memory made it slower: no negative work is made up for it. */
static void
test_neither_part_is_negative (void)
{
  const KelvinMemorySample slower[] = { { 128, 10 }, { 512, 12 }, { 1769, 14 } };
  const KelvinMemorySample steep[] = { { 128, 400 }, { 512, 60 }, { 1769, 10 } };
  KelvinMemoryModel model = { 0 };

  g_assert_true (kelvin_memory_model_fit (slower, 3, &model));
  g_assert_cmpfloat (model.work_ms, ==, 0);
  g_assert_true (isnan (model.error_percent));
  g_assert_true (kelvin_memory_model_fit (steep, 3, &model));
  g_assert_cmpfloat (model.fixed_ms, ==, 0);
}

/* A fit of all would hide what a sample says against the others. */
static void
test_error_is_that_of_predicting_from_the_others (void)
{
  KelvinMemorySample samples[5];
  KelvinMemoryModel model = { 0 };

  make (samples, 5, 10, 20, 1);
  samples[2].duration_ms *= 1.3;
  g_assert_true (kelvin_memory_model_fit (samples, 5, &model));
  g_assert_cmpfloat (model.error_percent, >, 20);
  g_assert_cmpfloat (model.error_percent, <, 60);
}

static void
test_two_sizes_are_too_few (void)
{
  const KelvinMemorySample samples[] = { { 128, 10 }, { 512, 5 } };
  KelvinMemoryModel model = { .fixed_ms = 7 };

  g_assert_false (kelvin_memory_model_fit (samples, 2, &model));
  g_assert_cmpfloat (model.fixed_ms, ==, 7);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/memory-model/finds-waiting-and-work", test_finds_waiting_and_work);
  g_test_add_func ("/analysis/memory-model/finds-two-cores", test_finds_two_cores);
  g_test_add_func ("/analysis/memory-model/says-nothing-of-cores-below-one",
                   test_says_nothing_of_cores_below_one);
  g_test_add_func ("/analysis/memory-model/what-only-waits-has-no-work",
                   test_what_only_waits_has_no_work);
  g_test_add_func ("/analysis/memory-model/neither-part-is-negative",
                   test_neither_part_is_negative);
  g_test_add_func ("/analysis/memory-model/error-is-that-of-predicting-from-the-others",
                   test_error_is_that_of_predicting_from_the_others);
  g_test_add_func ("/analysis/memory-model/two-sizes-are-too-few", test_two_sizes_are_too_few);
  return g_test_run ();
}
