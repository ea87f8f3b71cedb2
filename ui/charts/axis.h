#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KELVIN_AXIS_MOST_TICKS 16

/* A linear scale of milliseconds with round ticks. Plain data. */
typedef struct {
  double low, high;
  double first, step; /* of the ticks */
  guint n_ticks;
} KelvinAxis;

/* Covers @low to @high exactly, with at most @most_ticks ticks (2 … KELVIN_AXIS_MOST_TICKS). */
KelvinAxis kelvin_axis_fit (double low, double high, guint most_ticks);

/* Where @ms stands, 0 … 1 within the axis. */
double kelvin_axis_place (const KelvinAxis *self, double ms);
/* What stands at @place: the inverse. */
double kelvin_axis_value_at (const KelvinAxis *self, double place);

double kelvin_axis_get_tick (const KelvinAxis *self, guint index);
/* "25"; the last one bears the unit: "150 ms", "12 s". */
char *kelvin_axis_dup_label (const KelvinAxis *self, guint index);

G_END_DECLS
