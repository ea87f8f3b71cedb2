/* The parts of a plan that make the ways out of a sandbox: what doors.c listens on, and the
 * network. */

#include "engine/environment/doors.h"
#include "engine/environment/sandbox-network.h"
#include "engine/environment/sandbox-plan-private.h"

static char *
address_text (GPtrArray *doors, guint index)
{
  guint8 address[4];

  kelvin_doors_get_address (doors, index, address);
  return g_strdup_printf ("%u.%u.%u.%u", address[0], address[1], address[2], address[3]);
}

/* Most functions ask for names by way of this file, which is quicker than the resolver. */
void
kelvin_sandbox_plan_add_host_names (KelvinSandboxPlan *self, GPtrArray *doors)
{
  g_autoptr (GString) text = g_string_new ("127.0.0.1 localhost\n");

  for (guint i = 0; i < doors->len; i++)
    {
      const KelvinDoor *door = g_ptr_array_index (doors, i);
      g_autofree char *address = address_text (doors, i);
      g_autofree char *line = g_strdup_printf ("%s %s\n", address, door->host);

      /* Doors of one host differ by their ports alone. */
      if (strstr (text->str, line) == NULL)
        g_string_append (text, line);
    }
  kelvin_sandbox_plan_add_file (self, "/etc/hosts", text->str);
}

static void
add_listener (KelvinSandboxPlan *self, const char *address, guint16 port, KelvinListenFlags flags)
{
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_LISTEN,
                                                    .flags = (guint8) flags,
                                                    .number = port,
                                                    .source = (char *) address });
}

void
kelvin_sandbox_plan_add_doors (KelvinSandboxPlan *self, GPtrArray *doors, gboolean resolver)
{
  add_listener (self, KELVIN_OWN_DOOR_ADDRESS, KELVIN_OWN_DOOR_PORT, 0);
  for (guint i = 0; i < doors->len; i++)
    {
      g_autofree char *address = address_text (doors, i);

      add_listener (self, address, ((KelvinDoor *) doors->pdata[i])->port, 0);
    }
  if (!resolver)
    return;
  add_listener (self, KELVIN_RESOLVER_ADDRESS, KELVIN_RESOLVER_PORT, KELVIN_LISTEN_DATAGRAM);
  add_listener (self, KELVIN_RESOLVER_ADDRESS, KELVIN_RESOLVER_PORT, 0);
}

void
kelvin_sandbox_plan_add_resolver (KelvinSandboxPlan *self, gboolean internet)
{
  kelvin_sandbox_plan_add_file (self, "/etc/resolv.conf",
                                internet ? "nameserver " KELVIN_NETWORK_RESOLVER "\n"
                                         : "nameserver " KELVIN_RESOLVER_ADDRESS "\n"
                                           "options timeout:2 attempts:1\n");
}

void
kelvin_sandbox_plan_add_internet (KelvinSandboxPlan *self)
{
  self->shows_network = TRUE;
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_NETWORK,
                                                    .number = KELVIN_NETWORK_MOST_MS,
                                                    .source = (char *) KELVIN_NETWORK_DEVICE });
}
