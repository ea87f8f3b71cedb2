#include "config.h"

#include "ui/connection-words.h"

#include <glib/gi18n-lib.h>

#include "engine/model/run.h"
#include "ui/charts/duration.h"

char *
kelvin_describe_connection (const KelvinDoorRecord *record)
{
  /* Translators: a door's name and the address that it leads to */
  return record->to != NULL ? g_strdup_printf (_ ("%s → %s"), record->door, record->to)
                            : g_strdup (record->door);
}

char *
kelvin_describe_connection_asked (const KelvinDoorRecord *record)
{
  g_autofree char *host = kelvin_door_format_address (record->host, record->port);

  /* Translators: %s is a host and port */
  return kelvin_door_record_is_reused (record) ? g_strdup_printf (_ ("%s, opened earlier"), host)
                                               : g_steal_pointer (&host);
}

static char *
dup_duration (gint64 us)
{
  return kelvin_format_duration (kelvin_us_to_ms (us));
}

static void
add (GString *text, char *part)
{
  if (part != NULL)
    g_string_append_printf (text, "%s%s", text->len > 0 ? " · " : "", part);
  g_free (part);
}

static char *
describe_bytes (const KelvinDoorRecord *record)
{
  g_autofree char *down = g_format_size ((guint64) record->bytes_down);
  g_autofree char *up = g_format_size ((guint64) record->bytes_up);

  /* Translators: how much came to the function, and how much went from it: "190 bytes" */
  return g_strdup_printf (_ ("%s in, %s out"), down, up);
}

char *
kelvin_describe_connection_use (const KelvinDoorRecord *record)
{
  GString *text = g_string_new (NULL);
  gboolean reused = kelvin_door_record_is_reused (record);

  if (record->connect_us >= 0 && !reused)
    {
      g_autofree char *connect = dup_duration (record->connect_us);

      /* Translators: how long connecting took */
      add (text, g_strdup_printf (_ ("connect %s"), connect));
    }
  if (record->first_byte_us >= 0 && !reused)
    {
      g_autofree char *first = dup_duration (record->first_byte_us);

      /* Translators: how long it took until the first byte came */
      add (text, g_strdup_printf (_ ("first byte %s"), first));
    }
  if (record->connect_us >= 0)
    add (text, describe_bytes (record));
  return g_string_free (text, FALSE);
}

gboolean
kelvin_connection_failed (const KelvinDoorRecord *record)
{
  switch (record->end)
    {
    case KELVIN_DOOR_END_UNREACHABLE:
    case KELVIN_DOOR_END_REFUSED:
    case KELVIN_DOOR_END_CAPPED:
    case KELVIN_DOOR_END_CUT:
      return TRUE;
    case KELVIN_DOOR_END_OPEN:
    case KELVIN_DOOR_END_FUNCTION:
    case KELVIN_DOOR_END_DESTINATION:
    case KELVIN_DOOR_END_ENVIRONMENT:
    default:
      return record->error != NULL;
    }
}

char *
kelvin_describe_connection_end (const KelvinDoorRecord *record)
{
  switch (record->end)
    {
    case KELVIN_DOOR_END_OPEN:
      return g_strdup (_ ("still open"));
    case KELVIN_DOOR_END_FUNCTION:
      return g_strdup (_ ("closed by the function"));
    case KELVIN_DOOR_END_DESTINATION:
      return record->error != NULL
                 /* Translators: what the system said */
                 ? g_strdup_printf (_ ("broken off by the other side: %s"), record->error)
                 : g_strdup (_ ("closed by the other side"));
    case KELVIN_DOOR_END_ENVIRONMENT:
      return g_strdup (_ ("ended with its environment"));
    case KELVIN_DOOR_END_UNREACHABLE:
      /* Translators: what the system said */
      return g_strdup_printf (_ ("nobody there: %s"), record->error != NULL ? record->error : "");
    case KELVIN_DOOR_END_REFUSED:
      return g_strdup (_ ("refused, as the door is set"));
    case KELVIN_DOOR_END_CAPPED:
      /* Translators: environments, "env 1 (2), env 3" */
      return g_strdup_printf (_ ("refused: the door’s cap is held by %s"),
                              record->holders != NULL ? record->holders : "–");
    case KELVIN_DOOR_END_CUT:
      return g_strdup (_ ("cut, as the door is set"));
    default:
      g_return_val_if_reached (NULL);
    }
}

char *
kelvin_describe_refused (const KelvinRefusedDestination *refused)
{
  /* Translators: a host, and how often it was asked for */
  return g_strdup_printf (ngettext ("No door leads to %s, which it asked for",
                                    "No door leads to %s, which it asked for %u times",
                                    refused->times),
                          refused->host, refused->times);
}

char *
kelvin_describe_faults (const KelvinDoorFaults *faults)
{
  GString *text = g_string_new (NULL);
  g_autofree char *bytes = g_format_size ((guint64) faults->cut_after_bytes);

  if (faults->refuse)
    add (text, g_strdup (_ ("refuses every connection")));
  if (faults->delay_ms > 0)
    /* Translators: milliseconds */
    add (text, g_strdup_printf (_ ("each answer %u ms later"), faults->delay_ms));
  if (faults->cut_after_bytes > 0)
    /* Translators: a size */
    add (text, g_strdup_printf (_ ("cuts after %s"), bytes));
  if (faults->cap > 0)
    add (text, g_strdup_printf (_ ("at most %u at once"), faults->cap));
  if (text->len > 0)
    return g_string_free (text, FALSE);

  g_string_free (text, TRUE);
  return NULL;
}
