/* A runtime of its own for measurements: speaks the Runtime API on one connection with raw sockets,
 * so that what is measured is Kelvin's. An event of the form 123 sleeps for so many milliseconds.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char next[] = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: api\r\n\r\n";
static char room[65536];

static int
dial (const char *api)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  char host[64] = "";
  int port = 0;
  int one = 1;
  int link = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (api == NULL || sscanf (api, "%63[^:]:%d", host, &port) != 2)
    return -1;
  address.sin_port = htons ((unsigned short) port);
  inet_pton (AF_INET, host, &address.sin_addr);
  setsockopt (link, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  return connect (link, (struct sockaddr *) &address, sizeof address) == 0 ? link : -1;
}

/* The body of the answer, ended by NUL; NULL when the other side has gone. */
static char *
read_answer (int link)
{
  size_t used = 0;

  for (;;)
    {
      ssize_t n = read (link, room + used, sizeof room - 1 - used);
      char *body, *length;

      if (n <= 0)
        return NULL;
      used += (size_t) n;
      room[used] = '\0';
      body = strstr (room, "\r\n\r\n");
      length = strcasestr (room, "content-length:");
      if (body != NULL && used >= (size_t) (body + 4 - room) +
                                      (length != NULL ? strtoul (length + 15, NULL, 10) : 0))
        return body + 4;
    }
}

static void
pause_ms (long ms)
{
  struct timespec wait = { ms / 1000, ms % 1000 * 1000000 };

  nanosleep (&wait, NULL);
}

int
main (void)
{
  int link = dial (getenv ("AWS_LAMBDA_RUNTIME_API"));
  char request[512];
  char id[40];

  while (link >= 0 && write (link, next, sizeof next - 1) > 0)
    {
      char *body = read_answer (link);
      char *header = body != NULL ? strcasestr (room, "lambda-runtime-aws-request-id:") : NULL;

      if (header == NULL || sscanf (header + 30, " %39[^\r]", id) != 1)
        return 1;
      if (strtol (body, NULL, 10) > 0)
        pause_ms (strtol (body, NULL, 10));
      snprintf (request, sizeof request,
                "POST /2018-06-01/runtime/invocation/%s/response HTTP/1.1\r\nHost: api\r\n"
                "Content-Length: 2\r\n\r\n{}",
                id);
      if (write (link, request, strlen (request)) < 0 || read_answer (link) == NULL)
        return 1;
    }
  return 1;
}
