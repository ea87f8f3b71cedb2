#include "engine/tune-private.h"

#include <math.h>

typedef struct {
  KelvinPriceTable *prices;
  KelvinFunction *function;
  KelvinTune *tune;
} Fixture;

static const guint sizes[] = { 1769, 128, 512, 256, 512, 3538 };

static void
set_up (Fixture *f, gconstpointer data)
{
  static const char document[] = "{\"Runtime\": \"provided.al2023\"}";
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "..", "..", "data", "prices.json", NULL);
  g_autoptr (GError) error = NULL;

  f->prices = kelvin_price_table_load (path, &error);
  g_assert_no_error (error);
  f->function = kelvin_function_parse ("/nowhere/f", document, -1, &error);
  g_assert_no_error (error);
  f->tune = kelvin_tune_new (sizes, G_N_ELEMENTS (sizes), 10);
  f->tune->processors = 2;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  kelvin_tune_free (f->tune);
  g_assert_finalize_object (f->function);
  kelvin_price_table_free (f->prices);
}

static KelvinTunePoint *
point_of (Fixture *f, guint memory_mb)
{
  KelvinTunePoint *point = (KelvinTunePoint *) kelvin_tune_get_point (f->tune, memory_mb);

  g_assert_nonnull (point);
  return point;
}

/* Ten invokes around @ms, with a spread of 1 %. */
static void
measure (Fixture *f, guint memory_mb, double ms, double cpu_ms)
{
  KelvinTunePoint *point = point_of (f, memory_mb);

  for (int i = -5; i < 5; i++)
    {
      double one = ms * (1 + i * 0.001), cpu = cpu_ms;

      g_array_append_val (point->samples_ms, one);
      g_array_append_val (point->cpu_ms, cpu);
    }
}

static void
measure_work (Fixture *f, double fixed_ms, double work_ms, double cores)
{
  for (guint i = 0; i < f->tune->points->len; i++)
    {
      const KelvinTunePoint *point = f->tune->points->pdata[i];
      double share = MIN (point->memory_mb / 1769.0, cores);

      measure (f, point->memory_mb, fixed_ms + work_ms / share, work_ms);
    }
}

static void
test_sizes_are_sorted_and_count_once (Fixture *f, gconstpointer data)
{
  static const guint expected[] = { 128, 256, 512, 1769, 3538 };

  g_assert_cmpuint (f->tune->points->len, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    g_assert_cmpuint (((KelvinTunePoint *) f->tune->points->pdata[i])->memory_mb, ==, expected[i]);
}

/* Work on one thread costs the same up to one core: the fastest of those is the best of all. */
static void
test_one_thread_wants_one_core (Fixture *f, gconstpointer data)
{
  measure_work (f, 0.1, 200, 1);
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->fastest, ==, 1769);
  g_assert_cmpuint (f->tune->balanced, ==, 1769);
  g_assert_cmpuint (f->tune->cheapest, ==, 1769);
  g_assert_true (f->tune->single_threaded);
  g_assert_true (f->tune->has_model);
  g_assert_cmpuint (f->tune->model.cores, ==, 1);
}

static void
test_waiting_wants_the_smallest (Fixture *f, gconstpointer data)
{
  measure_work (f, 300, 0, 1);
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->cheapest, ==, 128);
  g_assert_cmpuint (f->tune->balanced, ==, 128);
  /* No size can be told from another by its duration. */
  g_assert_cmpuint (f->tune->fastest, ==, 128);
  g_assert_false (f->tune->single_threaded);
}

static void
test_two_threads_are_seen (Fixture *f, gconstpointer data)
{
  measure_work (f, 0.1, 200, 2);
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->fastest, ==, 3538);
  g_assert_false (f->tune->single_threaded);
  g_assert_cmpuint (f->tune->model.cores, ==, 2);
}

static void
test_a_size_that_failed_is_no_choice (Fixture *f, gconstpointer data)
{
  measure_work (f, 300, 0, 1);
  point_of (f, 128)->errors = 1;
  point_of (f, 128)->failure = KELVIN_STATUS_OUT_OF_MEMORY;
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->cheapest, ==, 256);
  g_assert_cmpuint (f->tune->fastest, ==, 256);
}

static void
test_the_cost_is_that_of_the_median (Fixture *f, gconstpointer data)
{
  measure (f, 512, 100.2, 1);
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  const KelvinTunePoint *point = point_of (f, 512);

  g_assert_cmpint (point->billed_ms, ==, 101);
  /* 0.2 µ$ a request and 0.101 s × 0.5 GB × 16.6667 µ$ */
  g_assert_cmpint (point->cost_pico_usd, ==, 200000 + 841668);
  g_assert_cmpint (point->cost_low, <=, point->cost_pico_usd);
  g_assert_cmpint (point->cost_high, >=, point->cost_pico_usd);
  g_assert_cmpint (point_of (f, 128)->cost_pico_usd, ==, -1);
  g_assert_cmpuint (f->tune->fastest, ==, 512);
}

static void
test_what_the_machine_lacks_is_told_and_not_modelled (Fixture *f, gconstpointer data)
{
  f->tune->processors = 1;
  measure_work (f, 0.1, 200, 1);
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->beyond_machine_mb, ==, 3538);
  g_assert_cmpuint (f->tune->model.cores, ==, 0);
}

static void
test_nothing_measured_recommends_nothing (Fixture *f, gconstpointer data)
{
  kelvin_tune_conclude (f->tune, f->prices, f->function);

  g_assert_cmpuint (f->tune->cheapest, ==, 0);
  g_assert_cmpuint (f->tune->fastest, ==, 0);
  g_assert_cmpuint (f->tune->balanced, ==, 0);
  g_assert_false (f->tune->has_model);
}

#define ADD(name, test) g_test_add ("/engine/tune/" name, Fixture, NULL, set_up, test, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD ("sizes-are-sorted-and-count-once", test_sizes_are_sorted_and_count_once);
  ADD ("one-thread-wants-one-core", test_one_thread_wants_one_core);
  ADD ("waiting-wants-the-smallest", test_waiting_wants_the_smallest);
  ADD ("two-threads-are-seen", test_two_threads_are_seen);
  ADD ("a-size-that-failed-is-no-choice", test_a_size_that_failed_is_no_choice);
  ADD ("the-cost-is-that-of-the-median", test_the_cost_is_that_of_the_median);
  ADD ("what-the-machine-lacks-is-told-and-not-modelled",
       test_what_the_machine_lacks_is_told_and_not_modelled);
  ADD ("nothing-measured-recommends-nothing", test_nothing_measured_recommends_nothing);
  return g_test_run ();
}
