#include "engine/own-endpoint.h"

#include <string.h>

#include "engine/events/endpoint.h"

struct _KelvinOwnEndpoint {
  KelvinDoorKeeper *doors;
  KelvinEndpoint *endpoint; /* NULL before anyone connected */
};

#define SCHEME "http://"

static void
refuse_cb (KelvinEndpointCall *call, gpointer user_data)
{
  g_autofree char *message =
      g_strdup_printf ("Function not found: %s: nothing is served here; functions that call each "
                       "other are run by `kelvin serve DIR…`",
                       kelvin_endpoint_call_get_function (call));

  kelvin_endpoint_call_refuse (call, 404, "ResourceNotFoundException", message);
}

static void
start_cb (gpointer user_data)
{
  KelvinOwnEndpoint *self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *url = NULL;

  if (self->endpoint == NULL)
    self->endpoint = kelvin_endpoint_new (refuse_cb, self);
  if (kelvin_endpoint_listen (self->endpoint, "127.0.0.1", 0, &url, &error))
    kelvin_door_keeper_set_endpoint (self->doors, url + strlen (SCHEME));
  else
    g_warning ("Functions can't reach Kelvin's own endpoint: %s", error->message);
}

KelvinOwnEndpoint *
kelvin_own_endpoint_new (KelvinDoorKeeper *doors)
{
  KelvinOwnEndpoint *self = g_new0 (KelvinOwnEndpoint, 1);

  self->doors = doors;
  kelvin_door_keeper_set_endpoint_func (doors, start_cb, self);
  return self;
}

gboolean
kelvin_own_endpoint_is_busy (KelvinOwnEndpoint *self)
{
  return self->endpoint != NULL && kelvin_endpoint_has_calls (self->endpoint);
}

void
kelvin_own_endpoint_free (KelvinOwnEndpoint *self)
{
  if (self == NULL)
    return;

  kelvin_door_keeper_set_endpoint_func (self->doors, NULL, NULL);
  kelvin_door_keeper_set_endpoint (self->doors, NULL);
  g_clear_pointer (&self->endpoint, kelvin_endpoint_free);
  g_free (self);
}
