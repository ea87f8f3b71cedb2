#include "engine/events/endpoint.h"

#include <string.h>

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "engine/events/function-name.h"
#include "engine/model/json-text.h"

struct _KelvinEndpoint {
  SoupServer *server;
  KelvinEndpointFunc func;
  KelvinEndpointEasedFunc eased; /* NULL until it stops */
  gpointer user_data;
  gboolean stopping;
  guint calls;          /* without an answer */
  GHashTable *messages; /* SoupServerMessage, a set: whose answers haven't been sent */
};

struct _KelvinEndpointCall {
  KelvinEndpoint *endpoint;
  SoupServerMessage *message;
  char *function;
  char *qualifier;
  char *client_context;
  GBytes *event;
  KelvinInvocationType type;
};

/* Limits of the service (reference, section 5.1). */
#define MOST_WAITING_CLIENTS 4096
#define LARGEST_EVENT_BYTES (6 * 1024 * 1024)
#define LARGEST_CLIENT_CONTEXT_BYTES 3583
#define LOG_TAIL_BYTES 4096
/* What is checked at once; more is checked in a worker, so that others don't wait for it. */
#define LARGEST_CHECKED_AT_ONCE_BYTES (64 * 1024)

static void
ease (KelvinEndpoint *self)
{
  if (self->eased != NULL)
    self->eased (self->user_data);
}

static void
call_free (KelvinEndpointCall *call)
{
  KelvinEndpoint *self = call->endpoint;

  g_object_unref (call->message);
  g_free (call->function);
  g_free (call->qualifier);
  g_free (call->client_context);
  g_clear_pointer (&call->event, g_bytes_unref);
  g_free (call);
  self->calls--;
  ease (self);
}

static SoupMessageHeaders *
request_headers (KelvinEndpointCall *call)
{
  return soup_server_message_get_request_headers (call->message);
}

static SoupMessageHeaders *
response_headers (KelvinEndpointCall *call)
{
  return soup_server_message_get_response_headers (call->message);
}

/* The last word on @call, which is gone afterwards. @body is nullable. */
static void
send_answer (KelvinEndpointCall *call, guint status, GBytes *body)
{
  if (body != NULL)
    {
      soup_message_headers_set_content_type (response_headers (call), "application/json", NULL);
      soup_message_body_append_bytes (soup_server_message_get_response_body (call->message), body);
    }
  if (call->endpoint->stopping)
    soup_message_headers_replace (response_headers (call), "Connection", "close");
  soup_server_message_set_status (call->message, status, NULL);
  /* One whose caller has gone has ended already. */
  if (g_hash_table_contains (call->endpoint->messages, call->message))
    soup_server_message_unpause (call->message);
  call_free (call);
}

/* Clients read both; these are the ones that the service spells with a capital. */
static const char *
message_key (const char *error_type)
{
  static const char *const capital[] = { "ResourceNotFoundException", "ServiceException",
                                         "RequestEntityTooLargeException",
                                         "InvalidRuntimeException", NULL };

  return g_strv_contains (capital, error_type) ? "Message" : "message";
}

static GBytes *
error_body (guint status, const char *error_type, const char *message)
{
  /* It may quote what the caller wrote, which may be any bytes. */
  g_autofree char *valid = g_utf8_make_valid (message, -1);
  g_autoptr (JsonBuilder) builder = json_builder_new_immutable ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "Type");
  json_builder_add_string_value (builder, status < 500 ? "User" : "Service");
  json_builder_set_member_name (builder, message_key (error_type));
  json_builder_add_string_value (builder, valid);
  json_builder_end_object (builder);

  g_autoptr (JsonNode) root = json_builder_get_root (builder);
  char *text = json_to_string (root, FALSE);

  return g_bytes_new_take (text, strlen (text));
}

void
kelvin_endpoint_call_refuse (KelvinEndpointCall *call, guint status, const char *error_type,
                             const char *message)
{
  g_autoptr (GBytes) body = error_body (status, error_type, message);

  soup_message_headers_replace (response_headers (call), "x-amzn-ErrorType", error_type);
  send_answer (call, status, body);
}

void
kelvin_endpoint_call_answer_throttled (KelvinEndpointCall *call, const char *request_id,
                                       GBytes *body)
{
  soup_message_headers_replace (response_headers (call), "x-amzn-ErrorType",
                                "TooManyRequestsException");
  soup_message_headers_replace (response_headers (call), "X-Amzn-RequestId", request_id);
  send_answer (call, 429, body);
}

void
kelvin_endpoint_call_answer_dry_run (KelvinEndpointCall *call)
{
  send_answer (call, SOUP_STATUS_NO_CONTENT, NULL);
}

