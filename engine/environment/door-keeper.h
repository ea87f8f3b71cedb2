#pragma once

#include "engine/model/door.h"

G_BEGIN_DECLS

/* What the doors of all environments of an engine share: what is done to their connections for a
 * while, who holds which connections, and where Kelvin's own endpoint is. Engine thread alone. */
typedef struct _KelvinDoorKeeper KelvinDoorKeeper;

KelvinDoorKeeper *kelvin_door_keeper_new (void);
/* Every connection must have been given back. */
void kelvin_door_keeper_free (KelvinDoorKeeper *self);

/* From now on the door @door_name of the function in @function_dir does this to connections,
 * instead of what function.json says: how a drill sets faults for a run. NULL: as in function.json
 * again. New connections are refused by it, open ones are delayed and cut by it. */
void kelvin_door_keeper_set_faults (KelvinDoorKeeper *self, const char *function_dir,
                                    const char *door_name, const KelvinDoorFaults *faults);
KelvinDoorFaults kelvin_door_keeper_get_faults (KelvinDoorKeeper *self, const char *function_dir,
                                                const KelvinDoor *door);

/* From now on the door leads to @port of this machine instead of where function.json says; 0: as in
 * function.json again. For the small service that a drill stands behind it. */
void kelvin_door_keeper_set_destination (KelvinDoorKeeper *self, const char *function_dir,
                                         const char *door_name, guint16 port);
guint16 kelvin_door_keeper_get_destination (KelvinDoorKeeper *self, const char *function_dir,
                                            const KelvinDoor *door);

/* A connection that is counted against the cap of its door. */
typedef struct _KelvinDoorPlace KelvinDoorPlace;

/* Asked of each that is counted before one is refused: has the function closed it by now? Then it
 * gives its place back. */
typedef void (*KelvinDoorLookFunc) (gpointer connection);

/* NULL where @cap connections (0: any number) are open in all environments of the function
 * already; then *out_holders names those that hold them: "env 1 (2), env 3". (transfer full) */
KelvinDoorPlace *kelvin_door_keeper_take_place (KelvinDoorKeeper *self, const char *function_dir,
                                                const KelvinDoor *door, guint64 environment,
                                                KelvinDoorLookFunc look, gpointer connection,
                                                char **out_holders);
void kelvin_door_keeper_return_place (KelvinDoorKeeper *self, KelvinDoorPlace *place);
guint kelvin_door_keeper_count (KelvinDoorKeeper *self, const char *function_dir,
                                const char *door_name);

/* Where Kelvin's own endpoint is, "127.0.0.1:3001"; NULL: nowhere. */
void kelvin_door_keeper_set_endpoint (KelvinDoorKeeper *self, const char *address);
/* Called when a function wants the endpoint and there is none: it may set one, at once. */
void kelvin_door_keeper_set_endpoint_func (KelvinDoorKeeper *self, void (*start) (gpointer),
                                           gpointer user_data);
/* Nullable; (transfer none) */
const char *kelvin_door_keeper_get_endpoint (KelvinDoorKeeper *self);

/* Room for what is on its way between two sockets, which all connections use in turn. */
#define KELVIN_DOOR_ROOM (256 * 1024)
guint8 *kelvin_door_keeper_get_room (KelvinDoorKeeper *self);

G_END_DECLS
