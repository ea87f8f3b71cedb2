#include "engine/runtime/runtime-api.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/fd.h"

#define N_CLIENTS 3
#define ID "11111111-2222-4333-8444-555555555555"
#define BASE "/2018-06-01/runtime"
#define NEXT "GET " BASE "/invocation/next HTTP/1.1\r\nHost: h\r\n\r\n"

typedef struct {
  GMainContext *context;
  KelvinPoller *poller;
  KelvinRuntimeApi *api;
  int clients[N_CLIENTS];
  GString *told; /* what the owner was told of, in order: "next;response:body;" */
  gboolean frees;
  gboolean delivers;
  gint64 at_ns;
} Fixture;

static void
deliver (Fixture *f, const char *body_text)
{
  g_autoptr (GBytes) body = g_bytes_new (body_text, strlen (body_text));
  KelvinRuntimeEvent event = {
    .request_id = ID,
    .deadline_ms = 1234567890123,
    .function_arn = "arn:aws:lambda:us-east-1:000000000000:function:hello",
    .trace_id = "Root=1-00000000-000000000000000000000000",
    .client_context = "{\"a\":\r\n1}",
    .body = body,
  };

  kelvin_runtime_api_deliver (f->api, &event);
}

static void
tell (Fixture *f, const char *what, const char *error_type, GBytes *body, gint64 at_ns)
{
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : NULL;

  g_string_append (f->told, what);
  if (error_type != NULL)
    g_string_append_printf (f->told, ":%s", error_type);
  if (body != NULL)
    g_string_append_printf (f->told, ":%.*s", (int) MIN (length, 100), text);
  g_string_append_c (f->told, ';');
  g_assert_cmpint (at_ns, >=, f->at_ns);
  f->at_ns = at_ns;
  if (f->frees)
    g_clear_pointer (&f->api, kelvin_runtime_api_free);
}

static void
next_cb (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data)
{
  Fixture *f = user_data;

  tell (f, "next", NULL, NULL, at_ns);
  if (f->delivers && f->api != NULL)
    deliver (f, "{}");
}

static void
response_cb (KelvinRuntimeApi *api, GBytes *body, gint64 at_ns, gpointer user_data)
{
  tell (user_data, "response", NULL, body, at_ns);
}

static void
error_cb (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
          gpointer user_data)
{
  tell (user_data, "error", error_type, body, at_ns);
}

static void
init_error_cb (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
               gpointer user_data)
{
  tell (user_data, "init-error", error_type, body, at_ns);
}

static void
response_too_large_cb (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data)
{
  tell (user_data, "too-large", NULL, NULL, at_ns);
}

static const KelvinRuntimeApiEvents events = {
  .next = next_cb,
  .response = response_cb,
  .error = error_cb,
  .init_error = init_error_cb,
  .response_too_large = response_too_large_cb,
};

static int
listen_on_loopback (struct sockaddr_in *out_address)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  socklen_t length = sizeof *out_address;

  *out_address =
      (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  g_assert_cmpint (bind (fd, (struct sockaddr *) out_address, sizeof *out_address), ==, 0);
  g_assert_cmpint (listen (fd, 16), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) out_address, &length), ==, 0);

  return fd;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  struct sockaddr_in address;

  f->context = g_main_context_new ();
  f->poller = kelvin_poller_new (f->context);
  f->told = g_string_new (NULL);
  f->api = kelvin_runtime_api_new (f->poller, listen_on_loopback (&address), &events, f);
  f->delivers = TRUE;
  for (int i = 0; i < N_CLIENTS; i++)
    {
      f->clients[i] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      g_assert_cmpint (connect (f->clients[i], (struct sockaddr *) &address, sizeof address), ==,
                       0);
    }
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->api, kelvin_runtime_api_free);
  kelvin_poller_free (f->poller);
  g_main_context_unref (f->context);
  g_string_free (f->told, TRUE);
  for (int i = 0; i < N_CLIENTS; i++)
    kelvin_fd_clear (&f->clients[i]);
}

static void
iterate (Fixture *f)
{
  while (g_main_context_iteration (f->context, FALSE))
    ;
}

