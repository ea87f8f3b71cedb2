#pragma once

#include <json-glib/json-glib.h>

#include "engine/model/door.h"

G_BEGIN_DECLS

/* How a connection through a door ended. */
typedef enum {
  KELVIN_DOOR_END_OPEN,        /* it hasn't: the environment may go on using it */
  KELVIN_DOOR_END_FUNCTION,    /* the function closed it */
  KELVIN_DOOR_END_DESTINATION, /* the other side closed it, or reset it */
  KELVIN_DOOR_END_ENVIRONMENT, /* the environment ended */
  KELVIN_DOOR_END_UNREACHABLE, /* the door got no connection to where it leads; see the error */
  KELVIN_DOOR_END_REFUSED,     /* by the door's Refuse */
  KELVIN_DOOR_END_CAPPED,      /* by the door's Cap */
  KELVIN_DOOR_END_CUT,         /* by the door's CutAfterBytes */
} KelvinDoorEnd;

/* A connection through a door, and what passed while an event was carried to its outcome: plain
 * data. */
typedef struct {
  guint64 number; /* within its environment, from 1 */
  char *door;     /* its name */
  char *host;     /* as the function asked for it */
  guint16 port;
  char *to;             /* "127.0.0.1:5432" */
  gint64 opened_us;     /* since the event arrived; negative: before it did */
  gint64 connect_us;    /* until the destination took it; -1: it didn't */
  gint64 first_byte_us; /* from opening to the destination's first byte; -1: none came */
  gint64 duration_us;   /* from opening to its end; -1: it is open */
  gint64 bytes_up;      /* towards the destination, for this event alone */
  gint64 bytes_down;    /* likewise, from it */
  KelvinDoorEnd end;
  char *error;   /* nullable: what the system said */
  char *holders; /* nullable: of a capped one, the environments that held the others, "env 1 (2)" */
} KelvinDoorRecord;

KelvinDoorRecord *kelvin_door_record_new (void);
void kelvin_door_record_free (KelvinDoorRecord *self);

/* Was it opened before the event arrived? */
gboolean kelvin_door_record_is_reused (const KelvinDoorRecord *self);
/* "open", "function", …; NULL for a number that means nothing */
const char *kelvin_door_end_to_string (KelvinDoorEnd end);

/* A name that the function asked the sandbox's resolver for, and to which no door leads. */
typedef struct {
  char *host;
  guint times;
} KelvinRefusedDestination;

KelvinRefusedDestination *kelvin_refused_destination_new (const char *host, guint times);
void kelvin_refused_destination_free (KelvinRefusedDestination *self);
/* The door that would lead there: to the host itself, at the port of HTTPS, since a name that is
 * asked for comes without one. (transfer full) */
KelvinDoor *kelvin_refused_destination_to_door (const KelvinRefusedDestination *self);

/* @environment is nullable; @started_at_us: when the event arrived. */
JsonNode *kelvin_door_record_to_json (const KelvinDoorRecord *self, const char *environment,
                                      gint64 started_at_us);
JsonNode *kelvin_refused_destination_to_json (const KelvinRefusedDestination *self);

G_END_DECLS
