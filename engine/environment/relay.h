#pragma once

#include "engine/clock.h"
#include "engine/environment/door-keeper.h"
#include "engine/model/door-record.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* One connection of a function through a door: carries bytes to where the door leads and back, and
 * knows what passed. Each direction ends by itself, as with a connection that goes straight; what
 * one side doesn't take is held back at the other. Engine thread alone. */
typedef struct _KelvinRelay KelvinRelay;

/* What it belongs to; outlives it. */
typedef struct {
  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinDoorKeeper *keeper;
  const char *function_dir;
  guint64 environment;
} KelvinRelayHost;

/* Takes @fd, the accepted socket of the function, and begins to connect. @door outlives it. */
KelvinRelay *kelvin_relay_new (const KelvinRelayHost *host, const KelvinDoor *door, guint64 number,
                               int fd);
/* Resets what is open. */
void kelvin_relay_free (KelvinRelay *self);

gboolean kelvin_relay_has_ended (KelvinRelay *self);
/* Carries what can be carried now: what the function did before it answered is known then. */
void kelvin_relay_drain (KelvinRelay *self);

/* What passed since the record before; the end of the environment is the end of an open one where
 * @environment_ends. NULL where there is nothing to tell: it is open, and nothing passed.
 * @arrived_ns: when the event arrived that it is for. */
KelvinDoorRecord *kelvin_relay_take_record (KelvinRelay *self, gint64 arrived_ns,
                                            gboolean environment_ends);

G_END_DECLS