/* Sends all, however much the other side takes at a time. */
static void
put_bytes (Fixture *f, int client, const char *bytes, gsize length)
{
  while (length > 0)
    {
      gssize n = send (f->clients[client], bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (n > 0)
        {
          bytes += n;
          length -= (gsize) n;
        }
      else
        {
          g_assert_cmpint (errno, ==, EAGAIN);
        }
      iterate (f);
    }
}

static void
put (Fixture *f, int client, const char *text)
{
  put_bytes (f, client, text, strlen (text));
}

static gboolean
is_whole (const GString *answer)
{
  const char *end = strstr (answer->str, "\r\n\r\n");
  const char *length = strstr (answer->str, "Content-Length: ");

  return end != NULL && length != NULL &&
         answer->len == (gsize) (end + 4 - answer->str) +
                            g_ascii_strtoull (length + strlen ("Content-Length: "), NULL, 10);
}

/* Waits for one answer; "" when the connection was closed instead. */
static char *
get (Fixture *f, int client)
{
  GString *answer = g_string_new (NULL);

  while (!is_whole (answer))
    {
      char buffer[4096];
      gssize n = recv (f->clients[client], buffer, sizeof buffer, MSG_DONTWAIT);

      if (n == 0)
        break;
      if (n > 0)
        g_string_append_len (answer, buffer, n);
      else
        g_assert_cmpint (errno, ==, EAGAIN);
      g_main_context_iteration (f->context, FALSE);
    }

  return g_string_free (answer, FALSE);
}

static void
assert_answer (Fixture *f, int client, const char *start, const char *body)
{
  g_autofree char *answer = get (f, client);
  const char *end = strstr (answer, "\r\n\r\n");

  g_assert_true (g_str_has_prefix (answer, start));
  if (body != NULL)
    g_assert_cmpstr (end + 4, ==, body);
}

static void
assert_nothing (Fixture *f, int client)
{
  char byte;

  iterate (f);
  g_assert_cmpint (recv (f->clients[client], &byte, 1, MSG_DONTWAIT), ==, -1);
  g_assert_cmpint (errno, ==, EAGAIN);
}

static void
assert_closed (Fixture *f, int client)
{
  g_autofree char *answer = get (f, client);

  g_assert_cmpstr (answer, ==, "");
}

static char *
post (const char *path, const char *fields, const char *body)
{
  return g_strdup_printf ("POST " BASE "%s HTTP/1.1\r\nHost: h\r\n%sContent-Length: %zu\r\n\r\n%s",
                          path, fields, strlen (body), body);
}

static void
put_post (Fixture *f, int client, const char *path, const char *fields, const char *body)
{
  g_autofree char *request = post (path, fields, body);

  put (f, client, request);
}

#define RESPONSE "/invocation/" ID "/response"
#define ERROR "/invocation/" ID "/error"
#define ACCEPTED "HTTP/1.1 202 Accepted\r\n", "{\"status\":\"OK\"}"
#define BAD_TRANSITION(from, to)                                                                   \
  "HTTP/1.1 403 Forbidden\r\n", "{\"errorMessage\":\"State transition from " from " to " to        \
                                " failed for runtime. Error: State transition is not allowed\","   \
                                "\"errorType\":\"InvalidStateTransition\"}"
#define BAD_ID                                                                                     \
  "HTTP/1.1 400 Bad Request\r\n",                                                                  \
      "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}"

static void
test_serves_invocations (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      put (f, 0, NEXT);
      assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
      put_post (f, 0, RESPONSE, "", "null");
      assert_answer (f, 0, ACCEPTED);
    }
  g_assert_cmpstr (f->told->str, ==, "next;response:null;next;response:null;next;response:null;");
}

static void
test_event_has_its_fields (Fixture *f, gconstpointer data)
{
  static const char *const fields[] = {
    "\r\nContent-Type: application/json\r\n",
    "\r\nLambda-Runtime-Aws-Request-Id: " ID "\r\n",
    "\r\nLambda-Runtime-Deadline-Ms: 1234567890123\r\n",
    "\r\nLambda-Runtime-Invoked-Function-Arn: "
    "arn:aws:lambda:us-east-1:000000000000:function:hello\r\n",
    "\r\nLambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000\r\n",
    "\r\nLambda-Runtime-Client-Context: {\"a\":  1}\r\n",
    "\r\nContent-Length: 2\r\n",
  };

  put (f, 0, NEXT);

  g_autofree char *answer = get (f, 0);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_nonnull (strstr (answer, fields[i]));
}

static void
test_next_waits (Fixture *f, gconstpointer data)
{
  f->delivers = FALSE;
  put (f, 0, NEXT);
  assert_nothing (f, 0);
  deliver (f, "later");
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "later");
}

static void
test_handler_error (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put_post (f, 0, ERROR, "Lambda-Runtime-Function-Error-Type: Function.Boom\r\n", "{\"e\":1}");
  assert_answer (f, 0, ACCEPTED);
  g_assert_cmpstr (f->told->str, ==, "next;error:Function.Boom:{\"e\":1};");
}

