#include "engine/analysis/run-comparison.h"

#include <math.h>

#include "engine/model/json-text.h"

/* Honesty, by simulation from samples that were recorded of a real function: how often equal
 * versions are called different, and how often a difference is found. */

#define ROUNDS 100
#define DEPTH 16

typedef struct {
  JsonNode *document;
  GRand *rand;
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  g_autofree char *path =
      g_test_build_filename (G_TEST_DIST, "analysis", "recorded-profile.json", NULL);
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, &length, &error);
  g_assert_no_error (error);
  f->document = kelvin_json_parse (text, length, DEPTH, &error);
  g_assert_no_error (error);
  f->rand = g_rand_new_with_seed (20);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  json_node_unref (f->document);
  g_rand_free (f->rand);
}

static JsonObject *
draw (Fixture *f, const char *name, guint n, double factor)
{
  JsonArray *recorded = json_object_get_array_member (json_node_get_object (f->document), name);
  JsonArray *drawn = json_array_new ();
  JsonObject *summary = json_object_new ();

  for (guint i = 0; i < n; i++)
    {
      gint32 at = g_rand_int_range (f->rand, 0, (gint32) json_array_get_length (recorded));

      json_array_add_double_element (drawn,
                                     json_array_get_double_element (recorded, (guint) at) * factor);
    }
  json_object_set_array_member (summary, "samples", drawn);
  return summary;
}

static JsonObject *
draw_starts (Fixture *f, const char *name, guint n, double factor)
{
  JsonObject *starts = json_object_new ();

  json_object_set_int_member (starts, "count", n);
  json_object_set_int_member (starts, "errors", 0);
  json_object_set_object_member (starts, "totalMs", draw (f, name, n, factor));
  if (g_str_equal (name, "coldMs"))
    json_object_set_object_member (starts, "memoryMB", draw (f, "memoryMB", n, 1));
  return starts;
}

static KelvinMeasuredRun *
draw_run (Fixture *f, guint n_cold, guint n_warm, double factor)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *object = json_object_new ();
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "functionName", "recorded");
  json_object_set_object_member (object, "cold", draw_starts (f, "coldMs", n_cold, factor));
  json_object_set_object_member (object, "warm", draw_starts (f, "warmMs", n_warm, factor));
  json_node_take_object (node, object);
  KelvinMeasuredRun *run = kelvin_measured_run_read (node, "drawn", &error);
  g_assert_no_error (error);
  return run;
}

typedef struct {
  guint failed;
  guint slower_cold, slower_warm;
  guint different; /* any gate slower or faster */
} Counts;

static Counts
count (Fixture *f, guint n_cold, guint n_warm, double factor, double threshold)
{
  Counts counts = { 0 };

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (KelvinMeasuredRun) a = draw_run (f, n_cold, n_warm, 1);
      g_autoptr (KelvinMeasuredRun) b = draw_run (f, n_cold, n_warm, factor);
      g_autoptr (KelvinRunComparison) comparison =
          kelvin_run_comparison_new (a, b, threshold, NULL, NULL);
      guint different = 0;

      counts.failed += comparison->failed;
      for (guint i = 0; i < comparison->metrics->len; i++)
        {
          const KelvinMetricComparison *metric = g_ptr_array_index (comparison->metrics, i);

          different += metric->verdict == KELVIN_DIFFERENCE_SLOWER ||
                       metric->verdict == KELVIN_DIFFERENCE_FASTER;
        }
      counts.different += different > 0;
      counts.slower_cold += kelvin_run_comparison_get (comparison, "cold.totalMs")->verdict ==
                            KELVIN_DIFFERENCE_SLOWER;
      counts.slower_warm += kelvin_run_comparison_get (comparison, "warm.totalMs")->verdict ==
                            KELVIN_DIFFERENCE_SLOWER;
    }
  g_test_message ("n = %u + %u, factor %g, threshold %g %%: of %d, %u failed, %u called different; "
                  "cold slower %u, warm slower %u",
                  n_cold, n_warm, factor, threshold, ROUNDS, counts.failed, counts.different,
                  counts.slower_cold, counts.slower_warm);
  return counts;
}

static void
test_equal_versions_pass (Fixture *f, gconstpointer unused)
{
  Counts counts = count (f, 20, 100, 1, 5);

  g_assert_cmpuint (counts.failed, <=, 5);
  g_assert_cmpuint (counts.different, <=, 10);
}

/* Without a threshold the correction for the number of metrics alone holds the rate. */
static void
test_equal_versions_pass_without_a_threshold (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (count (f, 200, 200, 1, 0).failed, <=, 5);
}

static void
test_five_percent_is_found (Fixture *f, gconstpointer unused)
{
  Counts counts = count (f, 200, 200, 1.05, 5);

  g_assert_cmpuint (counts.slower_cold, >=, 90);
}

static void
test_beyond_the_threshold_fails (Fixture *f, gconstpointer unused)
{
  g_assert_cmpuint (count (f, 200, 200, 1.15, 5).failed, >=, 90);
}

/* A warm call of 0.1 ms that takes 0.15: between two runs a machine alone does that. */
static void
test_what_nobody_feels_is_the_same (Fixture *f, gconstpointer unused)
{
  g_autoptr (KelvinMeasuredRun) a = draw_run (f, 20, 100, 0.3);
  g_autoptr (KelvinMeasuredRun) b = draw_run (f, 20, 100, 0.45);
  g_autoptr (KelvinRunComparison) comparison = kelvin_run_comparison_new (a, b, 5, NULL, NULL);
  const KelvinMetricComparison *warm = kelvin_run_comparison_get (comparison, "warm.totalMs");

  g_assert_cmpfloat (warm->b, <, KELVIN_UNFELT_DIFFERENCE);
  g_assert_cmpfloat (warm->shift.low, >, 1.05);
  g_assert_cmpint (warm->verdict, ==, KELVIN_DIFFERENCE_SAME);
  g_assert_false (warm->failed);
  g_assert_cmpint (kelvin_run_comparison_get (comparison, "cold.totalMs")->verdict, ==,
                   KELVIN_DIFFERENCE_SLOWER);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/analysis/run-comparison/equal-versions-pass", Fixture, NULL, set_up,
              test_equal_versions_pass, tear_down);
  g_test_add ("/analysis/run-comparison/equal-versions-pass-without-a-threshold", Fixture, NULL,
              set_up, test_equal_versions_pass_without_a_threshold, tear_down);
  g_test_add ("/analysis/run-comparison/five-percent-is-found", Fixture, NULL, set_up,
              test_five_percent_is_found, tear_down);
  g_test_add ("/analysis/run-comparison/beyond-the-threshold-fails", Fixture, NULL, set_up,
              test_beyond_the_threshold_fails, tear_down);
  g_test_add ("/analysis/run-comparison/what-nobody-feels-is-the-same", Fixture, NULL, set_up,
              test_what_nobody_feels_is_the_same, tear_down);
  return g_test_run ();
}
