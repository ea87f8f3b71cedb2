#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* Where the time of a few starts went: a bar each, its phases end to end, all on one scale. */
#define KELVIN_TYPE_WATERFALL (kelvin_waterfall_get_type ())
G_DECLARE_FINAL_TYPE (KelvinWaterfall, kelvin_waterfall, KELVIN, WATERFALL, KelvinChart)

typedef struct {
  const char *label; /* "this run", "last warm", "median cold" */
  KelvinPhases phases;
  gint64 start_us;  /* where its bar begins on the scale; usually 0 */
  const char *note; /* nullable: what the row rests on, "median of 20, version lazy-xml" */
} KelvinWaterfallRow;

GtkWidget *kelvin_waterfall_new (void);

/* Copies what it needs; with @n 0 the chart is empty. Its accessible description says the phases of
 * each row in milliseconds. */
void kelvin_waterfall_set_rows (KelvinWaterfall *self, const KelvinWaterfallRow *rows, guint n);

/* The same description: each row's phases and their sum, to a hundredth of a millisecond. (transfer
 * full) */
char *kelvin_waterfall_describe (const KelvinWaterfallRow *rows, guint n);

G_END_DECLS
