#pragma once

#include "engine/clock.h"
#include "engine/environment/delivery.h"
#include "engine/environment/door-keeper.h"
#include "engine/model/function.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* The ways out of one environment: takes what connects to them, and answers for the names that lead
 * there. Engine thread alone. */
typedef struct _KelvinDoors KelvinDoors;

/* Where in a sandbox the door to Kelvin's own endpoint is; what AWS_ENDPOINT_URL says. */
#define KELVIN_OWN_DOOR_ADDRESS "127.0.0.2"
#define KELVIN_OWN_DOOR_PORT 3001
#define KELVIN_OWN_DOOR_URL "http://127.0.0.2:3001"
/* And where its resolver is. */
#define KELVIN_RESOLVER_ADDRESS "127.0.0.1"
#define KELVIN_RESOLVER_PORT 53

/* What a sandbox listens on for the doors, in this order: Kelvin's own, those of the function, the
 * resolver's datagrams, its streams. */
#define KELVIN_DOORS_MOST_LISTENERS (KELVIN_MOST_DOORS + 3)

/* The address inside of the door @index: one for each host, "127.0.1.1" for the first. */
void kelvin_doors_get_address (GPtrArray *doors, guint index, guint8 *out_address);

/* Takes the @n_fds descriptors, which are as above; the resolver's may be left out. @function and
 * @keeper outlive it. */
KelvinDoors *kelvin_doors_new (KelvinPoller *poller, KelvinClock *clock, KelvinDoorKeeper *keeper,
                               KelvinFunction *function, guint64 environment, const int *fds,
                               guint n_fds);
void kelvin_doors_free (KelvinDoors *self);

/* Puts what passed since the last time into the record of @delivery. @environment_ends: what is
 * open ends with it. */
void kelvin_doors_take_records (KelvinDoors *self, KelvinDelivery *delivery,
                                gboolean environment_ends);

G_END_DECLS
