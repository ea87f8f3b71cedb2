#include "engine/fake-service.h"

#include <string.h>

struct _KelvinFakeService {
  GSocketService *listener;
  GCancellable *cancellable; /* of all connections */
  guint16 port;
};

/* One connection: it refers to nothing of the service but its cancellable. */
typedef struct {
  GSocketConnection *connection;
  GCancellable *cancellable;
  char room[4096];
} Client;

static const char http_answer[] = "HTTP/1.1 200 OK\r\n"
                                  "Content-Type: application/json\r\n"
                                  "Content-Length: 2\r\n"
                                  "\r\n"
                                  "{}";
static const char line_answer[] = "OK\n";

static void read_next (Client *client);

static void
client_free (Client *client)
{
  g_object_unref (client->connection);
  g_object_unref (client->cancellable);
  g_free (client);
}

static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;

  if (g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    read_next (client);
  else
    client_free (client);
}

static gboolean
is_http (const char *data, gssize length)
{
  return g_strstr_len (data, length, " HTTP/1.") != NULL;
}

/* A request that comes in pieces is answered once for each: what drills send is small. */
static void
read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Client *client = user_data;
  gssize length = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
  const char *answer;

  if (length <= 0)
    {
      client_free (client);
      return;
    }
  answer = is_http (client->room, length) ? http_answer : line_answer;
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (client->connection)),
                                   answer, strlen (answer), G_PRIORITY_DEFAULT, client->cancellable,
                                   written_cb, client);
}

static void
read_next (Client *client)
{
  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (client->connection)),
                             client->room, sizeof client->room, G_PRIORITY_DEFAULT,
                             client->cancellable, read_cb, client);
}

static gboolean
incoming_cb (GSocketService *listener, GSocketConnection *connection, GObject *source,
             gpointer user_data)
{
  KelvinFakeService *self = user_data;
  Client *client = g_new0 (Client, 1);

  client->connection = g_object_ref (connection);
  client->cancellable = g_object_ref (self->cancellable);
  read_next (client);

  return TRUE;
}

KelvinFakeService *
kelvin_fake_service_new (GError **error)
{
  g_autoptr (GSocketService) listener = g_socket_service_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) wanted = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) found = NULL;
  KelvinFakeService *self;

  if (!g_socket_listener_add_address (G_SOCKET_LISTENER (listener), wanted, G_SOCKET_TYPE_STREAM,
                                      G_SOCKET_PROTOCOL_TCP, NULL, &found, error))
    return NULL;
  self = g_new0 (KelvinFakeService, 1);
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (found));
  self->cancellable = g_cancellable_new ();
  self->listener = g_steal_pointer (&listener);
  g_signal_connect (self->listener, "incoming", G_CALLBACK (incoming_cb), self);

  return self;
}

void
kelvin_fake_service_free (KelvinFakeService *self)
{
  g_cancellable_cancel (self->cancellable);
  g_signal_handlers_disconnect_by_data (self->listener, self);
  g_socket_service_stop (self->listener);
  g_socket_listener_close (G_SOCKET_LISTENER (self->listener));
  g_object_unref (self->listener);
  g_object_unref (self->cancellable);
  g_free (self);
}

guint16
kelvin_fake_service_get_port (KelvinFakeService *self)
{
  return self->port;
}
