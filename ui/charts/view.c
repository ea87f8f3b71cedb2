#include "config.h"

#include "ui/charts/view.h"

#define SHORTEST 0.001

static KelvinView
place_within (double low, double length)
{
  double fitting = CLAMP (length, SHORTEST, 1);
  double start = CLAMP (low, 0, 1 - fitting);

  return (KelvinView){ start, start + fitting };
}

KelvinView
kelvin_view_zoom (KelvinView self, double factor, double place)
{
  double length = self.high - self.low;
  double fixed = self.low + length * place;
  double zoomed = CLAMP (length * factor, SHORTEST, 1);

  return place_within (fixed - zoomed * place, zoomed);
}

KelvinView
kelvin_view_pan (KelvinView self, double by)
{
  double length = self.high - self.low;

  return place_within (self.low + length * by, length);
}
