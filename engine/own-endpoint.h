#pragma once

#include "engine/environment/door-keeper.h"

G_BEGIN_DECLS

/* Kelvin's own endpoint for functions that run without `serve`: AWS_ENDPOINT_URL leads to it. It
 * answers, but serves no function: it says by what it would. Engine thread alone. */
typedef struct _KelvinOwnEndpoint KelvinOwnEndpoint;

/* Nothing listens before the first function connects. */
KelvinOwnEndpoint *kelvin_own_endpoint_new (KelvinDoorKeeper *doors);
/* Whether a call is still being answered; then it must not be freed. */
gboolean kelvin_own_endpoint_is_busy (KelvinOwnEndpoint *self);
void kelvin_own_endpoint_free (KelvinOwnEndpoint *self);

G_END_DECLS
