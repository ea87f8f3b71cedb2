#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A range of the slices of a strip of time, as keys and pointer change it. Pure. */
typedef struct {
  guint n;    /* slices */
  int anchor; /* where it began; -1: nothing is chosen */
  int cursor; /* where it ends; either may be the first */
} KelvinStripRange;

typedef enum {
  KELVIN_STRIP_MOVE,   /* one slice is chosen, another one */
  KELVIN_STRIP_EXTEND, /* the range gets longer or shorter */
} KelvinStripStep;

/* Where nothing was chosen, it begins at the last slice. */
void kelvin_strip_range_step (KelvinStripRange *self, KelvinStripStep step, int by);
/* From @start to @end, parts of the whole, 0 to 1. */
void kelvin_strip_range_span (KelvinStripRange *self, double start, double end);
gboolean kelvin_strip_range_is_empty (const KelvinStripRange *self);
/* FALSE where it is empty. @from_us and @to_us: the ends of the strip. To the millisecond,
 * outwards. */
gboolean kelvin_strip_range_get_times (const KelvinStripRange *self, gint64 from_us, gint64 to_us,
                                       gint64 *out_since_us, gint64 *out_until_us);

/* Finds again the slices of a range whose strip has other ends by now. -1: the beginning, the end.
 */
void kelvin_strip_range_set_times (KelvinStripRange *self, gint64 from_us, gint64 to_us,
                                   gint64 since_us, gint64 until_us);

G_END_DECLS
