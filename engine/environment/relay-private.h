#pragma once

#include "engine/environment/relay.h"
#include "engine/fd.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the files of a relay share. relay.c: its life, and what is told of it; relay-connect.c: the
 * way to the place; relay-carry.c: bytes both ways, and the end. */

typedef enum {
  KELVIN_RELAY_FUNCTION,
  KELVIN_RELAY_PLACE, /* where the door leads */
  KELVIN_RELAY_N_SIDES,
} KelvinRelaySideName;

typedef struct {
  KelvinRelay *relay;
  KelvinFd fd;
  KelvinWatch *watch; /* NULL while nothing is awaited of it */
  guint32 awaited;
  GBytes *waiting;       /* came from the other side, and isn't taken yet; NULL: nothing */
  gboolean has_finished; /* no more comes from it */
  gboolean was_told;     /* that no more comes from the other one */
} KelvinRelaySide;

struct _KelvinRelay {
  KelvinRelayHost host;
  const KelvinDoor *door;
  guint64 number;
  char *to;
  KelvinRelaySide sides[KELVIN_RELAY_N_SIDES];
  GCancellable *cancellable; /* while a name is being looked up */
  GList *addresses;          /* of GInetAddress: what is still to be tried */
  guint16 to_port;
  KelvinDoorPlace *place; /* NULL once it doesn't count any more */

  KelvinTimer *delay;     /* of the answer that has begun to come */
  gboolean answer_is_due; /* what comes next from the place is the beginning of an answer */
  KelvinDoorEnd end;
  gboolean ended;        /* both sides are closed */
  gboolean was_told;     /* in a record */
  gboolean end_was_told; /* likewise */
  char *error;
  char *holders;

  gint64 opened_ns;
  gint64 connected_ns;                /* -1 before */
  gint64 first_byte_ns;               /* likewise */
  gint64 ended_ns;                    /* the first that ended it; -1 before */
  gint64 bytes[KELVIN_RELAY_N_SIDES]; /* that came from each */
  gint64 told[KELVIN_RELAY_N_SIDES];  /* of them, those that were in a record */
};

gint64 kelvin_relay_now_ns (KelvinRelay *self);

/* relay-connect.c: begins, or refuses as the door is set. */
void kelvin_relay_connect (KelvinRelay *self);
/* Has it connected by now? Then it goes on at once. */
void kelvin_relay_look_whether_connected (KelvinRelay *self);

/* relay-carry.c */
KelvinDoorFaults kelvin_relay_get_faults (KelvinRelay *self);
/* Carries what can be carried now; once it is connected. */
void kelvin_relay_carry (KelvinRelay *self);
/* How and when it ended, if it hadn't yet. */
void kelvin_relay_note_end (KelvinRelay *self, KelvinDoorEnd end);
void kelvin_relay_close_side (KelvinRelaySide *side, gboolean reset);
/* Both sides are gone afterwards. */
void kelvin_relay_finish (KelvinRelay *self, KelvinDoorEnd end, gboolean reset);
/* The connection to the place failed or broke: @error is the system's, 0 where it is known. */
void kelvin_relay_break_off (KelvinRelay *self, KelvinDoorEnd end, int error);

G_END_DECLS
