#include "engine/environment/doors.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "engine/environment/name-server.h"
#include "engine/environment/relay.h"
#include "engine/fd.h"

/* A door, and the socket on which the sandbox waits for connections to it. */
typedef struct {
  KelvinDoors *doors;
  const KelvinDoor *door;
  KelvinFd fd;
  KelvinWatch *watch; /* NULL while connections can't be taken */
} Listener;

struct _KelvinDoors {
  KelvinRelayHost host;
  KelvinFunction *function;
  KelvinNameServer *resolver; /* NULL where the network has another */
  GPtrArray *listeners;       /* of Listener */
  KelvinTimer *rest;          /* NULL: connections can be taken */

  guint64 last_number;
  GPtrArray *relays;   /* of KelvinRelay, in the order of their opening */
  guint omitted;       /* ended since the last record, and more than are kept */
  GHashTable *refused; /* name → number of times, since the last record */
  guint refused_omitted;
};

/* What the record of an attempt holds of connections and of names; the rest is counted. */
#define MOST_RECORDS 1000
#define MOST_NAMES 100
/* How many are taken at once: a function may open them faster than anyone can use them. */
#define MOST_PER_TURN 64
/* How long to wait when the machine has no descriptors left. */
#define REST_NS (G_GINT64_CONSTANT (100) * 1000000)

static const KelvinDoor own_door = {
  .name = (char *) KELVIN_OWN_DOOR,
  .host = (char *) KELVIN_OWN_DOOR_ADDRESS,
  .port = KELVIN_OWN_DOOR_PORT,
};

void
kelvin_doors_get_address (GPtrArray *doors, guint index, guint8 *out_address)
{
  const KelvinDoor *door = g_ptr_array_index (doors, index);
  guint first = 0;

  while (strcmp (((KelvinDoor *) doors->pdata[first])->host, door->host) != 0)
    first++;
  memcpy (out_address, (guint8[]){ 127, 0, 1, (guint8) (first + 1) }, 4);
}

/* --- names --- */

/* Most clients ask for both kinds of address at once: that is one time. */
static void
note_refused (KelvinDoors *self, const char *name, KelvinDnsType type)
{
  guint times = GPOINTER_TO_UINT (g_hash_table_lookup (self->refused, name));

  if (times == 0 && g_hash_table_size (self->refused) >= MOST_NAMES)
    self->refused_omitted++;
  else if (times == 0 || type == KELVIN_DNS_TYPE_A)
    g_hash_table_insert (self->refused, g_strdup (name), GUINT_TO_POINTER (times + 1));
}

static gboolean
find_name_cb (const char *name, KelvinDnsType type, guint8 *out_address, gpointer user_data)
{
  KelvinDoors *self = user_data;
  GPtrArray *doors = kelvin_function_get_doors (self->function);

  if (strcmp (name, "localhost") == 0)
    {
      memcpy (out_address, (guint8[]){ 127, 0, 0, 1 }, 4);
      return TRUE;
    }
  for (guint i = 0; i < doors->len; i++)
    if (strcmp (((KelvinDoor *) doors->pdata[i])->host, name) == 0)
      {
        kelvin_doors_get_address (doors, i, out_address);
        return TRUE;
      }
  if (name[0] != '\0')
    note_refused (self, name, type);
  return FALSE;
}

/* --- connections --- */

/* Ended ones are kept for the record, but not without end. */
static void
make_room (KelvinDoors *self)
{
  if (self->relays->len < MOST_RECORDS)
    return;
  for (guint i = 0; i < self->relays->len; i++)
    if (kelvin_relay_has_ended (self->relays->pdata[i]))
      {
        g_ptr_array_remove_index (self->relays, i);
        self->omitted++;
        return;
      }
}

static void listen_again_cb (gpointer user_data);

/* Told again and again of what it can't take, the engine would do nothing else. */
static void
take_a_rest (KelvinDoors *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    g_clear_pointer (&((Listener *) self->listeners->pdata[i])->watch, kelvin_watch_remove);
  if (self->rest == NULL)
    self->rest =
        kelvin_clock_add (self->host.clock, KELVIN_TIME_MONOTONIC, REST_NS, listen_again_cb, self);
}

