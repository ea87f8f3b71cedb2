#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Empty lists, nothing else set. */
KelvinProfile *kelvin_profile_new (void);
/* The median init of its cold starts; NAN where none succeeded. */
double kelvin_profile_get_usual_init_ms (KelvinProfile *self);

G_END_DECLS