static char *
encode_log_tail (const char *log)
{
  gsize length = strlen (log);
  const char *tail = length > LOG_TAIL_BYTES ? log + length - LOG_TAIL_BYTES : log;

  return g_base64_encode ((const guchar *) tail, strlen (tail));
}

void
kelvin_endpoint_call_answer (KelvinEndpointCall *call, const char *request_id, const char *trace_id,
                             GBytes *payload, gboolean function_error, const char *log)
{
  SoupMessageHeaders *headers = response_headers (call);

  soup_message_headers_replace (headers, "X-Amzn-RequestId", request_id);
  soup_message_headers_replace (headers, "X-Amzn-Trace-Id", trace_id);
  soup_message_headers_replace (headers, "X-Amz-Executed-Version", "$LATEST");
  if (function_error)
    soup_message_headers_replace (headers, "X-Amz-Function-Error", "Unhandled");
  if (log != NULL)
    {
      g_autofree char *tail = encode_log_tail (log);

      soup_message_headers_replace (headers, "X-Amz-Log-Result", tail);
    }
  send_answer (call, SOUP_STATUS_OK, payload);
}

/* --- what comes in --- */

static void
refuse_late (KelvinEndpointCall *call)
{
  kelvin_endpoint_call_refuse (call, SOUP_STATUS_SERVICE_UNAVAILABLE, "ServiceException",
                               "Kelvin is ending");
}

static void
finish_check (KelvinEndpointCall *call, const GError *error)
{
  if (error == NULL)
    {
      call->endpoint->func (call, call->endpoint->user_data);
      return;
    }

  g_autofree char *message = g_strdup_printf (
      "Could not parse request body into json: Could not parse payload into json: %s",
      error->message);

  kelvin_endpoint_call_refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestContentException",
                               message);
}

static gboolean
check_event (GBytes *event, GError **error)
{
  gsize length;
  const char *data = g_bytes_get_data (event, &length);

  return kelvin_json_check (data, length, KELVIN_JSON_EVENT_DEPTH, error);
}

static void
check_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (check_event (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  finish_check (user_data, error);
}

static void
begin_check (KelvinEndpointCall *call)
{
  g_autoptr (GError) error = NULL;

  if (g_bytes_get_size (call->event) > LARGEST_CHECKED_AT_ONCE_BYTES)
    {
      g_autoptr (GTask) task = g_task_new (NULL, NULL, checked_cb, call);

      g_task_set_task_data (task, g_bytes_ref (call->event), (GDestroyNotify) g_bytes_unref);
      g_task_run_in_thread (task, check_in_thread);
      return;
    }
  check_event (call->event, &error);
  finish_check (call, error);
}

/* --- the size of a body, counted while it comes: what is over the limit isn't kept --- */

#define SIZE_KEY "kelvin-body-size"

static void
got_chunk_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  gsize size = GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (message), SIZE_KEY));
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  size += g_bytes_get_size (chunk);
  g_object_set_data (G_OBJECT (message), SIZE_KEY, GSIZE_TO_POINTER (size));
  if (size <= LARGEST_EVENT_BYTES)
    return;
  soup_message_body_truncate (body);
  soup_message_body_set_accumulate (body, FALSE);
}

static void
headers_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), NULL);
}

static gsize
body_size (KelvinEndpointCall *call)
{
  return GPOINTER_TO_SIZE (g_object_get_data (G_OBJECT (call->message), SIZE_KEY));
}

/* An empty body is legal: the function gets {} (observed at the service). */
static GBytes *
take_event (SoupServerMessage *message)
{
  SoupMessageBody *parts = soup_server_message_get_request_body (message);
  g_autoptr (GBytes) body = NULL;

  /* Too large: it wasn't kept, and is going to be refused. */
  if (!soup_message_body_get_accumulate (parts))
    return g_bytes_new (NULL, 0);
  body = soup_message_body_flatten (parts);

  return g_bytes_get_size (body) > 0 ? g_steal_pointer (&body) : g_bytes_new_static ("{}", 2);
}

/* Base64 of JSON; FALSE where it isn't. */
static gboolean
take_client_context (KelvinEndpointCall *call)
{
  const char *encoded =
      soup_message_headers_get_one (request_headers (call), "X-Amz-Client-Context");
  gsize length;

  if (encoded == NULL)
    return TRUE;
  if (strlen (encoded) > LARGEST_CLIENT_CONTEXT_BYTES)
    return FALSE;

  g_autofree guchar *decoded = g_base64_decode (encoded, &length);

  if (!kelvin_json_check ((const char *) decoded, length, KELVIN_JSON_EVENT_DEPTH, NULL))
    return FALSE;
  call->client_context = g_strndup ((const char *) decoded, length);

  return TRUE;
}

