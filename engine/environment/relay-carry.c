#include "engine/environment/relay-private.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>

/* Others have their turn after so many rooms full. */
#define MOST_PER_TURN 8
#define NS_PER_MS G_GINT64_CONSTANT (1000000)

/* --- the end --- */

void
kelvin_relay_note_end (KelvinRelay *self, KelvinDoorEnd end)
{
  if (self->ended_ns >= 0)
    return;
  self->end = end;
  self->ended_ns = kelvin_relay_now_ns (self);
}

static void
return_place (KelvinRelay *self)
{
  kelvin_door_keeper_return_place (self->host.keeper, g_steal_pointer (&self->place));
}

void
kelvin_relay_close_side (KelvinRelaySide *side, gboolean reset)
{
  struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

  g_clear_pointer (&side->watch, kelvin_watch_remove);
  if (side->fd >= 0 && reset)
    (void) setsockopt (side->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  kelvin_fd_clear (&side->fd);
  g_clear_pointer (&side->waiting, g_bytes_unref);
}

/* Both sides are gone afterwards. */
void
kelvin_relay_finish (KelvinRelay *self, KelvinDoorEnd end, gboolean reset)
{
  kelvin_relay_note_end (self, end);
  self->ended = TRUE;
  g_clear_pointer (&self->delay, kelvin_timer_cancel);
  g_cancellable_cancel (self->cancellable);
  kelvin_relay_close_side (&self->sides[KELVIN_RELAY_FUNCTION], reset);
  kelvin_relay_close_side (&self->sides[KELVIN_RELAY_PLACE], reset);
  return_place (self);
}

/* The connection to the place failed or broke, as the system says. */
void
kelvin_relay_break_off (KelvinRelay *self, KelvinDoorEnd end, int error)
{
  if (self->error == NULL && error != 0)
    self->error = g_strdup (g_strerror (error));
  kelvin_relay_finish (self, end, TRUE);
}

/* --- watching both sides --- */

static void side_cb (int fd, guint32 events, gpointer user_data);

/* A side of which nothing is awaited isn't watched at all, or its end would be told again and
 * again. */
static void
await (KelvinRelaySide *side, guint32 events)
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
  for (KelvinRelaySideName name = KELVIN_RELAY_FUNCTION; name < KELVIN_RELAY_N_SIDES; name++)
    {
      KelvinRelaySide *side = &self->sides[name];
      const KelvinRelaySide *other = &self->sides[KELVIN_RELAY_N_SIDES - 1 - name];
      gboolean is_held = name == KELVIN_RELAY_PLACE && self->delay != NULL;
      gboolean reads = !side->has_finished && other->waiting == NULL && !is_held;

      await (side, (reads ? EPOLLIN : 0) | (side->waiting != NULL ? EPOLLOUT : 0));
    }
}

/* --- carrying --- */

KelvinDoorFaults
kelvin_relay_get_faults (KelvinRelay *self)
{
  return kelvin_door_keeper_get_faults (self->host.keeper, self->host.function_dir, self->door);
}

static void
delayed_cb (gpointer user_data)
{
  KelvinRelay *self = user_data;

  self->delay = NULL;
  self->answer_is_due = FALSE;
  kelvin_relay_carry (self);
}

/* Whether what comes from the place is held back for now. What is there is left there. */
static gboolean
is_delayed (KelvinRelay *self, const KelvinDoorFaults *faults)
{
  char byte = 0;

  if (self->delay != NULL)
    return TRUE;
  if (!self->answer_is_due || faults->delay_ms == 0 ||
      recv (self->sides[KELVIN_RELAY_PLACE].fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) != 1)
    return FALSE;
  self->delay = kelvin_clock_add (self->host.clock, KELVIN_TIME_MONOTONIC,
                                  (gint64) faults->delay_ms * NS_PER_MS, delayed_cb, self);
  return TRUE;
}

