/* Draws a flame graph of 20,000 frames while it is zoomed and panned in every frame, and prints the
 * percentiles of what the frame clock shows: how long a frame took to lay out and paint, and how
 * long it was after the one before. */

#include <adwaita.h>

#include "ui/charts/chart-private.h"
#include "ui/charts/flame-graph.h"

#define N_FRAMES 20000
#define DEPTH 12
#define WARM_UP 20
#define MEASURED 300

typedef struct {
  GMainLoop *loop;
  KelvinChart *chart;
  GArray *paint_ms; /* of double */
  GArray *interval_ms;
  gint64 began_us;
  gint64 last_us;
  guint n;
} Bench;

static int
compare (gconstpointer a, gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
percentile (GArray *samples, guint percent)
{
  g_array_sort (samples, compare);
  return g_array_index (samples, double, (samples->len - 1) * percent / 100);
}

static void
before_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  bench->began_us = g_get_monotonic_time ();
}

static void
after_paint_cb (GdkFrameClock *clock, Bench *bench)
{
  gint64 now_us = g_get_monotonic_time ();
  double paint_ms = (double) (now_us - bench->began_us) / 1000;
  double interval_ms = (double) (bench->began_us - bench->last_us) / 1000;

  bench->n++;
  if (bench->n > WARM_UP)
    {
      g_array_append_val (bench->paint_ms, paint_ms);
      g_array_append_val (bench->interval_ms, interval_ms);
    }
  bench->last_us = bench->began_us;
  if (bench->n == WARM_UP + MEASURED)
    g_main_loop_quit (bench->loop);
}

/* From all of it to a fiftieth, along the whole of it. */
static gboolean
tick_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Bench *bench = user_data;
  double along = (double) (bench->n % 100) / 100;
  double length = 1 - 0.98 * along;

  kelvin_chart_get_private (bench->chart)->view =
      (KelvinView){ (1 - length) * along, (1 - length) * along + length };
  gtk_widget_queue_allocate (widget);
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

static void
fill (KelvinFlameGraph *graph)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, TRUE, sizeof (KelvinFlameFrame));

  for (guint i = 0; i < N_FRAMES; i++)
    {
      guint depth = i % DEPTH;
      double width = 1000.0 / ((double) N_FRAMES / DEPTH);
      double start = (double) (i / DEPTH) * width;
      KelvinFlameFrame frame = { "package.module",
                                 NULL,
                                 start,
                                 start + width * 0.97,
                                 width,
                                 depth,
                                 depth == 0 ? KELVIN_HUE_RUNTIME : KELVIN_HUE_INIT };

      g_array_append_val (frames, frame);
    }
  kelvin_flame_graph_set_frames (graph, (const KelvinFlameFrame *) (void *) frames->data,
                                 frames->len);
}

static void
mapped_cb (GtkWidget *widget, Bench *bench)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);

  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint_cb), bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint_cb), bench);
  gtk_widget_add_tick_callback (widget, tick_cb, bench, NULL);
}

int
main (int argc, char **argv)
{
  gtk_init ();
  adw_init ();

  GtkWidget *window = gtk_window_new ();
  GtkWidget *graph = kelvin_flame_graph_new ();
  Bench bench = { .loop = g_main_loop_new (NULL, FALSE),
                  .chart = KELVIN_CHART (graph),
                  .paint_ms = g_array_new (FALSE, FALSE, sizeof (double)),
                  .interval_ms = g_array_new (FALSE, FALSE, sizeof (double)) };

  fill (KELVIN_FLAME_GRAPH (graph));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 360);
  gtk_window_set_child (GTK_WINDOW (window), graph);
  g_signal_connect (graph, "map", G_CALLBACK (mapped_cb), &bench);
  gtk_window_present (GTK_WINDOW (window));
  g_main_loop_run (bench.loop);
  g_print ("{\"frames\": %u, \"paintP50\": %.3f, \"paintP95\": %.3f, \"paintP99\": %.3f, "
           "\"intervalP50\": %.3f, \"intervalP95\": %.3f}\n",
           N_FRAMES, percentile (bench.paint_ms, 50), percentile (bench.paint_ms, 95),
           percentile (bench.paint_ms, 99), percentile (bench.interval_ms, 50),
           percentile (bench.interval_ms, 95));
  return 0;
}
