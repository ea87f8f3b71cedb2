#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* Empty lists, nothing else set. */
KelvinProfile *kelvin_profile_new (void);

G_END_DECLS
