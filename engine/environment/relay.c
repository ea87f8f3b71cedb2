#include "engine/environment/relay-private.h"

#include <string.h>

gint64
kelvin_relay_now_ns (KelvinRelay *self)
{
  return kelvin_clock_now_ns (self->host.clock);
}

KelvinRelay *
kelvin_relay_new (const KelvinRelayHost *host, const KelvinDoor *door, guint64 number, int fd)
{
  KelvinRelay *self = g_new0 (KelvinRelay, 1);

  self->host = *host;
  self->door = door;
  self->number = number;
  self->sides[KELVIN_RELAY_FUNCTION] = (KelvinRelaySide){ .relay = self, .fd = fd };
  self->sides[KELVIN_RELAY_PLACE] = (KelvinRelaySide){ .relay = self, .fd = -1 };
  self->end = KELVIN_DOOR_END_OPEN;
  self->opened_ns = kelvin_relay_now_ns (self);
  self->connected_ns = self->first_byte_ns = self->ended_ns = -1;
  if (door->to_host != NULL)
    self->to = kelvin_door_format_address (door->to_host, door->to_port);
  kelvin_relay_connect (self);
  return self;
}

void
kelvin_relay_free (KelvinRelay *self)
{
  if (self == NULL)
    return;

  if (!self->ended)
    kelvin_relay_finish (self, KELVIN_DOOR_END_ENVIRONMENT, TRUE);
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
  if (self->ended)
    return;
  kelvin_relay_look_whether_connected (self);
  kelvin_relay_carry (self);
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
  record->bytes_up = self->bytes[KELVIN_RELAY_FUNCTION] - self->told[KELVIN_RELAY_FUNCTION];
  record->bytes_down = self->bytes[KELVIN_RELAY_PLACE] - self->told[KELVIN_RELAY_PLACE];
  record->end = self->end;
  record->error = g_strdup (self->error);
  record->holders = g_strdup (self->holders);
  return record;
}

KelvinDoorRecord *
kelvin_relay_take_record (KelvinRelay *self, gint64 arrived_ns, gboolean environment_ends)
{
  gboolean passed = self->bytes[KELVIN_RELAY_FUNCTION] != self->told[KELVIN_RELAY_FUNCTION] ||
                    self->bytes[KELVIN_RELAY_PLACE] != self->told[KELVIN_RELAY_PLACE];

  if (environment_ends)
    kelvin_relay_note_end (self, KELVIN_DOOR_END_ENVIRONMENT);
  if (self->was_told && !passed && (self->end_was_told || self->ended_ns < 0))
    return NULL;

  KelvinDoorRecord *record = make_record (self, arrived_ns);

  self->was_told = TRUE;
  self->end_was_told = self->ended_ns >= 0;
  memcpy (self->told, self->bytes, sizeof self->told);
  return record;
}
