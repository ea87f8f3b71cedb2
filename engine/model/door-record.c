#include "engine/model/door-record.h"

#include "engine/model/door.h"
#include "engine/model/json-member.h"

#define HTTPS_PORT 443

static const char *const ends[] = {
  [KELVIN_DOOR_END_OPEN] = "open",
  [KELVIN_DOOR_END_FUNCTION] = "function",
  [KELVIN_DOOR_END_DESTINATION] = "destination",
  [KELVIN_DOOR_END_ENVIRONMENT] = "environment",
  [KELVIN_DOOR_END_UNREACHABLE] = "unreachable",
  [KELVIN_DOOR_END_REFUSED] = "refused",
  [KELVIN_DOOR_END_CAPPED] = "capped",
  [KELVIN_DOOR_END_CUT] = "cut",
};

KelvinDoorRecord *
kelvin_door_record_new (void)
{
  KelvinDoorRecord *self = g_new0 (KelvinDoorRecord, 1);

  self->connect_us = -1;
  self->first_byte_us = -1;
  self->duration_us = -1;
  self->end = KELVIN_DOOR_END_OPEN;
  return self;
}

void
kelvin_door_record_free (KelvinDoorRecord *self)
{
  if (self == NULL)
    return;

  g_free (self->door);
  g_free (self->host);
  g_free (self->to);
  g_free (self->error);
  g_free (self->holders);
  g_free (self);
}

gboolean
kelvin_door_record_is_reused (const KelvinDoorRecord *self)
{
  return self->opened_us < 0;
}

const char *
kelvin_door_end_to_string (KelvinDoorEnd end)
{
  return (guint) end < G_N_ELEMENTS (ends) ? ends[end] : NULL;
}

KelvinRefusedDestination *
kelvin_refused_destination_new (const char *host, guint times)
{
  KelvinRefusedDestination *self = g_new0 (KelvinRefusedDestination, 1);

  self->host = g_strdup (host);
  self->times = times;
  return self;
}

void
kelvin_refused_destination_free (KelvinRefusedDestination *self)
{
  if (self == NULL)
    return;

  g_free (self->host);
  g_free (self);
}

KelvinDoor *
kelvin_refused_destination_to_door (const KelvinRefusedDestination *self)
{
  KelvinDoor *door = g_new0 (KelvinDoor, 1);
  g_auto (GStrv) labels = g_strsplit (self->host, ".", 2);

  door->name = g_strdup (labels[0]);
  door->host = g_strdup (self->host);
  door->port = HTTPS_PORT;
  door->to_host = g_strdup (self->host);
  door->to_port = HTTPS_PORT;
  return door;
}

JsonNode *
kelvin_door_record_to_json (const KelvinDoorRecord *self, const char *environment,
                            gint64 started_at_us)
{
  JsonObject *object = json_object_new ();

  json_object_set_int_member (object, "number", (gint64) self->number);
  kelvin_json_set_string (object, "door", self->door);
  kelvin_json_set_string (object, "host", self->host);
  json_object_set_int_member (object, "port", self->port);
  kelvin_json_set_string (object, "to", self->to);
  kelvin_json_set_string (object, "environment", environment);
  json_object_set_boolean_member (object, "reused", kelvin_door_record_is_reused (self));
  kelvin_json_set_instant (object, "openedAt", started_at_us + self->opened_us);
  json_object_set_double_member (object, "openedMs", (double) self->opened_us / 1000);
  kelvin_json_set_ms (object, "connectMs", self->connect_us);
  kelvin_json_set_ms (object, "firstByteMs", self->first_byte_us);
  kelvin_json_set_ms (object, "durationMs", self->duration_us);
  json_object_set_int_member (object, "bytesUp", self->bytes_up);
  json_object_set_int_member (object, "bytesDown", self->bytes_down);
  kelvin_json_set_string (object, "ended", kelvin_door_end_to_string (self->end));
  kelvin_json_set_string (object, "error", self->error);
  if (self->holders != NULL)
    json_object_set_string_member (object, "heldBy", self->holders);

  return kelvin_json_take_object (object);
}

JsonNode *
kelvin_refused_destination_to_json (const KelvinRefusedDestination *self)
{
  JsonObject *object = json_object_new ();

  kelvin_json_set_string (object, "host", self->host);
  json_object_set_int_member (object, "times", self->times);

  return kelvin_json_take_object (object);
}
