#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How many runs there were over time, a bar a slice; the failed ones in red at its foot. */
#define KELVIN_TYPE_RUN_STRIP (kelvin_run_strip_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunStrip, kelvin_run_strip, KELVIN, RUN_STRIP, GtkWidget)

/* @slices: (element-type KelvinRunSlice); from and to: the ends of the strip, Unix time. */
void kelvin_run_strip_set_slices (KelvinRunStrip *self, GArray *slices, gint64 from_us,
                                  gint64 to_us);

G_END_DECLS
