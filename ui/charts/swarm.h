#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Places dots of one row beside each other so that they don't cover one another: @xs are the dots'
 * places in ascending order, @out_levels gets 0, 1, −1, 2, −2, … for each: how many diameters it
 * moves off the row's middle. Where @most_levels are taken, dots share the last one. */
void kelvin_swarm_place (const float *xs, guint n, float diameter, guint most_levels,
                         int *out_levels);

G_END_DECLS
