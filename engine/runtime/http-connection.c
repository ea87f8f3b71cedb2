#include "engine/runtime/http-connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "engine/fd.h"

struct _KelvinHttpConnection {
  KelvinFd fd; /* -1 once closed */
  KelvinWatch *watch;
  KelvinHttpConnectionEvents events;
  gpointer user_data;

  KelvinHttpParser *parser;
  gboolean keeps_alive;
  gboolean answering; /* a request is complete and its answer hasn't left whole */
  gboolean ending;    /* the last answer is on its way; what comes is thrown away */
  gsize thrown_away;

  GBytes *unsent[2]; /* head and body of an answer that the socket didn't take at once */
  gsize sent;        /* of both together */
};

/* More than a socket buffer's worth, and little enough to be fair. */
#define LARGEST_READ_BYTES (256 * 1024)
/* What a client that was sent away may still send before it is cut off. */
#define LARGEST_THROWN_AWAY_BYTES (16 * 1024 * 1024)

static const char answer_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return (gint64) now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* Descriptor and memory go now; the struct itself goes with its last reference. */
static void
release (KelvinHttpConnection *self)
{
  if (self->fd < 0)
    return;
  g_clear_pointer (&self->watch, kelvin_watch_remove);
  kelvin_fd_clear (&self->fd);
  g_clear_pointer (&self->parser, kelvin_http_parser_free);
  g_clear_pointer (&self->unsent[0], g_bytes_unref);
  g_clear_pointer (&self->unsent[1], g_bytes_unref);
}

static void
close_connection (KelvinHttpConnection *self)
{
  if (self->fd < 0)
    return;
  release (self);
  self->events.closed (self, self->user_data);
}

/* --- sending --- */

static void
end_answer (KelvinHttpConnection *self)
{
  g_clear_pointer (&self->unsent[0], g_bytes_unref);
  g_clear_pointer (&self->unsent[1], g_bytes_unref);
  self->answering = FALSE;
  if (self->ending || !self->keeps_alive)
    {
      /* Closing with bytes unread would make the kernel throw the answer away with them. */
      self->ending = TRUE;
      shutdown (self->fd, SHUT_WR);
      return;
    }
  kelvin_http_parser_next_request (self->parser);
}

/* Sends two parts from @offset of both together; returns how far it came, -1 on failure. */
static gssize
send_from (int fd, struct iovec parts[2], gsize offset)
{
  gsize in_first = MIN (offset, parts[0].iov_len);
  struct iovec rest[2] = {
    { (char *) parts[0].iov_base + in_first, parts[0].iov_len - in_first },
    { (char *) parts[1].iov_base + (offset - in_first), parts[1].iov_len - (offset - in_first) },
  };
  struct msghdr message = { .msg_iov = rest, .msg_iovlen = 2 };
  gssize n;

  do
    n = sendmsg (fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);

  if (n < 0)
    return errno == EAGAIN ? (gssize) offset : -1;

  return (gssize) offset + n;
}

static struct iovec
part_of (GBytes *bytes)
{
  gsize length;
  gconstpointer data = g_bytes_get_data (bytes, &length);

  return (struct iovec){ (gpointer) data, length };
}

static void
send_unsent (KelvinHttpConnection *self)
{
  struct iovec parts[2] = { part_of (self->unsent[0]), part_of (self->unsent[1]) };
  gssize sent = send_from (self->fd, parts, self->sent);

  if (sent < 0)
    {
      close_connection (self);
      return;
    }
  self->sent = (gsize) sent;
  if (self->sent < parts[0].iov_len + parts[1].iov_len)
    return;
  kelvin_watch_set_events (self->watch, EPOLLIN);
  end_answer (self);
}

static void
send_answer (KelvinHttpConnection *self, GString *head, GBytes *body)
{
  struct iovec parts[2] = { { head->str, head->len }, part_of (body) };
  gssize sent = send_from (self->fd, parts, 0);

  if (sent == (gssize) (parts[0].iov_len + parts[1].iov_len))
    {
      end_answer (self);
      return;
    }

  /* A lost connection shows up at the next turn: nothing is called back from here. Until the rest
   * has left, no more is read. */
  self->unsent[0] = g_bytes_new (head->str, head->len);
  self->unsent[1] = g_bytes_ref (body);
  self->sent = sent > 0 ? (gsize) sent : 0;
  kelvin_watch_set_events (self->watch, EPOLLOUT);
}

/* --- receiving --- */

static const char *
describe_problem (KelvinHttpProblem problem)
{
  switch (problem)
    {
    case KELVIN_HTTP_PROBLEM_HEAD_TOO_LARGE:
      return "431 Request Header Fields Too Large";
    case KELVIN_HTTP_PROBLEM_TRANSFER_ENCODING:
      return "501 Not Implemented";
    case KELVIN_HTTP_PROBLEM_VERSION:
      return "505 HTTP Version Not Supported";
    case KELVIN_HTTP_PROBLEM_NONE:
    case KELVIN_HTTP_PROBLEM_SYNTAX:
    case KELVIN_HTTP_PROBLEM_PIPELINED:
    default:
      return "400 Bad Request";
    }
}

