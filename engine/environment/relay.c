#include "engine/environment/relay.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <gio/gio.h>

#include "engine/fd.h"

typedef enum {
  SIDE_FUNCTION,
  SIDE_PLACE, /* where the door leads */
  N_SIDES,
} SideName;

typedef struct {
  KelvinRelay *relay;
  KelvinFd fd;
  KelvinWatch *watch; /* NULL while nothing is awaited of it */
  guint32 awaited;
  GBytes *waiting;       /* came from the other side, and isn't taken yet; NULL: nothing */
  gboolean has_finished; /* no more comes from it */
  gboolean was_told;     /* that no more comes from the other one */
} Side;

struct _KelvinRelay {
  KelvinRelayHost host;
  const KelvinDoor *door;
  guint64 number;
  char *to;
  Side sides[N_SIDES];
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
  gint64 connected_ns;   /* -1 before */
  gint64 first_byte_ns;  /* likewise */
  gint64 ended_ns;       /* the first that ended it; -1 before */
  gint64 bytes[N_SIDES]; /* that came from each */
  gint64 told[N_SIDES];  /* of them, those that were in a record */
};

/* Others have their turn after so many rooms full. */
#define MOST_PER_TURN 8
#define NS_PER_MS G_GINT64_CONSTANT (1000000)

static void carry (KelvinRelay *self);

static gint64
now_ns (KelvinRelay *self)
{
  return kelvin_clock_now_ns (self->host.clock);
}

/* --- the end --- */

static void
note_end (KelvinRelay *self, KelvinDoorEnd end)
{
  if (self->ended_ns >= 0)
    return;
  self->end = end;
  self->ended_ns = now_ns (self);
}

static void
return_place (KelvinRelay *self)
{
  kelvin_door_keeper_return_place (self->host.keeper, g_steal_pointer (&self->place));
}