static gboolean
take_invocation_type (KelvinEndpointCall *call)
{
  const char *type = soup_message_headers_get_one (request_headers (call), "X-Amz-Invocation-Type");

  if (type == NULL || strcmp (type, "RequestResponse") == 0)
    call->type = KELVIN_INVOCATION_REQUEST_RESPONSE;
  else if (strcmp (type, "DryRun") == 0)
    call->type = KELVIN_INVOCATION_DRY_RUN;
  else
    return FALSE;
  return TRUE;
}

/* /2015-03-31/functions/{FunctionName}/invocations; (transfer full), NULL for any other path */
static char *
function_in_path (const char *path)
{
  g_auto (GStrv) parts = g_strsplit (path, "/", -1);

  if (g_strv_length (parts) != 5 || strcmp (parts[1], "2015-03-31") != 0 ||
      strcmp (parts[2], "functions") != 0 || strcmp (parts[4], "invocations") != 0)
    return NULL;
  return g_uri_unescape_string (parts[3], NULL);
}

/* The qualifier may stand in the name, in the query, or in both if they agree. */
static gboolean
take_name (KelvinEndpointCall *call, const char *text, GHashTable *query)
{
  const char *asked = query != NULL ? g_hash_table_lookup (query, "Qualifier") : NULL;

  if (!kelvin_function_name_parse (text, &call->function, &call->qualifier))
    {
      g_autofree char *message = g_strdup_printf (
          "1 validation error detected: Value '%s' at 'functionName' failed to satisfy constraint: "
          "Member must be a function's name, its partial ARN or its ARN",
          text);

      kelvin_endpoint_call_refuse (call, SOUP_STATUS_BAD_REQUEST, "ValidationException", message);
      return FALSE;
    }
  if (asked != NULL && call->qualifier != NULL && strcmp (asked, call->qualifier) != 0)
    {
      kelvin_endpoint_call_refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidParameterValueException",
                                   "The derived qualifier from the function name does not match "
                                   "the specified qualifier.");
      return FALSE;
    }
  if (call->qualifier == NULL)
    call->qualifier = g_strdup (asked);
  return TRUE;
}

static void
take_rest (KelvinEndpointCall *call)
{
  gsize size = body_size (call);

  if (!take_invocation_type (call))
    {
      kelvin_endpoint_call_refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidParameterValueException",
                                   "X-Amz-Invocation-Type must be RequestResponse or DryRun here");
    }
  else if (size > LARGEST_EVENT_BYTES)
    {
      g_autofree char *message =
          g_strdup_printf ("%" G_GSIZE_FORMAT " byte payload is too large for the RequestResponse "
                           "invocation type (limit %d bytes)",
                           size, LARGEST_EVENT_BYTES);

      kelvin_endpoint_call_refuse (call, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                                   "RequestEntityTooLargeException", message);
    }
  else if (!take_client_context (call))
    {
      kelvin_endpoint_call_refuse (call, SOUP_STATUS_BAD_REQUEST, "InvalidRequestContentException",
                                   "Client context must be a valid Base64-encoded JSON object.");
    }
  else
    {
      begin_check (call);
    }
}

/* Sent, or nobody is there to take it. */
static void
finished_cb (SoupServerMessage *message, gpointer user_data)
{
  KelvinEndpoint *self = user_data;

  g_hash_table_remove (self->messages, message);
  ease (self);
}

static KelvinEndpointCall *
begin_call (KelvinEndpoint *self, SoupServerMessage *message)
{
  KelvinEndpointCall *call = g_new0 (KelvinEndpointCall, 1);

  call->endpoint = self;
  call->message = g_object_ref (message);
  self->calls++;
  g_hash_table_add (self->messages, g_object_ref (message));
  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), self);
  soup_server_message_pause (message);

  return call;
}

