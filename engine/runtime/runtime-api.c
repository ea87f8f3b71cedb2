#include "engine/runtime/runtime-api.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "engine/fd.h"
#include "engine/runtime/http-connection.h"
#include "engine/runtime/runtime-call.h"

/* In the published API's words, which stand in its answers. */
typedef enum {
  STATE_STARTED,
  STATE_INIT_ERROR,
  STATE_READY,
  STATE_RUNNING,
  STATE_INVOCATION_RESPONSE,
  STATE_INVOCATION_ERROR_RESPONSE,
  STATE_RESPONSE_SENT,
} State;

struct _KelvinRuntimeApi {
  KelvinPoller *poller;
  KelvinFd listen_fd;
  KelvinWatch *watch;
  gboolean paused; /* takes no more connections until one is closed */
  KelvinRuntimeApiEvents events;
  gpointer user_data;

  State state;
  char *request_id;       /* of the event that was delivered last; NULL once `next` was called */
  GPtrArray *connections; /* owned */
  GPtrArray *waiting;     /* those of them that asked for an event */
  char *undelivered_head; /* an event for which nobody waited any more, */
  GBytes *undelivered_body;
};

typedef struct {
  KelvinRuntimeApi *api;
  KelvinHttpConnection *connection;
  KelvinHttpParser *request;
  KelvinSlice request_id; /* that the path names */
  gint64 at_ns;
} Call;

/* A runtime uses one or two; more would only eat descriptors. Others wait in the kernel's queue. */
#define MOST_CONNECTIONS 32

static const char *const state_names[] = {
  [STATE_STARTED] = "Started",
  [STATE_INIT_ERROR] = "InitError",
  [STATE_READY] = "Ready",
  [STATE_RUNNING] = "Running",
  [STATE_INVOCATION_RESPONSE] = "InvocationResponse",
  [STATE_INVOCATION_ERROR_RESPONSE] = "InvocationErrorResponse",
  [STATE_RESPONSE_SENT] = "RuntimeResponseSentState",
};

/* --- answers --- */

static void
answer (Call *call, const char *status, const char *type, const char *body_text)
{
  g_autofree char *head = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Type: %s\r\n", status, type);
  g_autoptr (GBytes) body = g_bytes_new (body_text, strlen (body_text));

  kelvin_http_connection_answer (call->connection, head, body);
}

static void
answer_error (Call *call, const char *status, const char *error_type, const char *message)
{
  g_autofree char *body =
      g_strdup_printf ("{\"errorMessage\":\"%s\",\"errorType\":\"%s\"}", message, error_type);

  answer (call, status, "application/json", body);
}

static void
answer_accepted (Call *call)
{
  static const char body_text[] = "{\"status\":\"OK\"}";
  g_autoptr (GBytes) body = g_bytes_new_static (body_text, strlen (body_text));

  kelvin_http_connection_answer (
      call->connection, "HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n", body);
}

static void
answer_bad_transition (Call *call, State to)
{
  g_autofree char *message =
      g_strdup_printf ("State transition from %s to %s failed for runtime. Error: State transition "
                       "is not allowed",
                       state_names[call->api->state], state_names[to]);

  answer_error (call, "403 Forbidden", "InvalidStateTransition", message);
}

static void
answer_too_large (Call *call)
{
  g_autofree char *message = g_strdup_printf ("Exceeded maximum allowed payload size (%d bytes).",
                                              KELVIN_LARGEST_PAYLOAD_BYTES);

  answer_error (call, "413 Request Entity Too Large", "RequestEntityTooLarge", message);
}

/* --- delivery --- */

/* Every connection that waits gets the event, as on the service; the first response counts. */
static gboolean
answer_waiting (KelvinRuntimeApi *self, const char *head, GBytes *body)
{
  gboolean delivered = FALSE;

  for (guint i = 0; i < self->waiting->len; i++)
    delivered |= kelvin_http_connection_answer (self->waiting->pdata[i], head, body);
  g_ptr_array_set_size (self->waiting, 0);

  return delivered;
}

static void
deliver_undelivered (KelvinRuntimeApi *self)
{
  if (!answer_waiting (self, self->undelivered_head, self->undelivered_body))
    return;
  self->state = STATE_RUNNING;
  g_clear_pointer (&self->undelivered_head, g_free);
  g_clear_pointer (&self->undelivered_body, g_bytes_unref);
}

/* --- calls --- */

static void
call_next (Call *call)
{
  KelvinRuntimeApi *self = call->api;

  if (self->state != STATE_STARTED && self->state != STATE_RESPONSE_SENT &&
      self->state != STATE_READY)
    {
      answer_bad_transition (call, STATE_READY);
      return;
    }

  gboolean is_first = self->state != STATE_READY;

  g_ptr_array_add (self->waiting, call->connection);
  self->state = STATE_READY;
  if (self->undelivered_body != NULL)
    {
      deliver_undelivered (self);
      return;
    }
  /* The owner knows already when another connection of the runtime asked before. */
  if (is_first)
    {
      g_clear_pointer (&self->request_id, g_free);
      self->events.next (self, call->at_ns, self->user_data);
    }
}

