#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Empty lists, nothing else set. */
KelvinProfile *kelvin_profile_new (void);
/* The median init of its cold starts; NAN where none succeeded. */
double kelvin_profile_get_usual_init_ms (KelvinProfile *self);
/* Half the width of the 95 % interval of the median time to answer, in percent of that median; NAN
 * for too few. @invocations: of KelvinInvocation */
double kelvin_profile_get_uncertainty (GPtrArray *invocations);

G_END_DECLS
