/* bench-lanes: draws 100,000 invocations of 1,000 environments on the lanes chart while it zooms,
 * pans and scrolls, and prints the time between frames, a JSON object a line. Needs a display. */

#include "config.h"

#include <stdlib.h>

#include "ui/charts/lanes.h"

#define N_ENVIRONMENTS 1000
#define N_BARS 100000
#define N_FRAMES 600
#define WARM_UP 30
#define BAR_NS 60000000
#define STEP_NS 100000000

typedef struct {
  KelvinLanes *lanes;
  GMainLoop *loop;
  GArray *ms; /* of double: between frames */
  gint64 last_us;
  guint n;
} Bench;

static void
fill (KelvinLaneData *data)
{
  for (guint i = 0; i < N_ENVIRONMENTS; i++)
    kelvin_lane_data_add_step (data, i + 1, KELVIN_STATE_STARTING, i * 1000);
  for (guint i = 0; i < N_BARS; i++)
    {
      gint64 at_ns = i / N_ENVIRONMENTS * (gint64) STEP_NS + i % N_ENVIRONMENTS * 10000;
      const KelvinLaneBar bar = {
        .event = i + 1,
        .environment = i % N_ENVIRONMENTS + 1,
        .attempt = 1,
        .start = i < N_ENVIRONMENTS ? KELVIN_START_COLD : KELVIN_START_WARM,
        .status = i % 97 == 0 ? KELVIN_STATUS_ERROR : KELVIN_STATUS_OK,
        .due_ns = at_ns,
        .start_ns = at_ns,
        .init_ns = at_ns,
        .handler_ns = at_ns,
        .end_ns = at_ns + BAR_NS,
      };

      kelvin_lane_data_add_bar (data, &bar);
      kelvin_lane_data_add_due (data, &at_ns, 1);
      data->now_ns = data->planned_ns = at_ns + BAR_NS;
    }
}

/* Every frame shows something else. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now_us = g_get_monotonic_time ();
  double ms = (double) (now_us - bench->last_us) / 1000;
  double length = 1. / (1 + bench->n % 100);
  double low = (1 - length) * (bench->n % 60) / 60;

  if (bench->n > WARM_UP)
    g_array_append_val (bench->ms, ms);
  bench->last_us = now_us;
  kelvin_chart_set_view (KELVIN_CHART (bench->lanes), (KelvinView){ low, low + length });
  kelvin_lanes_update (bench->lanes);
  if (++bench->n < N_FRAMES)
    return G_SOURCE_CONTINUE;

  g_main_loop_quit (bench->loop);
  return G_SOURCE_REMOVE;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a;
  double second = *(const double *) b;

  return (first > second) - (first < second);
}

static void
print (const Bench *bench, const char *name, guint percent, double target)
{
  double ms = g_array_index (bench->ms, double, (bench->ms->len - 1) * percent / 100);

  g_print ("{\"name\": \"lanes.frame.%s\", \"value\": %.3f, \"unit\": \"ms\", \"target\": %.1f}\n",
           name, ms, target);
}

int
main (void)
{
  Bench bench = { .ms = g_array_new (FALSE, FALSE, sizeof (double)) };

  if (!gtk_init_check ())
    {
      g_printerr ("bench-lanes: no display\n");
      return EXIT_FAILURE;
    }
  GtkWidget *window = gtk_window_new ();
  bench.lanes = KELVIN_LANES (kelvin_lanes_new ());
  bench.loop = g_main_loop_new (NULL, FALSE);
  fill (kelvin_lanes_get_data (bench.lanes));
  kelvin_lanes_reset (bench.lanes);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (bench.lanes));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 600);
  gtk_widget_add_tick_callback (GTK_WIDGET (bench.lanes), tick_cb, &bench, NULL);
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (bench.loop);
  gtk_window_destroy (GTK_WINDOW (window));

  g_array_sort (bench.ms, compare);
  print (&bench, "p50", 50, 17);
  print (&bench, "p95", 95, 17.5);
  print (&bench, "p99", 99, 33.4);
  g_array_unref (bench.ms);
  g_main_loop_unref (bench.loop);
  return EXIT_SUCCESS;
}