/* Request id first, then state, then size. */
static gboolean
takes_outcome (Call *call, State to)
{
  KelvinRuntimeApi *self = call->api;

  if (self->request_id == NULL || strlen (self->request_id) != call->request_id.length ||
      memcmp (self->request_id, call->request_id.text, call->request_id.length) != 0)
    {
      answer_error (call, "400 Bad Request", "InvalidRequestID", "Invalid request ID");
      return FALSE;
    }
  if (self->state != STATE_RUNNING)
    {
      answer_bad_transition (call, to);
      return FALSE;
    }
  self->state = STATE_RESPONSE_SENT;
  if (kelvin_http_parser_is_body_too_large (call->request))
    {
      self->events.response_too_large (self, call->at_ns, self->user_data);
      answer_too_large (call);
      return FALSE;
    }

  return TRUE;
}

static char *
get_error_type (Call *call)
{
  char *type = kelvin_http_parser_get_field (call->request, "Lambda-Runtime-Function-Error-Type");

  return type != NULL ? type : g_strdup ("");
}

/* The error may come behind the body, in trailers, where the handler failed amid streaming. */
static void
take_streamed_response (Call *call, GBytes *body)
{
  KelvinRuntimeApi *self = call->api;
  g_autofree char *type = get_error_type (call);
  g_autofree char *encoded =
      kelvin_http_parser_get_field (call->request, "Lambda-Runtime-Function-Error-Body");

  if (*type == '\0')
    {
      self->events.response (self, body, call->at_ns, self->user_data);
      return;
    }

  gsize length = 0;
  guchar *decoded = encoded != NULL && *encoded != '\0' ? g_base64_decode (encoded, &length) : NULL;
  g_autoptr (GBytes) error = g_bytes_new_take (decoded, length);

  self->events.error (self, error, type, call->at_ns, self->user_data);
}

static void
call_response (Call *call)
{
  KelvinRuntimeApi *self = call->api;
  g_autofree char *mode =
      kelvin_http_parser_get_field (call->request, "Lambda-Runtime-Function-Response-Mode");

  if (!takes_outcome (call, STATE_INVOCATION_RESPONSE))
    return;

  g_autoptr (GBytes) body = kelvin_http_parser_take_body (call->request);

  /* The owner first: a caller waits for this. The runtime gets its answer after that. */
  if (mode == NULL)
    {
      self->events.response (self, body, call->at_ns, self->user_data);
      answer_accepted (call);
    }
  else if (strcmp (mode, "streaming") == 0)
    {
      take_streamed_response (call, body);
      answer_accepted (call);
    }
  else
    {
      g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);

      self->events.error (self, nothing, "Runtime.InvalidResponseModeHeader", call->at_ns,
                          self->user_data);
      answer_error (call, "400 Bad Request", "InvalidFunctionResponseMode",
                    "Invalid function response mode");
    }
}

static void
call_error (Call *call)
{
  KelvinRuntimeApi *self = call->api;

  if (!takes_outcome (call, STATE_INVOCATION_ERROR_RESPONSE))
    return;

  g_autofree char *type = get_error_type (call);
  g_autoptr (GBytes) body = kelvin_http_parser_take_body (call->request);

  self->events.error (self, body, type, call->at_ns, self->user_data);
  answer_accepted (call);
}

static void
call_init_error (Call *call)
{
  KelvinRuntimeApi *self = call->api;

  if (self->state != STATE_STARTED)
    {
      answer_bad_transition (call, STATE_INIT_ERROR);
      return;
    }
  if (kelvin_http_parser_is_body_too_large (call->request))
    {
      answer_too_large (call);
      return;
    }

  g_autofree char *type = get_error_type (call);
  g_autoptr (GBytes) body = kelvin_http_parser_take_body (call->request);

  self->state = STATE_INIT_ERROR;
  self->events.init_error (self, body, type, call->at_ns, self->user_data);
  answer_accepted (call);
}

static void
dispatch (Call *call)
{
  const char *method = kelvin_http_parser_get_method (call->request);
  const char *target = kelvin_http_parser_get_target (call->request);

  switch (kelvin_runtime_call_find (method, target, &call->request_id))
    {
    case KELVIN_RUNTIME_CALL_NEXT:
      call_next (call);
      break;
    case KELVIN_RUNTIME_CALL_RESPONSE:
      call_response (call);
      break;
    case KELVIN_RUNTIME_CALL_ERROR:
      call_error (call);
      break;
    case KELVIN_RUNTIME_CALL_INIT_ERROR:
      call_init_error (call);
      break;
    case KELVIN_RUNTIME_CALL_PING:
      answer (call, "200 OK", "text/plain", "pong");
      break;
    case KELVIN_RUNTIME_CALL_WRONG_METHOD:
      answer (call, "405 Method Not Allowed", "text/plain", "");
      break;
    case KELVIN_RUNTIME_CALL_UNKNOWN:
    default:
      answer (call, "404 Not Found", "text/plain", "404 page not found\n");
      break;
    }
}