static void
test_init_error (Fixture *f, gconstpointer data)
{
  put_post (f, 0, "/init/error", "Lambda-Runtime-Function-Error-Type: Runtime.X\r\n", "why");
  assert_answer (f, 0, ACCEPTED);
  put (f, 0, NEXT);
  assert_answer (f, 0, BAD_TRANSITION ("InitError", "Ready"));
  g_assert_cmpstr (f->told->str, ==, "init-error:Runtime.X:why;");
}

/* Those too that it hadn't taken yet. */
static void
test_a_reset_closes_all_and_begins_anew (Fixture *f, gconstpointer data)
{
  struct sockaddr_in address;
  socklen_t length = sizeof address;

  g_assert_cmpint (getpeername (f->clients[0], (struct sockaddr *) &address, &length), ==, 0);
  put_post (f, 0, "/init/error", "Lambda-Runtime-Function-Error-Type: Runtime.X\r\n", "why");
  assert_answer (f, 0, ACCEPTED);
  kelvin_runtime_api_reset (f->api);
  for (int i = 0; i < N_CLIENTS; i++)
    assert_closed (f, i);

  kelvin_fd_clear (&f->clients[0]);
  f->clients[0] = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (connect (f->clients[0], (struct sockaddr *) &address, length), ==, 0);
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  g_assert_cmpstr (f->told->str, ==, "init-error:Runtime.X:why;next;");
}

static void
test_refuses_wrong_states (Fixture *f, gconstpointer data)
{
  put_post (f, 0, RESPONSE, "", "too soon");
  assert_answer (f, 0, BAD_ID);
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put (f, 0, NEXT);
  assert_answer (f, 0, BAD_TRANSITION ("Running", "Ready"));
  put_post (f, 0, "/init/error", "", "too late");
  assert_answer (f, 0, BAD_TRANSITION ("Running", "InitError"));
  put_post (f, 0, "/invocation/other/response", "", "not mine");
  assert_answer (f, 0, BAD_ID);
  put_post (f, 0, RESPONSE, "", "1");
  assert_answer (f, 0, ACCEPTED);
  put_post (f, 0, RESPONSE, "", "2");
  assert_answer (f, 0, BAD_TRANSITION ("RuntimeResponseSentState", "InvocationResponse"));
  put_post (f, 0, ERROR, "", "3");
  assert_answer (f, 0, BAD_TRANSITION ("RuntimeResponseSentState", "InvocationErrorResponse"));
  put_post (f, 0, "/invocation/other/error", "", "not mine");
  assert_answer (f, 0, BAD_ID);
  g_assert_cmpstr (f->told->str, ==, "next;response:1;");
}

static void
test_stale_id_is_refused (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put_post (f, 0, RESPONSE, "", "1");
  assert_answer (f, 0, ACCEPTED);
  f->delivers = FALSE;
  put (f, 0, NEXT);
  put_post (f, 1, RESPONSE, "", "2");
  assert_answer (f, 1, BAD_ID);
}

