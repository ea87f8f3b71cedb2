#include "engine/environment/relay-private.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>

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
  KelvinRelaySide *place = &self->sides[KELVIN_RELAY_PLACE];

  g_clear_pointer (&place->watch, kelvin_watch_remove);
  self->connected_ns = kelvin_relay_now_ns (self);
  self->answer_is_due = TRUE;
  hurry (place->fd);
  hurry (self->sides[KELVIN_RELAY_FUNCTION].fd);
  kelvin_relay_carry (self);
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
  KelvinRelaySide *place = &self->sides[KELVIN_RELAY_PLACE];
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

  kelvin_relay_close_side (&self->sides[KELVIN_RELAY_PLACE], FALSE);
  if (first == NULL)
    {
      kelvin_relay_break_off (self, KELVIN_DOOR_END_UNREACHABLE, error);
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
      kelvin_relay_break_off (self, KELVIN_DOOR_END_UNREACHABLE, 0);
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

void
kelvin_relay_connect (KelvinRelay *self)
{
  if (kelvin_relay_get_faults (self).refuse)
    {
      kelvin_relay_finish (self, KELVIN_DOOR_END_REFUSED, TRUE);
      return;
    }
  self->place =
      kelvin_door_keeper_take_place (self->host.keeper, self->host.function_dir, self->door,
                                     self->host.environment, look_cb, self, &self->holders);
  if (self->place == NULL)
    {
      kelvin_relay_finish (self, KELVIN_DOOR_END_CAPPED, TRUE);
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

void
kelvin_relay_look_whether_connected (KelvinRelay *self)
{
  KelvinRelaySide *place = &self->sides[KELVIN_RELAY_PLACE];
  struct pollfd connecting = { .fd = place->fd, .events = POLLOUT };

  if (self->connected_ns < 0 && place->watch != NULL && poll (&connecting, 1, 0) == 1)
    connect_cb (place->fd, EPOLLOUT, self);
}
