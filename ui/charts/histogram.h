#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* How often each time was measured: bars of one or two kinds of call on one axis from 0 on. Each
 * kind has slices of its own width, and its tallest bar says how many calls it is. */
#define KELVIN_TYPE_HISTOGRAM (kelvin_histogram_get_type ())
G_DECLARE_FINAL_TYPE (KelvinHistogram, kelvin_histogram, KELVIN, HISTOGRAM, KelvinChart)

#define KELVIN_HISTOGRAM_MOST_SERIES 2

typedef struct {
  const char *label; /* "cold" */
  KelvinHue hue;
  const double *samples; /* milliseconds */
  gsize n;
} KelvinHistogramSeries;

GtkWidget *kelvin_histogram_new (void);

/* Copies what it needs. Series without samples are left out. */
void kelvin_histogram_set_series (KelvinHistogram *self, const KelvinHistogramSeries *series,
                                  guint n);

G_END_DECLS
