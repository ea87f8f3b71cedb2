#pragma once

#include "engine/clock.h"
#include "engine/environment/delivery.h"
#include "engine/environment/door-keeper.h"
#include "engine/environment/launcher.h"
#include "engine/environment/target.h"
#include "engine/model/isolation.h"
#include "engine/model/function-limits.h"
#include "engine/model/transition.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* One sandboxed process tree that serves events one at a time: the state machine at the heart.
 *
 *   parked ─► starting ─► initialising ─► idle ⇄ busy ─► stopping ─► dead
 *
 * This file alone moves between the states, and tells its owner of each step. Engine thread alone.
 */
typedef struct _KelvinEnvironment KelvinEnvironment;

/* What all environments of an engine share; outlives them. */
typedef struct {
  KelvinPoller *poller;
  KelvinClock *clock;
  KelvinLauncher *launcher;
  KelvinDoorKeeper *doors;
  KelvinIsolation isolation;
  KelvinLimits limits;        /* of all of them */
  const char *process_folder; /* in which those without namespaces have a folder each */
} KelvinEnvironmentHost;

/* Calls to the owner. None comes from inside a call of the owner's, but for those of
 * kelvin_environment_stop. */
typedef struct {
  void (*moved) (KelvinEnvironment *self, const KelvinTransition *transition, gpointer user_data);
  /* The caller can be answered: payload and status stand, and all phases but `response`. */
  void (*responded) (KelvinEnvironment *self, KelvinDelivery *delivery, gpointer user_data);
  /* The attempt is over and the record complete; the delivery is the owner's again. The environment
   * is idle, or on its way to dead. */
  void (*settled) (KelvinEnvironment *self, KelvinDelivery *delivery, gpointer user_data);
  /* No process is left; the owner frees it, now or later. */
  void (*dead) (KelvinEnvironment *self, gpointer user_data);
} KelvinEnvironmentEvents;

/* Parked: nothing runs yet. @number is unique within the engine. */
KelvinEnvironment *kelvin_environment_new (const KelvinEnvironmentHost *host, KelvinTarget *target,
                                           guint64 number, const KelvinEnvironmentEvents *events,
                                           gpointer user_data);
/* Dead or parked ones alone. */
void kelvin_environment_free (KelvinEnvironment *self);

KelvinState kelvin_environment_get_state (KelvinEnvironment *self);
KelvinTarget *kelvin_environment_get_target (KelvinEnvironment *self);
guint64 kelvin_environment_get_number (KelvinEnvironment *self);

/* Gives an event to a parked environment (a cold start) or to an idle one. @delivery stays the
 * owner's and must live until `settled`. */
void kelvin_environment_serve (KelvinEnvironment *self, KelvinDelivery *delivery);

/* Ends all its processes at once. An attempt under way becomes `cancelled`: `responded` and
 * `settled` come before this returns. `dead` follows later. @reason is static text. */
void kelvin_environment_stop (KelvinEnvironment *self, const char *reason);

G_END_DECLS
