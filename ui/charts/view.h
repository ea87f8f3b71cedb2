#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The part of an axis that is looked at, as fractions of the whole: 0 … 1 unless zoomed. */
typedef struct {
  double low;
  double high;
} KelvinView;

#define KELVIN_VIEW_ALL ((KelvinView){ 0, 1 })

/* Makes the part @factor times as long (under 1: nearer), so that what stands at @place of it, 0 …
 * 1, stays there; within the whole, and never nearer than a thousandth of it. */
KelvinView kelvin_view_zoom (KelvinView self, double factor, double place);
/* Moves by @by of its own length, as far as the whole allows. */
KelvinView kelvin_view_pan (KelvinView self, double by);

G_END_DECLS
