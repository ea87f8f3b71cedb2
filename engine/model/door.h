#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How many a function may have. */
#define KELVIN_MOST_DOORS 24
/* The door to Kelvin's own endpoint, which every sandbox has; no door of a function may be called
 * so. */
#define KELVIN_OWN_DOOR "kelvin"

/* What a door does to what passes, so that a slow or failing service can be seen without one. All
 * zero: nothing. */
typedef struct {
  guint delay_ms;         /* each answer comes that much later */
  gboolean refuse;        /* every connection is reset at once */
  gint64 cut_after_bytes; /* a connection is reset after so many, both ways together; 0: never */
  guint cap;              /* at once, in all environments of the function; 0: any number */
} KelvinDoorFaults;

/* A named way from a sandbox to one address. */
typedef struct {
  char *name;
  char *host;    /* as the function asks for it; lower case */
  guint16 port;  /* likewise */
  char *to_host; /* where it leads: an address or a name of the machine's resolver */
  guint16 to_port;
  KelvinDoorFaults faults;
} KelvinDoor;

void kelvin_door_free (KelvinDoor *self);

/* "HOST:PORT", an IPv6 address in brackets, as in Kelvin.Doors[].To. FALSE for anything else; the
 * port goes from 1 to 65535. @out_host: (transfer full) */
gboolean kelvin_door_parse_address (const char *text, char **out_host, guint16 *out_port);
/* The other way round. (transfer full) */
char *kelvin_door_format_address (const char *host, guint16 port);
/* Can a resolver be asked for it? Letters, digits, hyphens and underscores in parts of at most 63,
 * at most 253 together, no address. */
gboolean kelvin_door_is_host_name (const char *text);

/* A door as Kelvin.Doors holds it, with what is left out when it is nothing: (transfer full) */
JsonNode *kelvin_door_to_json (const KelvinDoor *self);

G_END_DECLS
