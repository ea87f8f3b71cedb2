/* A runtime of its own, with nothing but the C library: asks the Runtime API for the next event,
 * hands it to handle(), and posts the result. Compile it with make. */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define API "/2018-06-01/runtime/invocation"

/* Both directions of one connection. */
struct api {
  FILE *in;
  FILE *out;
};

struct answer {
  char request_id[64];
  char *body; /* ends with a zero byte */
  size_t length;
};

/* The function itself. The result is JSON, and the caller frees it. */
static char *
handle (const char *event)
{
  const char *field = strstr (event, "\"name\"");
  char name[64] = "world";
  char *result = NULL;

  if (field != NULL)
    sscanf (field + strlen ("\"name\""), " : \"%63[^\"\\]", name);
  fprintf (stderr, "greeting %s\n", name);
  if (asprintf (&result, "{\"message\": \"Hello, %s\"}", name) < 0)
    return NULL;
  return result;
}

/* AWS_LAMBDA_RUNTIME_API is host:port; the host is always an address. */
static int
connect_to_api (struct api *api)
{
  const char *place = getenv ("AWS_LAMBDA_RUNTIME_API");
  struct sockaddr_in address = { .sin_family = AF_INET };
  char host[64];
  unsigned short port;

  if (place == NULL || sscanf (place, "%63[^:]:%hu", host, &port) != 2 ||
      inet_pton (AF_INET, host, &address.sin_addr) != 1)
    return 0;
  address.sin_port = htons (port);

  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect (fd, (struct sockaddr *) &address, sizeof address) != 0)
    return 0;
  api->in = fdopen (fd, "r");
  api->out = fdopen (fcntl (fd, F_DUPFD_CLOEXEC, 0), "w");
  return api->in != NULL && api->out != NULL;
}

static int
read_answer (struct api *api, struct answer *answer)
{
  char line[1024];

  *answer = (struct answer){ 0 };
  while (fgets (line, sizeof line, api->in) != NULL && strcmp (line, "\r\n") != 0)
    {
      if (strncasecmp (line, "content-length:", strlen ("content-length:")) == 0)
        answer->length = strtoul (strchr (line, ':') + 1, NULL, 10);
      sscanf (line, "Lambda-Runtime-Aws-Request-Id: %63s", answer->request_id);
    }
  answer->body = calloc (1, answer->length + 1);
  return answer->body != NULL && fread (answer->body, 1, answer->length, api->in) == answer->length;
}

static int
ask_for_event (struct api *api, struct answer *event)
{
  fprintf (api->out, "GET " API "/next HTTP/1.1\r\nHost: runtime\r\n\r\n");
  fflush (api->out);
  return read_answer (api, event);
}

static int
post_result (struct api *api, const char *request_id, const char *result)
{
  struct answer accepted;

  fprintf (api->out, "POST " API "/%s/response HTTP/1.1\r\nHost: runtime\r\n", request_id);
  fprintf (api->out, "Content-Length: %zu\r\n\r\n%s", strlen (result), result);
  fflush (api->out);

  int ok = read_answer (api, &accepted);
  free (accepted.body);
  return ok;
}

static int
serve_one (struct api *api)
{
  struct answer event;
  char *result = NULL;

  int ok = ask_for_event (api, &event) && (result = handle (event.body)) != NULL &&
           post_result (api, event.request_id, result);
  free (event.body);
  free (result);
  return ok;
}

int
main (void)
{
  struct api api = { NULL, NULL };
  int ok = connect_to_api (&api);

  while (ok)
    ok = serve_one (&api);
  fprintf (stderr, "the Runtime API can't be reached, or ended the conversation\n");
  return EXIT_FAILURE;
}