/* --- connections --- */

static void
set_paused (KelvinRuntimeApi *self, gboolean paused)
{
  if (paused == self->paused)
    return;
  self->paused = paused;
  kelvin_watch_set_events (self->watch, paused ? 0 : EPOLLIN);
}

static void
request_cb (KelvinHttpConnection *connection, KelvinHttpParser *request, gint64 at_ns,
            gpointer user_data)
{
  Call call = { user_data, connection, request, .at_ns = at_ns };

  dispatch (&call);
}

static void
closed_cb (KelvinHttpConnection *connection, gpointer user_data)
{
  KelvinRuntimeApi *self = user_data;

  set_paused (self, FALSE);
  g_ptr_array_remove (self->waiting, connection);
  g_ptr_array_remove_fast (self->connections, connection);
}

static const KelvinHttpConnectionEvents connection_events = {
  .request = request_cb,
  .closed = closed_cb,
};

static void
accept_cb (int fd, guint32 events, gpointer user_data)
{
  KelvinRuntimeApi *self = user_data;
  int client = accept4 (fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

  if (client < 0)
    {
      /* Without descriptors to spare it would be reported again and again. */
      set_paused (self, errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM);
      return;
    }
  g_ptr_array_add (self->connections,
                   kelvin_http_connection_new (self->poller, client, KELVIN_LARGEST_PAYLOAD_BYTES,
                                               &connection_events, self));
  set_paused (self, self->connections->len == MOST_CONNECTIONS);
}

KelvinRuntimeApi *
kelvin_runtime_api_new (KelvinPoller *poller, int listen_fd, const KelvinRuntimeApiEvents *events,
                        gpointer user_data)
{
  g_return_val_if_fail (poller != NULL && listen_fd >= 0 && events != NULL, NULL);

  KelvinRuntimeApi *self = g_new0 (KelvinRuntimeApi, 1);
  int flags = fcntl (listen_fd, F_GETFL);
  int one = 1;

  self->poller = poller;
  self->listen_fd = listen_fd;
  self->events = *events;
  self->user_data = user_data;
  self->connections = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_http_connection_free);
  self->waiting = g_ptr_array_new ();
  if (flags < 0 || fcntl (listen_fd, F_SETFL, flags | O_NONBLOCK) < 0)
    g_error ("Listening descriptor %d can't be made non-blocking: %s", listen_fd,
             g_strerror (errno));
  /* Accepted sockets inherit it: an event that follows an answer at once doesn't wait for the
   * runtime's acknowledgement. Other kinds of socket haven't got it, nor need it. */
  setsockopt (listen_fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  self->watch = kelvin_poller_add (poller, listen_fd, EPOLLIN, accept_cb, self);

  return self;
}

void
kelvin_runtime_api_free (KelvinRuntimeApi *self)
{
  g_return_if_fail (self != NULL);

  kelvin_watch_remove (self->watch);
  kelvin_fd_clear (&self->listen_fd);
  g_ptr_array_unref (self->waiting);
  g_ptr_array_unref (self->connections);
  g_free (self->request_id);
  g_free (self->undelivered_head);
  g_clear_pointer (&self->undelivered_body, g_bytes_unref);
  g_free (self);
}

/* Connections that a process of the last runtime made before it ended. */
static void
refuse_waiting_connections (KelvinRuntimeApi *self)
{
  int client = -1;

  while ((client = accept4 (self->listen_fd, NULL, NULL, SOCK_CLOEXEC)) >= 0)
    close (client);
}

void
kelvin_runtime_api_reset (KelvinRuntimeApi *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_set_size (self->waiting, 0);
  g_ptr_array_set_size (self->connections, 0);
  refuse_waiting_connections (self);
  set_paused (self, FALSE);
  g_clear_pointer (&self->request_id, g_free);
  g_clear_pointer (&self->undelivered_head, g_free);
  g_clear_pointer (&self->undelivered_body, g_bytes_unref);
  self->state = STATE_STARTED;
}

void
kelvin_runtime_api_deliver (KelvinRuntimeApi *self, const KelvinRuntimeEvent *event)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (self->state == STATE_READY && self->undelivered_body == NULL);

  g_autofree char *head = kelvin_runtime_event_make_head (event);

  g_free (self->request_id);
  self->request_id = g_strdup (event->request_id);
  if (answer_waiting (self, head, event->body))
    {
      self->state = STATE_RUNNING;
      return;
    }

  /* The connection that waited is gone; the runtime's next one gets the event. */
  self->undelivered_head = g_steal_pointer (&head);
  self->undelivered_body = g_bytes_ref (event->body);
}