/* FALSE where there is none to be taken. */
static gboolean
take_connection (Listener *listener)
{
  KelvinDoors *self = listener->doors;
  int fd = accept4 (listener->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
    take_a_rest (self);
  if (fd < 0)
    return FALSE;
  make_room (self);
  g_ptr_array_add (self->relays,
                   kelvin_relay_new (&self->host, listener->door, ++self->last_number, fd));
  return TRUE;
}

static void
take_connections (Listener *listener)
{
  for (guint i = 0; i < MOST_PER_TURN && take_connection (listener); i++)
    continue;
}

static void
listener_cb (int fd, guint32 events, gpointer user_data)
{
  take_connections (user_data);
}

static void
watch_listeners (KelvinDoors *self)
{
  for (guint i = 0; i < self->listeners->len; i++)
    {
      Listener *listener = self->listeners->pdata[i];

      listener->watch =
          kelvin_poller_add (self->host.poller, listener->fd, EPOLLIN, listener_cb, listener);
    }
}

static void
listen_again_cb (gpointer user_data)
{
  KelvinDoors *self = user_data;

  self->rest = NULL;
  watch_listeners (self);
}

static void
listener_free (gpointer data)
{
  Listener *listener = data;

  kelvin_watch_remove (listener->watch);
  kelvin_fd_clear (&listener->fd);
  g_free (listener);
}

static void
add_listener (KelvinDoors *self, const KelvinDoor *door, int fd)
{
  Listener *listener = g_new0 (Listener, 1);

  listener->doors = self;
  listener->door = door;
  listener->fd = fd;
  g_ptr_array_add (self->listeners, listener);
}

/* --- public --- */

KelvinDoors *
kelvin_doors_new (KelvinPoller *poller, KelvinClock *clock, KelvinDoorKeeper *keeper,
                  KelvinFunction *function, guint64 environment, const int *fds, guint n_fds)
{
  GPtrArray *doors = kelvin_function_get_doors (function);
  KelvinDoors *self = g_new0 (KelvinDoors, 1);
  guint n_doors = doors->len + 1;

  g_assert (n_fds == n_doors || n_fds == n_doors + 2);
  self->host = (KelvinRelayHost){ .poller = poller,
                                  .clock = clock,
                                  .keeper = keeper,
                                  .function_dir = kelvin_function_get_dir (function),
                                  .environment = environment };
  self->function = function;
  self->listeners = g_ptr_array_new_with_free_func (listener_free);
  self->relays = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_relay_free);
  self->refused = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  add_listener (self, &own_door, fds[0]);
  for (guint i = 0; i < doors->len; i++)
    add_listener (self, doors->pdata[i], fds[i + 1]);
  watch_listeners (self);
  if (n_fds > n_doors)
    self->resolver =
        kelvin_name_server_new (poller, fds[n_doors], fds[n_doors + 1], find_name_cb, self);
  return self;
}

void
kelvin_doors_free (KelvinDoors *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->rest, kelvin_timer_cancel);
  g_clear_pointer (&self->resolver, kelvin_name_server_free);
  g_ptr_array_unref (self->listeners);
  g_ptr_array_unref (self->relays);
  g_hash_table_unref (self->refused);
  g_free (self);
}

/* What the function did before its attempt ended may not have been heard of yet. */
static void
drain (KelvinDoors *self)
{
  if (self->resolver != NULL)
    kelvin_name_server_drain (self->resolver);
  for (guint i = 0; self->rest == NULL && i < self->listeners->len; i++)
    take_connections (self->listeners->pdata[i]);
  for (guint i = 0; i < self->relays->len; i++)
    kelvin_relay_drain (self->relays->pdata[i]);
}

static void
take_connection_records (KelvinDoors *self, KelvinDelivery *delivery, gboolean environment_ends)
{
  for (guint i = 0; i < self->relays->len; i++)
    {
      KelvinDoorRecord *record =
          kelvin_relay_take_record (self->relays->pdata[i], delivery->arrived_ns, environment_ends);

      if (record == NULL)
        continue;
      if (delivery->connections == NULL)
        delivery->connections =
            g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_door_record_free);
      g_ptr_array_add (delivery->connections, record);
    }
  for (guint i = self->relays->len; i > 0; i--)
    if (kelvin_relay_has_ended (self->relays->pdata[i - 1]))
      g_ptr_array_remove_index (self->relays, i - 1);
  delivery->connections_omitted += self->omitted;
  self->omitted = 0;
}

static int
compare_refused (gconstpointer a, gconstpointer b)
{
  const KelvinRefusedDestination *const *left = a;
  const KelvinRefusedDestination *const *right = b;

  return strcmp ((*left)->host, (*right)->host);
}

static void
take_refused (KelvinDoors *self, KelvinDelivery *delivery)
{
  GHashTableIter iter;
  gpointer name, times;

  if (g_hash_table_size (self->refused) == 0)
    return;
  if (delivery->refused == NULL)
    delivery->refused =
        g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_refused_destination_free);
  g_hash_table_iter_init (&iter, self->refused);
  while (g_hash_table_iter_next (&iter, &name, &times))
    g_ptr_array_add (delivery->refused,
                     kelvin_refused_destination_new (name, GPOINTER_TO_UINT (times)));
  g_ptr_array_sort (delivery->refused, compare_refused);
  delivery->refused_omitted += self->refused_omitted;
  g_hash_table_remove_all (self->refused);
  self->refused_omitted = 0;
}

void
kelvin_doors_take_records (KelvinDoors *self, KelvinDelivery *delivery, gboolean environment_ends)
{
  g_return_if_fail (self != NULL && delivery != NULL);

  drain (self);
  take_connection_records (self, delivery, environment_ends);
  take_refused (self, delivery);
}
