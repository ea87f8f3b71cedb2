#include "engine/model/door.h"

#include <gio/gio.h>
#include <string.h>

#include "engine/model/json-member.h"

#define LONGEST_NAME 253
#define LONGEST_LABEL 63

void
kelvin_door_free (KelvinDoor *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->host);
  g_free (self->to_host);
  g_free (self);
}

static gboolean
is_label_character (char c)
{
  return g_ascii_isalnum (c) || c == '-' || c == '_';
}

gboolean
kelvin_door_is_host_name (const char *text)
{
  gsize label = 0;

  if (strlen (text) > LONGEST_NAME || g_hostname_is_ip_address (text))
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '.' ? label == 0 : !is_label_character (*at))
        return FALSE;
      label = *at == '.' ? 0 : label + 1;
      if (label > LONGEST_LABEL)
        return FALSE;
    }
  return label > 0;
}

gboolean
kelvin_door_parse_address (const char *text, char **out_host, guint16 *out_port)
{
  const char *colon = strrchr (text, ':');
  guint64 port = 0;

  if (colon == NULL || !g_ascii_string_to_unsigned (colon + 1, 10, 1, 65535, &port, NULL))
    return FALSE;

  gboolean in_brackets = text[0] == '[' && colon > text + 1 && colon[-1] == ']';
  g_autofree char *host = in_brackets ? g_strndup (text + 1, (gsize) (colon - text) - 2)
                                      : g_strndup (text, (gsize) (colon - text));
  gboolean is_address = g_hostname_is_ip_address (host);

  if (in_brackets ? !is_address : strchr (host, ':') != NULL)
    return FALSE;
  if (!is_address && !kelvin_door_is_host_name (host))
    return FALSE;
  *out_host = g_steal_pointer (&host);
  *out_port = (guint16) port;
  return TRUE;
}

char *
kelvin_door_format_address (const char *host, guint16 port)
{
  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%u" : "%s:%u", host, port);
}

JsonNode *
kelvin_door_to_json (const KelvinDoor *self)
{
  JsonObject *object = json_object_new ();
  g_autofree char *to = kelvin_door_format_address (self->to_host, self->to_port);

  json_object_set_string_member (object, "Name", self->name);
  json_object_set_string_member (object, "Host", self->host);
  json_object_set_int_member (object, "Port", self->port);
  json_object_set_string_member (object, "To", to);
  if (self->faults.delay_ms > 0)
    json_object_set_int_member (object, "DelayMs", self->faults.delay_ms);
  if (self->faults.refuse)
    json_object_set_boolean_member (object, "Refuse", TRUE);
  if (self->faults.cut_after_bytes > 0)
    json_object_set_int_member (object, "CutAfterBytes", self->faults.cut_after_bytes);
  if (self->faults.cap > 0)
    json_object_set_int_member (object, "Cap", self->faults.cap);

  return kelvin_json_take_object (object);
}
