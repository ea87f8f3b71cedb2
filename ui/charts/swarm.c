#include "config.h"

#include "ui/charts/swarm.h"

#include <math.h>

#define MOST_LEVELS 64

static int
level_of (guint order)
{
  int distance = (int) (order + 1) / 2;

  return order % 2 == 1 ? distance : -distance;
}

void
kelvin_swarm_place (const float *xs, guint n, float diameter, guint most_levels, int *out_levels)
{
  guint levels = CLAMP (most_levels, 1, MOST_LEVELS);
  float ends[MOST_LEVELS]; /* where the last dot of a level ends */

  for (guint i = 0; i < levels; i++)
    ends[i] = -INFINITY;

  for (guint i = 0; i < n; i++)
    {
      guint order = 0;
      while (order + 1 < levels && ends[order] > xs[i])
        order++;
      ends[order] = xs[i] + diameter;
      out_levels[i] = level_of (order);
    }
}