static void
test_other_paths (Fixture *f, gconstpointer data)
{
  put (f, 0, "GET /2018-06-01/ping HTTP/1.1\r\nHost: h\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "pong");
  put (f, 0, "GET http://h:9001/2018-06-01/ping?x=1 HTTP/1.1\r\nHost: h\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "pong");
  put (f, 0, "GET " BASE "/restore/next HTTP/1.1\r\nHost: h\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 404 Not Found\r\n", NULL);
  put (f, 0, "GET " BASE "/invocation//response HTTP/1.1\r\nHost: h\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 404 Not Found\r\n", NULL);
  put (f, 0, "GET " BASE RESPONSE " HTTP/1.1\r\nHost: h\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 405 Method Not Allowed\r\n", "");
  put (f, 0, "POST " BASE "/invocation/next HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n");
  assert_answer (f, 0, "HTTP/1.1 405 Method Not Allowed\r\n", "");
  g_assert_cmpstr (f->told->str, ==, "");
}

static char *
large_post (gsize length, gsize *out_length)
{
  g_autofree char *fill = g_strnfill (length, 'x');
  char *request = post (RESPONSE, "", fill);

  *out_length = strlen (request);

  return request;
}

static void
test_largest_response (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree char *request = large_post (KELVIN_LARGEST_PAYLOAD_BYTES, &length);

  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put_bytes (f, 0, request, length);
  assert_answer (f, 0, ACCEPTED);
  g_assert_true (g_str_has_prefix (f->told->str, "next;response:xxx"));
}

static void
test_response_too_large (Fixture *f, gconstpointer data)
{
  gsize length;
  g_autofree char *request = large_post (KELVIN_LARGEST_PAYLOAD_BYTES + 1, &length);

  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put_bytes (f, 0, request, length);
  assert_answer (f, 0, "HTTP/1.1 413 Request Entity Too Large\r\n",
                 "{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\","
                 "\"errorType\":\"RequestEntityTooLarge\"}");
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  g_assert_cmpstr (f->told->str, ==, "next;too-large;next;");
}

static void
test_large_event (Fixture *f, gconstpointer data)
{
  g_autofree char *event = g_strnfill (6 * 1024 * 1024, 'e');

  f->delivers = FALSE;
  put (f, 0, NEXT);
  iterate (f);
  deliver (f, event);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", event);
  put_post (f, 0, RESPONSE, "", "1");
  assert_answer (f, 0, ACCEPTED);
}

static void
test_chunked_response (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put (f, 0,
       "POST " BASE RESPONSE " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
       "Lambda-Runtime-Function-Response-Mode: streaming\r\n\r\n3\r\nabc\r\n");
  assert_nothing (f, 0);
  put (f, 0, "3\r\ndef\r\n0\r\n\r\n");
  assert_answer (f, 0, ACCEPTED);
  g_assert_cmpstr (f->told->str, ==, "next;response:abcdef;");
}

static void
test_error_in_trailers (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put (f, 0,
       "POST " BASE RESPONSE " HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n"
       "Lambda-Runtime-Function-Response-Mode: streaming\r\n\r\n3\r\nabc\r\n0\r\n"
       "Lambda-Runtime-Function-Error-Type: Function.Late\r\n"
       "Lambda-Runtime-Function-Error-Body: eyJlIjoxfQ==\r\n\r\n");
  assert_answer (f, 0, ACCEPTED);
  g_assert_cmpstr (f->told->str, ==, "next;error:Function.Late:{\"e\":1};");
}

static void
test_unknown_response_mode (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT);
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "{}");
  put_post (f, 0, RESPONSE, "Lambda-Runtime-Function-Response-Mode: Streaming\r\n", "x");
  assert_answer (f, 0, "HTTP/1.1 400 Bad Request\r\n",
                 "{\"errorMessage\":\"Invalid function response mode\","
                 "\"errorType\":\"InvalidFunctionResponseMode\"}");
  g_assert_cmpstr (f->told->str, ==, "next;error:Runtime.InvalidResponseModeHeader:;");
}

static void
test_two_that_wait_get_the_same_event (Fixture *f, gconstpointer data)
{
  f->delivers = FALSE;
  put (f, 0, NEXT);
  put (f, 1, NEXT);
  iterate (f);
  g_assert_cmpstr (f->told->str, ==, "next;");
  deliver (f, "both");
  assert_answer (f, 0, "HTTP/1.1 200 OK\r\n", "both");
  assert_answer (f, 1, "HTTP/1.1 200 OK\r\n", "both");
}

static void
test_a_closed_one_that_waited_is_forgotten (Fixture *f, gconstpointer data)
{
  f->delivers = FALSE;
  put (f, 0, NEXT);
  iterate (f);
  kelvin_fd_clear (&f->clients[0]);
  iterate (f);
  deliver (f, "for the next one");
  put (f, 1, NEXT);
  assert_answer (f, 1, "HTTP/1.1 200 OK\r\n", "for the next one");
  put_post (f, 1, RESPONSE, "", "1");
  assert_answer (f, 1, ACCEPTED);
  g_assert_cmpstr (f->told->str, ==, "next;response:1;");
}

static void
test_pipelining_is_refused (Fixture *f, gconstpointer data)
{
  put (f, 0, NEXT NEXT);
  assert_answer (f, 0, "HTTP/1.1 400 Bad Request\r\n", "");
  assert_closed (f, 0);
  f->delivers = FALSE;
  put (f, 1, NEXT);
  put (f, 1, NEXT);
  assert_answer (f, 1, "HTTP/1.1 400 Bad Request\r\n", "");
  deliver (f, "not lost");
  put (f, 2, NEXT);
  assert_answer (f, 2, "HTTP/1.1 200 OK\r\n", "not lost");
}

