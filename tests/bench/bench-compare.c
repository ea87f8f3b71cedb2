#include "engine/analysis/run-comparison.h"

#include <stdio.h>

#define N_SAMPLES 100000
#define ROUNDS 5

/* Milliseconds that a comparison of two runs of 100,000 warm invocations takes, with their phases;
 * the least of some rounds. */

static KelvinMeasuredRun *
make_run (guint32 seed)
{
  static const char *const names[] = { "totalMs", "handlerMs", "responseMs" };
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  JsonObject *document = json_object_new ();
  JsonObject *warm = json_object_new ();
  JsonObject *phases = json_object_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonObject *summary = json_object_new ();
      JsonArray *samples = json_array_sized_new (N_SAMPLES);

      for (guint j = 0; j < N_SAMPLES; j++)
        json_array_add_double_element (samples, g_rand_double_range (rand, 1, 10));
      json_object_set_array_member (summary, "samples", samples);
      json_object_set_object_member (i == 0 ? warm : phases, names[i], summary);
    }
  json_object_set_object_member (warm, "phases", phases);
  json_object_set_string_member (document, "functionName", "made-up");
  json_object_set_object_member (document, "cold", json_object_new ());
  json_object_set_object_member (document, "warm", warm);
  json_node_take_object (node, document);

  return kelvin_measured_run_read (node, "made-up", NULL);
}

int
main (void)
{
  g_autoptr (KelvinMeasuredRun) a = make_run (1);
  g_autoptr (KelvinMeasuredRun) b = make_run (2);
  gint64 least_us = G_MAXINT64;

  for (guint round = 0; round < ROUNDS; round++)
    {
      gint64 started_us = g_get_monotonic_time ();
      g_autoptr (KelvinRunComparison) comparison = kelvin_run_comparison_new (a, b, 5, NULL, NULL);

      least_us = MIN (least_us, g_get_monotonic_time () - started_us);
    }
  printf ("%.3f\n", (double) least_us / 1000);
  return 0;
}