static void
refuse (KelvinHttpConnection *self, const char *status, const char *body_text)
{
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %s\r\n"
                                           "Content-Type: application/json\r\n",
                                           status);
  g_autoptr (GBytes) body = g_bytes_new_static (body_text, strlen (body_text));

  self->ending = TRUE;
  self->keeps_alive = FALSE;
  self->answering = TRUE;
  kelvin_http_connection_answer (self, head, body);
}

static void
finish_request (KelvinHttpConnection *self, gint64 at_ns)
{
  self->answering = TRUE;
  self->keeps_alive = kelvin_http_parser_keeps_alive (self->parser);
  self->events.request (self, self->parser, at_ns, self->user_data);
}

/* A client that writes a request in pieces without TCP_NODELAY waits for this side's
 * acknowledgement before the second one, and the kernel would delay that by 40 ms. It holds for one
 * segment only. */
static void
acknowledge_at_once (KelvinHttpConnection *self)
{
  int one = 1;

  if (setsockopt (self->fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof one) < 0)
    g_debug ("TCP_QUICKACK: %s", g_strerror (errno));
}

static void
take (KelvinHttpConnection *self, gsize n_bytes)
{
  switch (kelvin_http_parser_take (self->parser, n_bytes))
    {
    case KELVIN_HTTP_COMPLETE:
      finish_request (self, now_ns ());
      break;
    case KELVIN_HTTP_BAD:
      refuse (self, describe_problem (kelvin_http_parser_get_problem (self->parser)), "");
      break;
    case KELVIN_HTTP_INCOMPLETE:
    default:
      acknowledge_at_once (self);
      if (kelvin_http_parser_take_expectation (self->parser) &&
          send (self->fd, answer_continue, strlen (answer_continue), MSG_NOSIGNAL) < 0)
        close_connection (self);
      break;
    }
}

/* The client sends no more. Amid a request it may still read why that didn't do. */
static void
take_end (KelvinHttpConnection *self)
{
  if (!self->ending && kelvin_http_parser_is_amid_request (self->parser))
    refuse (self, "400 Bad Request",
            "{\"errorMessage\":\"HTTP request detected as truncated\","
            "\"errorType\":\"TruncatedHTTPRequest\"}");
  close_connection (self);
}

static void
throw_away (KelvinHttpConnection *self, gsize n_bytes)
{
  self->thrown_away += n_bytes;
  if (self->thrown_away > LARGEST_THROWN_AWAY_BYTES)
    close_connection (self);
}

/* One read each time round: epoll reports at once what is left. */
static void
receive (KelvinHttpConnection *self)
{
  char nowhere[16 * 1024];
  gsize size = sizeof nowhere;
  char *space = self->ending ? nowhere : kelvin_http_parser_get_space (self->parser, &size);
  gssize n = read (self->fd, space, MIN (size, LARGEST_READ_BYTES));

  if (n < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (n < 0)
    close_connection (self);
  else if (n == 0)
    take_end (self);
  else if (self->ending)
    throw_away (self, (gsize) n);
  else
    take (self, (gsize) n);
}

static void
ready_cb (int fd, guint32 events, gpointer user_data)
{
  KelvinHttpConnection *self = g_rc_box_acquire (user_data);

  if (self->unsent[0] != NULL)
    send_unsent (self);
  else
    receive (self);
  g_rc_box_release (self);
}

KelvinHttpConnection *
kelvin_http_connection_new (KelvinPoller *poller, int fd, gsize largest_body_bytes,
                            const KelvinHttpConnectionEvents *events, gpointer user_data)
{
  g_return_val_if_fail (fd >= 0, NULL);

  KelvinHttpConnection *self = g_rc_box_new0 (KelvinHttpConnection);

  self->fd = fd;
  self->events = *events;
  self->user_data = user_data;
  self->parser = kelvin_http_parser_new (largest_body_bytes);
  self->keeps_alive = TRUE;
  self->watch = kelvin_poller_add (poller, fd, EPOLLIN, ready_cb, self);

  return self;
}

void
kelvin_http_connection_free (KelvinHttpConnection *self)
{
  g_return_if_fail (self != NULL);

  release (self);
  g_rc_box_release (self);
}

gboolean
kelvin_http_connection_answer (KelvinHttpConnection *self, const char *head, GBytes *body)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->fd < 0 || !self->answering || self->unsent[0] != NULL)
    return FALSE;

  g_autoptr (GString) text = g_string_new (head);

  g_string_append_printf (text, "%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
                          self->keeps_alive ? "" : "Connection: close\r\n",
                          g_bytes_get_size (body));
  send_answer (self, text, body);

  return TRUE;
}
