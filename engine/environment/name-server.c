#include "engine/environment/name-server.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "engine/fd.h"

/* Whoever floods it keeps the engine for so long, and then waits for its next turn. */
#define MOST_PER_TURN 32
/* Clients use a stream for what didn't fit into a datagram, which no answer here is too large for.
 */
#define MOST_STREAMS 4
#define LENGTH_SIZE 2

/* One question by TCP: its length in two bytes, then itself. The next may follow. */
typedef struct {
  KelvinNameServer *server;
  KelvinFd fd;
  KelvinWatch *watch;
  guint8 buffer[LENGTH_SIZE + KELVIN_DNS_LARGEST_QUERY];
  gsize used;
} Stream;

struct _KelvinNameServer {
  KelvinPoller *poller;
  KelvinFd datagram_fd;
  KelvinFd stream_fd;
  KelvinWatch *datagrams;
  KelvinWatch *listening; /* NULL while there are as many streams as may be */
  KelvinNameFunc find;
  gpointer user_data;
  GPtrArray *streams;
};

static void watch_listener (KelvinNameServer *self);

/* Returns the size of the answer, 0 where there is none. */
static gsize
answer (KelvinNameServer *self, const guint8 *data, gsize size, guint8 *out)
{
  KelvinDnsQuery query;
  KelvinDnsCode code = kelvin_dns_parse (data, size, &query);
  guint8 address[4];
  gboolean found = FALSE;

  if (!query.asked)
    return 0;
  if (code == KELVIN_DNS_OK && !g_str_has_suffix (query.name, ".arpa"))
    found = self->find (query.name, query.type, address, self->user_data);
  if (code == KELVIN_DNS_OK && !found)
    code = KELVIN_DNS_NO_SUCH_NAME;
  return kelvin_dns_answer (data, &query, code,
                            found && query.type == KELVIN_DNS_TYPE_A ? address : NULL, out);
}

/* --- datagrams --- */

/* Returns FALSE when there is no more. An answer that nobody takes is lost, as datagrams are. */
static gboolean
answer_datagram (KelvinNameServer *self)
{
  guint8 in[KELVIN_DNS_LARGEST_QUERY + 1];
  guint8 out[KELVIN_DNS_LARGEST_ANSWER];
  struct sockaddr_storage from;
  socklen_t length = sizeof from;
  gssize size =
      recvfrom (self->datagram_fd, in, sizeof in, MSG_DONTWAIT, (struct sockaddr *) &from, &length);

  if (size < 0)
    return FALSE;

  gsize answered = answer (self, in, (gsize) size, out);

  if (answered > 0)
    (void) sendto (self->datagram_fd, out, answered, MSG_DONTWAIT | MSG_NOSIGNAL,
                   (struct sockaddr *) &from, length);
  return TRUE;
}

static void
datagrams_cb (int fd, guint32 events, gpointer user_data)
{
  kelvin_name_server_drain (user_data);
}

/* --- streams --- */

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  kelvin_watch_remove (stream->watch);
  kelvin_fd_clear (&stream->fd);
  g_free (stream);
}

static void
end_stream (Stream *stream)
{
  KelvinNameServer *self = stream->server;

  g_ptr_array_remove_fast (self->streams, stream);
  watch_listener (self);
}

/* FALSE where it can't go on. A client that doesn't read its answers loses them. */
static gboolean
answer_stream (Stream *stream, gsize size)
{
  guint8 out[LENGTH_SIZE + KELVIN_DNS_LARGEST_ANSWER];
  gsize answered = answer (stream->server, stream->buffer + LENGTH_SIZE, size, out + LENGTH_SIZE);

  if (answered == 0)
    return FALSE;
  out[0] = (guint8) (answered >> 8);
  out[1] = (guint8) answered;
  answered += LENGTH_SIZE;
  return send (stream->fd, out, answered, MSG_DONTWAIT | MSG_NOSIGNAL) == (gssize) answered;
}

static gboolean
take_questions (Stream *stream)
{
  while (stream->used >= LENGTH_SIZE)
    {
      gsize size = (gsize) stream->buffer[0] << 8 | stream->buffer[1];
      gsize whole = LENGTH_SIZE + size;

      if (whole > sizeof stream->buffer)
        return FALSE;
      if (stream->used < whole)
        return TRUE;
      if (!answer_stream (stream, size))
        return FALSE;
      stream->used -= whole;
      memmove (stream->buffer, stream->buffer + whole, stream->used);
    }
  return TRUE;
}

static void
stream_cb (int fd, guint32 events, gpointer user_data)
{
  Stream *stream = user_data;
  gssize size =
      recv (fd, stream->buffer + stream->used, sizeof stream->buffer - stream->used, MSG_DONTWAIT);

  if (size < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (size <= 0)
    {
      end_stream (stream);
      return;
    }
  stream->used += (gsize) size;
  if (!take_questions (stream))
    end_stream (stream);
}

static void
listening_cb (int fd, guint32 events, gpointer user_data)
{
  KelvinNameServer *self = user_data;
  int accepted = accept4 (fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

  /* Without a descriptor for it, it would be told of again and again: then datagrams must do. */
  if (accepted < 0 && (errno == EMFILE || errno == ENFILE))
    g_clear_pointer (&self->listening, kelvin_watch_remove);
  if (accepted < 0)
    return;

  Stream *stream = g_new0 (Stream, 1);

  stream->server = self;
  stream->fd = accepted;
  stream->watch = kelvin_poller_add (self->poller, accepted, EPOLLIN, stream_cb, stream);
  g_ptr_array_add (self->streams, stream);
  if (self->streams->len >= MOST_STREAMS)
    g_clear_pointer (&self->listening, kelvin_watch_remove);
}

static void
watch_listener (KelvinNameServer *self)
{
  if (self->listening == NULL)
    self->listening =
        kelvin_poller_add (self->poller, self->stream_fd, EPOLLIN, listening_cb, self);
}

/* --- public --- */

KelvinNameServer *
kelvin_name_server_new (KelvinPoller *poller, int datagram_fd, int stream_fd, KelvinNameFunc find,
                        gpointer user_data)
{
  KelvinNameServer *self = g_new0 (KelvinNameServer, 1);

  self->poller = poller;
  self->datagram_fd = datagram_fd;
  self->stream_fd = stream_fd;
  self->find = find;
  self->user_data = user_data;
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  self->datagrams = kelvin_poller_add (poller, datagram_fd, EPOLLIN, datagrams_cb, self);
  watch_listener (self);
  return self;
}

void
kelvin_name_server_free (KelvinNameServer *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->streams);
  kelvin_watch_remove (self->datagrams);
  kelvin_watch_remove (self->listening);
  kelvin_fd_clear (&self->datagram_fd);
  kelvin_fd_clear (&self->stream_fd);
  g_free (self);
}

void
kelvin_name_server_drain (KelvinNameServer *self)
{
  for (guint i = 0; i < MOST_PER_TURN && answer_datagram (self); i++)
    continue;
}
