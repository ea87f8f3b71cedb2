#include "app/connection-report.h"

#include "app/figures.h"
#include "app/output.h"
#include "app/table.h"

/* More than a person reads; --json has them all. */
#define MOST 100

static char *
describe_end (const KelvinDoorRecord *record)
{
  const char *end = kelvin_door_end_to_string (record->end);

  if (record->holders != NULL)
    return g_strdup_printf ("%s, held by %s", end, record->holders);
  return record->error != NULL ? g_strdup_printf ("%s: %s", end, record->error) : g_strdup (end);
}

static void
add_connection (KelvinTable *table, const KelvinDoorRecord *record)
{
  g_autofree char *asked = kelvin_door_format_address (record->host, record->port);
  g_autofree char *at = g_strdup_printf ("%.3g", (double) record->opened_us / 1000);
  g_autofree char *connect = kelvin_format_ms (record->connect_us);
  g_autofree char *first = kelvin_format_ms (record->first_byte_us);
  g_autofree char *up = kelvin_format_count (record->bytes_up);
  g_autofree char *down = kelvin_format_count (record->bytes_down);
  g_autofree char *end = describe_end (record);

  kelvin_table_add (table, record->door, asked, record->to != NULL ? record->to : "–",
                    kelvin_door_record_is_reused (record) ? "reused" : at, connect, first, up, down,
                    end, NULL);
}

static void
print_refused (const GPtrArray *refused)
{
  for (guint i = 0; refused != NULL && i < refused->len; i++)
    {
      const KelvinRefusedDestination *destination = refused->pdata[i];

      kelvin_print ("no door leads to %s, which was asked for %u time%s\n", destination->host,
                    destination->times, destination->times == 1 ? "" : "s");
    }
}

void
kelvin_connection_report_print (const KelvinInvocation *invocation)
{
  const GPtrArray *connections = invocation->connections;
  guint n = connections != NULL ? connections->len : 0;
  guint more = (n > MOST ? n - MOST : 0) + invocation->connections_omitted;
  g_autoptr (KelvinTable) table = kelvin_table_new ("lllrrrrrl");
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, "connections");

  if (n == 0 && invocation->refused == NULL)
    return;
  kelvin_print ("\n%s\n", title);
  kelvin_table_add (table, "door", "asked for", "leads to", "at ms", "connect ms", "first byte ms",
                    "bytes up", "bytes down", "ended", NULL);
  for (guint i = 0; i < MIN (n, MOST); i++)
    add_connection (table, connections->pdata[i]);
  if (n > 0)
    kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  if (more > 0)
    kelvin_print ("and %u more\n", more);
  print_refused (invocation->refused);
}