/* What was taken is gone, the rest waits. FALSE where @to has broken. */
static gboolean
give (KelvinRelaySide *to, const guint8 *data, gsize size)
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
give_waiting (KelvinRelaySide *to)
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
note_bytes (KelvinRelay *self, KelvinRelaySideName from, gsize size)
{
  if (from == KELVIN_RELAY_PLACE && self->first_byte_ns < 0)
    self->first_byte_ns = kelvin_relay_now_ns (self);
  self->answer_is_due = from == KELVIN_RELAY_FUNCTION;
  self->bytes[from] += (gint64) size;
}

/* The end of one direction is handed on when all before it was taken. */
static void
hand_on_end (KelvinRelaySide *from, KelvinRelaySide *to)
{
  if (!from->has_finished || to->was_told || to->waiting != NULL)
    return;
  to->was_told = TRUE;
  (void) shutdown (to->fd, SHUT_WR);
}

static void
take_end (KelvinRelay *self, KelvinRelaySideName from)
{
  self->sides[from].has_finished = TRUE;
  kelvin_relay_note_end (self, from == KELVIN_RELAY_FUNCTION ? KELVIN_DOOR_END_FUNCTION
                                                             : KELVIN_DOOR_END_DESTINATION);
  if (from == KELVIN_RELAY_FUNCTION)
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
  gint64 left = faults->cut_after_bytes - self->bytes[KELVIN_RELAY_FUNCTION] -
                self->bytes[KELVIN_RELAY_PLACE];

  if (faults->cut_after_bytes == 0)
    return KELVIN_DOOR_ROOM;
  return (gsize) CLAMP (left, 0, KELVIN_DOOR_ROOM);
}

static Carried
broke (KelvinRelay *self, KelvinRelaySideName who)
{
  kelvin_relay_break_off (
      self, who == KELVIN_RELAY_FUNCTION ? KELVIN_DOOR_END_FUNCTION : KELVIN_DOOR_END_DESTINATION,
      errno);
  return CARRIED_LAST;
}

static Carried
carry_some (KelvinRelay *self, KelvinRelaySideName from_name)
{
  KelvinRelaySide *from = &self->sides[from_name];
  KelvinRelaySide *to = &self->sides[KELVIN_RELAY_N_SIDES - 1 - from_name];
  KelvinDoorFaults faults = kelvin_relay_get_faults (self);
  guint8 *room = kelvin_door_keeper_get_room (self->host.keeper);
  gsize most = room_left (self, &faults);

  if (from->has_finished || to->waiting != NULL || most == 0)
    return CARRIED_NOTHING;
  if (from_name == KELVIN_RELAY_PLACE && is_delayed (self, &faults))
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
  return give (to, room, (gsize) size) ? CARRIED_SOME
                                       : broke (self, KELVIN_RELAY_N_SIDES - 1 - from_name);
}

/* When all that may pass has passed. FALSE when it is over. */
static gboolean
cut_if_due (KelvinRelay *self, const KelvinRelaySide *to)
{
  KelvinDoorFaults faults = kelvin_relay_get_faults (self);

  if (to->waiting != NULL || room_left (self, &faults) > 0)
    return TRUE;
  kelvin_relay_finish (self, KELVIN_DOOR_END_CUT, TRUE);
  return FALSE;
}

/* One direction. FALSE when it is over. */
static gboolean
carry_from (KelvinRelay *self, KelvinRelaySideName from)
{
  KelvinRelaySide *to = &self->sides[KELVIN_RELAY_N_SIDES - 1 - from];
  Carried carried = CARRIED_SOME;

  if (!give_waiting (to))
    carried = broke (self, KELVIN_RELAY_N_SIDES - 1 - from);
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
  return self->sides[KELVIN_RELAY_FUNCTION].was_told && self->sides[KELVIN_RELAY_PLACE].was_told;
}

void
kelvin_relay_carry (KelvinRelay *self)
{
  if (self->ended || self->connected_ns < 0)
    return;
  if (!carry_from (self, KELVIN_RELAY_FUNCTION) || !carry_from (self, KELVIN_RELAY_PLACE))
    return;
  if (is_over (self))
    kelvin_relay_finish (self, self->end, FALSE);
  else
    await_both (self);
}

static void
side_cb (int fd, guint32 events, gpointer user_data)
{
  kelvin_relay_carry (user_data);
}
