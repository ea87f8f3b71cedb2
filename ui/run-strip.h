#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How many runs there were over time, a bar a slice; the failed ones in red at its foot. A range of
 * it is chosen by dragging, or by the arrow keys, with Shift for a longer one; Escape or a click
 * gives it up. Emits "chosen" with its ends, Unix time, or with -1 and -1. */
#define KELVIN_TYPE_RUN_STRIP (kelvin_run_strip_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunStrip, kelvin_run_strip, KELVIN, RUN_STRIP, GtkWidget)

/* @slices: (element-type KelvinRunSlice); from and to: the ends of the strip, Unix time. */
void kelvin_run_strip_set_slices (KelvinRunStrip *self, GArray *slices, gint64 from_us,
                                  gint64 to_us);
/* What the filter says is chosen; -1: from the beginning, to the end. */
void kelvin_run_strip_set_range (KelvinRunStrip *self, gint64 since_us, gint64 until_us);

G_END_DECLS