static void
close_side (Side *side, gboolean reset)
{
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  g_clear_pointer (&side->watch, kelvin_watch_remove);
  if (side->fd >= 0 && reset)
    (void) setsockopt (side->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  kelvin_fd_clear (&side->fd);
  g_clear_pointer (&side->waiting, g_bytes_unref);
}

/* Both sides are gone afterwards. */
static void
finish (KelvinRelay *self, KelvinDoorEnd end, gboolean reset)
{
  note_end (self, end);
  self->ended = TRUE;
  g_clear_pointer (&self->delay, kelvin_timer_cancel);
  g_cancellable_cancel (self->cancellable);
  close_side (&self->sides[SIDE_FUNCTION], reset);
  close_side (&self->sides[SIDE_PLACE], reset);
  return_place (self);
}

/* The connection to the place failed or broke, as the system says. */
static void
break_off (KelvinRelay *self, KelvinDoorEnd end, int error)
{
  if (self->error == NULL && error != 0)
    self->error = g_strdup (g_strerror (error));
  finish (self, end, TRUE);
}

/* --- watching both sides --- */

static void side_cb (int fd, guint32 events, gpointer user_data);

/* A side of which nothing is awaited isn't watched at all, or its end would be told again and
 * again. */
static void
await (Side *side, guint32 events)
{
  if (events == side->awaited)
    return;
  side->awaited = events;
  if (events == 0)
    g_clear_pointer (&side->watch, kelvin_watch_remove);
  else if (side->watch != NULL)
    kelvin_watch_set_events (side->watch, events);
  else
    side->watch =
        kelvin_poller_add (side->relay->host.poller, side->fd, events, side_cb, side->relay);
}

static void
await_both (KelvinRelay *self)
{
  for (SideName name = SIDE_FUNCTION; name < N_SIDES; name++)
    {
      Side *side = &self->sides[name];
      const Side *other = &self->sides[N_SIDES - 1 - name];
      gboolean is_held = name == SIDE_PLACE && self->delay != NULL;
      gboolean reads = !side->has_finished && other->waiting == NULL && !is_held;

      await (side, (reads ? EPOLLIN : 0) | (side->waiting != NULL ? EPOLLOUT : 0));
    }
}

/* --- carrying --- */

static KelvinDoorFaults
faults_of (KelvinRelay *self)
{
  return kelvin_door_keeper_get_faults (self->host.keeper, self->host.function_dir, self->door);
}

static void
delayed_cb (gpointer user_data)
{
  KelvinRelay *self = user_data;

  self->delay = NULL;
  self->answer_is_due = FALSE;
  carry (self);
}

/* Whether what comes from the place is held back for now. What is there is left there. */
static gboolean
is_delayed (KelvinRelay *self, const KelvinDoorFaults *faults)
{
  char byte = 0;

  if (self->delay != NULL)
    return TRUE;
  if (!self->answer_is_due || faults->delay_ms == 0 ||
      recv (self->sides[SIDE_PLACE].fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 1)
    return FALSE;
  self->delay = kelvin_clock_add (self->host.clock, KELVIN_TIME_MONOTONIC,
                                  (gint64) faults->delay_ms * NS_PER_MS, delayed_cb, self);
  return TRUE;
}

/* What was taken is gone, the rest waits. FALSE where @to has broken. */
static gboolean
give (Side *to, const guint8 *data, gsize size)
{
  gssize taken = send (to->fd, data, size, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (taken < 0 && errno != EAGAIN && errno != EINTR)
    return FALSE;
  if (taken < 0)
    taken = 0;
  if ((gsize) taken < size)
    to->waiting = g_bytes_new (data + taken, size - (gsize) taken);
  return TRUE;
}

static gboolean
give_waiting (Side *to)
{
  g_autoptr (GBytes) waiting = g_steal_pointer (&to->waiting);
  gsize size = 0;
  const guint8 *data = NULL;

  if (waiting == NULL)
    return TRUE;
  data = g_bytes_get_data (waiting, &size);
  return give (to, data, size);
}

static void
note_bytes (KelvinRelay *self, SideName from, gsize size)
{
  if (from == SIDE_PLACE && self->first_byte_ns < 0)
    self->first_byte_ns = now_ns (self);
  self->answer_is_due = from == SIDE_FUNCTION;
  self->bytes[from] += (gint64) size;
}

/* The end of one direction is handed on when all before it was taken. */
static void
hand_on_end (Side *from, Side *to)
{
  if (!from->has_finished || to->was_told || to->waiting != NULL)
    return;
  to->was_told = TRUE;
  (void) shutdown (to->fd, SHUT_WR);
}

static void
take_end (KelvinRelay *self, SideName from)
{
  self->sides[from].has_finished = TRUE;
  note_end (self, from == SIDE_FUNCTION ? KELVIN_DOOR_END_FUNCTION : KELVIN_DOOR_END_DESTINATION);
  if (from == SIDE_FUNCTION)
    return_place (self);
}

typedef enum {
  CARRIED_NOTHING, /* nothing there, or no room at the other side */
  CARRIED_SOME,
  CARRIED_LAST, /* it is over */
} Carried;

/* How much may pass before the door cuts. */
static gsize
room_left (KelvinRelay *self, const KelvinDoorFaults *faults)
{
  gint64 left = faults->cut_after_bytes - self->bytes[SIDE_FUNCTION] - self->bytes[SIDE_PLACE];

  if (faults->cut_after_bytes == 0)
    return KELVIN_DOOR_ROOM;
  return (gsize) CLAMP (left, 0, KELVIN_DOOR_ROOM);
}

static Carried
broke (KelvinRelay *self, SideName who)
{
  break_off (self, who == SIDE_FUNCTION ? KELVIN_DOOR_END_FUNCTION : KELVIN_DOOR_END_DESTINATION,
             errno);
  return CARRIED_LAST;
}

static Carried
carry_some (KelvinRelay *self, SideName from_name)
{
  Side *from = &self->sides[from_name];
  Side *to = &self->sides[N_SIDES - 1 - from_name];
  KelvinDoorFaults faults = faults_of (self);
  guint8 *room = kelvin_door_keeper_get_room (self->host.keeper);
  gsize most = room_left (self, &faults);

  if (from->has_finished || to->waiting != NULL || most == 0)
    return CARRIED_NOTHING;
  if (from_name == SIDE_PLACE && is_delayed (self, &faults))
    return CARRIED_NOTHING;
  gssize size = recv (from->fd, room, most, MSG_DONTWAIT);
  if (size < 0)
    return errno == EAGAIN || errno == EINTR ? CARRIED_NOTHING : broke (self, from_name);
  if (size == 0)
    {
      take_end (self, from_name);
      return CARRIED_NOTHING;
    }
  note_bytes (self, from_name, (gsize) size);
  return give (to, room, (gsize) size) ? CARRIED_SOME : broke (self, N_SIDES - 1 - from_name);
}

/* When all that may pass has passed. FALSE when it is over. */
static gboolean
cut_if_due (KelvinRelay *self, const Side *to)
{
  KelvinDoorFaults faults = faults_of (self);

  if (to->waiting != NULL || room_left (self, &faults) > 0)
    return TRUE;
  finish (self, KELVIN_DOOR_END_CUT, TRUE);
  return FALSE;
}

/* One direction. FALSE when it is over. */
static gboolean
carry_from (KelvinRelay *self, SideName from)
{
  Side *to = &self->sides[N_SIDES - 1 - from];
  Carried carried = CARRIED_SOME;

  if (!give_waiting (to))
    carried = broke (self, N_SIDES - 1 - from);
  for (guint i = 0; i < MOST_PER_TURN && carried == CARRIED_SOME; i++)
    carried = carry_some (self, from);
  if (carried == CARRIED_LAST || !cut_if_due (self, to))
    return FALSE;
  hand_on_end (&self->sides[from], to);
  return TRUE;
}

static gboolean
is_over (KelvinRelay *self)
{
  return self->sides[SIDE_FUNCTION].was_told && self->sides[SIDE_PLACE].was_told;
}

static void
carry (KelvinRelay *self)
{
  if (self->ended || self->connected_ns < 0)
    return;
  if (!carry_from (self, SIDE_FUNCTION) || !carry_from (self, SIDE_PLACE))
    return;
  if (is_over (self))
    finish (self, self->end, FALSE);
  else
    await_both (self);
}

static void
side_cb (int fd, guint32 events, gpointer user_data)
{
  carry (user_data);
}

/* --- connecting --- */

static void try_next_address (KelvinRelay *self, int error);

static void
hurry (int fd)
{
  int on = 1;

  /* Whoever writes in small pieces has decided so already. */
  (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static void
connected (KelvinRelay *self)
{
  Side *place = &self->sides[SIDE_PLACE];

  g_clear_pointer (&place->watch, kelvin_watch_remove);
  self->connected_ns = now_ns (self);
  self->answer_is_due = TRUE;
  hurry (place->fd);
  hurry (self->sides[SIDE_FUNCTION].fd);
  carry (self);
}

static void
connect_cb (int fd, guint32 events, gpointer user_data)
{
  KelvinRelay *self = user_data;
  int error = 0;
  socklen_t length = sizeof error;

  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &error, &length) != 0)
    error = errno;
  if (error == 0)
    connected (self);
  else
    try_next_address (self, error);
}

static void
connect_to (KelvinRelay *self, GInetAddress *address)
{
  g_autoptr (GSocketAddress) whole = g_inet_socket_address_new (address, self->to_port);
  Side *place = &self->sides[SIDE_PLACE];
  struct sockaddr_storage native;
  gssize size = g_socket_address_get_native_size (whole);

  if (!g_socket_address_to_native (whole, &native, sizeof native, NULL))
    {
      try_next_address (self, EINVAL);
      return;
    }
  place->fd = socket (native.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (place->fd >= 0 && connect (place->fd, (struct sockaddr *) &native, (socklen_t) size) == 0)
    connected (self);
  else if (place->fd >= 0 && errno == EINPROGRESS)
    place->watch = kelvin_poller_add (self->host.poller, place->fd, EPOLLOUT, connect_cb, self);
  else
    try_next_address (self, errno);
}

static void
try_next_address (KelvinRelay *self, int error)
{
  GList *first = self->addresses;

  close_side (&self->sides[SIDE_PLACE], FALSE);
  if (first == NULL)
    {
      break_off (self, KELVIN_DOOR_END_UNREACHABLE, error);
      return;
    }

  g_autoptr (GInetAddress) address = first->data;

  self->addresses = g_list_delete_link (self->addresses, first);
  connect_to (self, address);
}

static void
looked_up_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);

  /* It is gone. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  KelvinRelay *self = user_data;

  self->addresses = addresses;
  if (error != NULL)
    self->error = g_strdup (error->message);
  try_next_address (self, 0);
}

static void
look_up (KelvinRelay *self, const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);
  g_autoptr (GResolver) resolver = NULL;

  if (address != NULL)
    {
      connect_to (self, address);
      return;
    }
  resolver = g_resolver_get_default ();
  self->cancellable = g_cancellable_new ();
  g_resolver_lookup_by_name_async (resolver, host, self->cancellable, looked_up_cb, self);
}

static void
connect_to_endpoint (KelvinRelay *self)
{
  const char *address = kelvin_door_keeper_get_endpoint (self->host.keeper);
  g_autofree char *host = NULL;

  if (address == NULL || !kelvin_door_parse_address (address, &host, &self->to_port))
    {
      self->error = g_strdup ("Kelvin's own endpoint isn't there");
      break_off (self, KELVIN_DOOR_END_UNREACHABLE, 0);
      return;
    }
  self->to = g_strdup (address);
  look_up (self, host);
}

static void
look_cb (gpointer user_data)
{
  kelvin_relay_drain (user_data);
}

static void
begin (KelvinRelay *self)
{
  if (faults_of (self).refuse)
    {
      finish (self, KELVIN_DOOR_END_REFUSED, TRUE);
      return;
    }
  self->place =
      kelvin_door_keeper_take_place (self->host.keeper, self->host.function_dir, self->door,
                                     self->host.environment, look_cb, self, &self->holders);
  if (self->place == NULL)
    {
      finish (self, KELVIN_DOOR_END_CAPPED, TRUE);
      return;
    }
  if (self->door->to_host == NULL)
    {
      connect_to_endpoint (self);
      return;
    }
  self->to_port =
      kelvin_door_keeper_get_destination (self->host.keeper, self->host.function_dir, self->door);
  if (self->to_port != 0)
    {
      g_free (self->to);
      self->to = kelvin_door_format_address ("127.0.0.1", self->to_port);
      look_up (self, "127.0.0.1");
      return;
    }
  self->to_port = self->door->to_port;
  look_up (self, self->door->to_host);
}

/* --- public --- */

KelvinRelay *
kelvin_relay_new (const KelvinRelayHost *host, const KelvinDoor *door, guint64 number, int fd)
{
  KelvinRelay *self = g_new0 (KelvinRelay, 1);

  self->host = *host;
  self->door = door;
  self->number = number;
  self->sides[SIDE_FUNCTION] = (Side){ .relay = self, .fd = fd };
  self->sides[SIDE_PLACE] = (Side){ .relay = self, .fd = -1 };
  self->end = KELVIN_DOOR_END_OPEN;
  self->opened_ns = now_ns (self);
  self->connected_ns = self->first_byte_ns = self->ended_ns = -1;
  if (door->to_host != NULL)
    self->to = kelvin_door_format_address (door->to_host, door->to_port);
  begin (self);
  return self;
}

void
kelvin_relay_free (KelvinRelay *self)
{
  if (self == NULL)
    return;

  if (!self->ended)
    finish (self, KELVIN_DOOR_END_ENVIRONMENT, TRUE);
  g_clear_object (&self->cancellable);
  g_list_free_full (self->addresses, g_object_unref);
  g_free (self->to);
  g_free (self->error);
  g_free (self->holders);
  g_free (self);
}

gboolean
kelvin_relay_has_ended (KelvinRelay *self)
{
  return self->ended;
}

void
kelvin_relay_drain (KelvinRelay *self)
{
  Side *place = &self->sides[SIDE_PLACE];
  struct pollfd connecting = { .fd = place->fd, .events = POLLOUT };

  if (self->ended)
    return;
  if (self->connected_ns < 0 && place->watch != NULL && poll (&connecting, 1, 0) == 1)
    connect_cb (place->fd, EPOLLOUT, self);
  carry (self);
}

static gint64
since_opening_us (KelvinRelay *self, gint64 at_ns)
{
  return at_ns >= 0 ? (at_ns - self->opened_ns) / 1000 : -1;
}

static KelvinDoorRecord *
make_record (KelvinRelay *self, gint64 arrived_ns)
{
  KelvinDoorRecord *record = kelvin_door_record_new ();

  record->number = self->number;
  record->door = g_strdup (self->door->name);
  record->host = g_strdup (self->door->host);
  record->port = self->door->port;
  record->to = g_strdup (self->to);
  record->opened_us = (self->opened_ns - arrived_ns) / 1000;
  record->connect_us = since_opening_us (self, self->connected_ns);
  record->first_byte_us = since_opening_us (self, self->first_byte_ns);
  record->duration_us = since_opening_us (self, self->ended_ns);
  record->bytes_up = self->bytes[SIDE_FUNCTION] - self->told[SIDE_FUNCTION];
  record->bytes_down = self->bytes[SIDE_PLACE] - self->told[SIDE_PLACE];
  record->end = self->end;
  record->error = g_strdup (self->error);
  record->holders = g_strdup (self->holders);
  return record;
}

KelvinDoorRecord *
kelvin_relay_take_record (KelvinRelay *self, gint64 arrived_ns, gboolean environment_ends)
{
  gboolean passed = self->bytes[SIDE_FUNCTION] != self->told[SIDE_FUNCTION] ||
                    self->bytes[SIDE_PLACE] != self->told[SIDE_PLACE];

  if (environment_ends)
    note_end (self, KELVIN_DOOR_END_ENVIRONMENT);
  if (self->was_told && !passed && (self->end_was_told || self->ended_ns < 0))
    return NULL;

  KelvinDoorRecord *record = make_record (self, arrived_ns);

  self->was_told = TRUE;
  self->end_was_told = self->ended_ns >= 0;
  memcpy (self->told, self->bytes, sizeof self->told);
  return record;
}