static void
test_bad_requests_are_refused (Fixture *f, gconstpointer data)
{
  put (f, 0, "nonsense\r\n");
  assert_answer (f, 0, "HTTP/1.1 400 Bad Request\r\n", "");
  assert_closed (f, 0);
  put (f, 1, "GET / HTTP/3.0\r\n");
  assert_answer (f, 1, "HTTP/1.1 505 HTTP Version Not Supported\r\n", "");
  put (f, 2, NEXT);
  assert_answer (f, 2, "HTTP/1.1 200 OK\r\n", "{}");
}

static void
test_truncated_request_is_refused (Fixture *f, gconstpointer data)
{
  put (f, 0, "POST " BASE "/init/error HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc");
  shutdown (f->clients[0], SHUT_WR);
  assert_answer (f, 0, "HTTP/1.1 400 Bad Request\r\n",
                 "{\"errorMessage\":\"HTTP request detected as truncated\","
                 "\"errorType\":\"TruncatedHTTPRequest\"}");
  assert_closed (f, 0);
  g_assert_cmpstr (f->told->str, ==, "");
}

static void
test_closes_where_asked (Fixture *f, gconstpointer data)
{
  put (f, 0, "GET /2018-06-01/ping HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");

  g_autofree char *answer = get (f, 0);

  g_assert_nonnull (strstr (answer, "\r\nConnection: close\r\n"));
  assert_closed (f, 0);
}

static void
test_tells_to_continue (Fixture *f, gconstpointer data)
{
  put (f, 0,
       "POST " BASE "/init/error HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
       "Content-Length: 3\r\n\r\n");
  iterate (f);

  static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
  char answer[sizeof go_on] = "";

  g_assert_cmpint (recv (f->clients[0], answer, strlen (go_on), MSG_DONTWAIT), ==, strlen (go_on));
  g_assert_cmpstr (answer, ==, go_on);
  put (f, 0, "why");
  assert_answer (f, 0, ACCEPTED);
}

static void
test_can_be_freed_in_a_callback (gconstpointer request)
{
  static const char *const requests[] = { RESPONSE, ERROR, "/init/error" };

  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      Fixture f = { 0 };

      set_up (&f, NULL);
      if (i < 2)
        {
          put (&f, 0, NEXT);
          assert_answer (&f, 0, "HTTP/1.1 200 OK\r\n", "{}");
        }
      f.frees = TRUE;
      put_post (&f, 0, requests[i], "", "x");
      iterate (&f);
      g_assert_null (f.api);
      tear_down (&f, NULL);
    }
}

static void
test_can_be_freed_in_next (Fixture *f, gconstpointer data)
{
  f->frees = TRUE;
  put (f, 0, NEXT);
  iterate (f);
  g_assert_null (f->api);
  g_assert_cmpstr (f->told->str, ==, "next;");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
#define ADD(path, test) g_test_add ("/runtime-api/" path, Fixture, NULL, set_up, test, tear_down)
  ADD ("serves-invocations", test_serves_invocations);
  ADD ("event-has-its-fields", test_event_has_its_fields);
  ADD ("next-waits", test_next_waits);
  ADD ("handler-error", test_handler_error);
  ADD ("init-error", test_init_error);
  ADD ("a-reset-closes-all-and-begins-anew", test_a_reset_closes_all_and_begins_anew);
  ADD ("refuses-wrong-states", test_refuses_wrong_states);
  ADD ("stale-id-is-refused", test_stale_id_is_refused);
  ADD ("other-paths", test_other_paths);
  ADD ("largest-response", test_largest_response);
  ADD ("response-too-large", test_response_too_large);
  ADD ("large-event", test_large_event);
  ADD ("chunked-response", test_chunked_response);
  ADD ("error-in-trailers", test_error_in_trailers);
  ADD ("unknown-response-mode", test_unknown_response_mode);
  ADD ("two-that-wait-get-the-same-event", test_two_that_wait_get_the_same_event);
  ADD ("a-closed-one-that-waited-is-forgotten", test_a_closed_one_that_waited_is_forgotten);
  ADD ("pipelining-is-refused", test_pipelining_is_refused);
  ADD ("bad-requests-are-refused", test_bad_requests_are_refused);
  ADD ("truncated-request-is-refused", test_truncated_request_is_refused);
  ADD ("closes-where-asked", test_closes_where_asked);
  ADD ("tells-to-continue", test_tells_to_continue);
  ADD ("can-be-freed-in-next", test_can_be_freed_in_next);
#undef ADD
  g_test_add_data_func ("/runtime-api/can-be-freed-in-a-callback", NULL,
                        test_can_be_freed_in_a_callback);
  return g_test_run ();
}