static void
request_cb (SoupServer *server, SoupServerMessage *message, const char *path, GHashTable *query,
            gpointer user_data)
{
  KelvinEndpoint *self = user_data;
  KelvinEndpointCall *call = begin_call (self, message);
  g_autofree char *name = function_in_path (g_uri_get_path (soup_server_message_get_uri (message)));

  if (self->stopping)
    {
      refuse_late (call);
      return;
    }
  if (name == NULL)
    {
      kelvin_endpoint_call_refuse (
          call, SOUP_STATUS_NOT_FOUND, "UnknownOperationException",
          "Only POST /2015-03-31/functions/NAME/invocations is served here");
      return;
    }
  if (strcmp (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0)
    {
      kelvin_endpoint_call_refuse (call, SOUP_STATUS_METHOD_NOT_ALLOWED,
                                   "UnknownOperationException", "Invoke is a POST request");
      return;
    }
  call->event = take_event (message);
  if (take_name (call, name, query))
    take_rest (call);
}

/* --- public --- */

KelvinEndpoint *
kelvin_endpoint_new (KelvinEndpointFunc func, gpointer user_data)
{
  KelvinEndpoint *self = g_new0 (KelvinEndpoint, 1);

  self->func = func;
  self->user_data = user_data;
  self->messages = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  self->server = soup_server_new ("server-header", "Kelvin ", NULL);
  soup_server_add_early_handler (self->server, "/", headers_cb, self, NULL);
  soup_server_add_handler (self->server, "/", request_cb, self, NULL);

  return self;
}

static void
forget_messages (KelvinEndpoint *self)
{
  GHashTableIter iter;
  gpointer message;

  g_hash_table_iter_init (&iter, self->messages);
  while (g_hash_table_iter_next (&iter, &message, NULL))
    g_signal_handlers_disconnect_by_data (message, self);
  g_hash_table_unref (self->messages);
}

void
kelvin_endpoint_free (KelvinEndpoint *self)
{
  g_return_if_fail (self->calls == 0);

  forget_messages (self);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_free (self);
}

static GSocketAddress *
resolve (const char *host, guint port, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  if (address == NULL && g_ascii_strcasecmp (host, "localhost") == 0)
    address = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  if (address != NULL)
    return g_inet_socket_address_new (address, (guint16) port);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               "--host %s is not an address of this machine: give an IP address such as 127.0.0.1",
               host);
  return NULL;
}

/* The server's own way lets ten clients wait; of a burst of hundreds the others would be reset. */
static GSocket *
open_listener (GSocketAddress *address, GError **error)
{
  g_autoptr (GSocket) listener = g_socket_new (g_socket_address_get_family (address),
                                               G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, error);

  if (listener == NULL)
    return NULL;
  g_socket_set_listen_backlog (listener, MOST_WAITING_CLIENTS);
  if (!g_socket_bind (listener, address, TRUE, error) || !g_socket_listen (listener, error))
    return NULL;
  return g_steal_pointer (&listener);
}

gboolean
kelvin_endpoint_listen (KelvinEndpoint *self, const char *host, guint port, char **out_url,
                        GError **error)
{
  g_autoptr (GSocketAddress) address = resolve (host, port, error);

  if (address == NULL)
    return FALSE;

  g_autoptr (GSocket) listener = open_listener (address, error);
  if (listener == NULL || !soup_server_listen_socket (self->server, listener, 0, error))
    {
      g_prefix_error (error, "can't listen on %s port %u: ", host, port);
      return FALSE;
    }

  GSList *uris = soup_server_get_uris (self->server);
  GUri *uri = uris->data;

  *out_url = strchr (host, ':') != NULL
                 ? g_strdup_printf ("http://[%s]:%d", host, g_uri_get_port (uri))
                 : g_strdup_printf ("http://%s:%d", host, g_uri_get_port (uri));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return TRUE;
}

void
kelvin_endpoint_stop (KelvinEndpoint *self, KelvinEndpointEasedFunc eased)
{
  GSList *listeners = soup_server_get_listeners (self->server);

  self->stopping = TRUE;
  self->eased = eased;
  for (GSList *at = listeners; at != NULL; at = at->next)
    g_socket_close (at->data, NULL);
  g_slist_free (listeners);
}

gboolean
kelvin_endpoint_has_calls (KelvinEndpoint *self)
{
  return self->calls > 0;
}

gboolean
kelvin_endpoint_has_answers (KelvinEndpoint *self)
{
  return g_hash_table_size (self->messages) > 0;
}

const char *
kelvin_endpoint_call_get_function (KelvinEndpointCall *call)
{
  return call->function;
}

const char *
kelvin_endpoint_call_get_qualifier (KelvinEndpointCall *call)
{
  return call->qualifier;
}

KelvinInvocationType
kelvin_endpoint_call_get_invocation_type (KelvinEndpointCall *call)
{
  return call->type;
}

GBytes *
kelvin_endpoint_call_get_event (KelvinEndpointCall *call)
{
  return call->event;
}

const char *
kelvin_endpoint_call_get_client_context (KelvinEndpointCall *call)
{
  return call->client_context;
}

const char *
kelvin_endpoint_call_get_trace_id (KelvinEndpointCall *call)
{
  return soup_message_headers_get_one (request_headers (call), "X-Amzn-Trace-Id");
}

gboolean
kelvin_endpoint_call_wants_log (KelvinEndpointCall *call)
{
  const char *type = soup_message_headers_get_one (request_headers (call), "X-Amz-Log-Type");

  return type != NULL && strcmp (type, "Tail") == 0;
}
