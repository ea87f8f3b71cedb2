/* What a connection costs, straight or through a door.
 *
 *   bench-door serve                      prints its port, then answers until it is ended
 *   bench-door connect HOST PORT TIMES    microseconds from connecting to the first byte, one a
 * line bench-door carry HOST PORT MEGABYTES  gigabytes a second that came
 */
#include <arpa/inet.h>
#include <glib.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "engine/fd.h"

#define BLOCK (256 * 1024)

static guint8 block[BLOCK];

static gint64
now_ns (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);
  return now.tv_sec * G_GINT64_CONSTANT (1000000000) + now.tv_nsec;
}

/* A ping is answered with a byte; a number of megabytes, by so many. */
static void
answer (int fd)
{
  guint32 megabytes = 0;

  if (recv (fd, &megabytes, sizeof megabytes, MSG_WAITALL) != sizeof megabytes)
    return;
  if (megabytes == 0)
    {
      (void) send (fd, block, 1, MSG_NOSIGNAL);
      return;
    }
  for (gint64 left = (gint64) megabytes * 1024 * 1024; left > 0;)
    {
      gssize sent = send (fd, block, (gsize) MIN (left, BLOCK), MSG_NOSIGNAL);

      if (sent < 0)
        return;
      left -= sent;
    }
}

static int
serve (void)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof where;
  g_auto (KelvinFd) listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (bind (listener, (struct sockaddr *) &where, sizeof where) != 0 ||
      listen (listener, 64) != 0 ||
      getsockname (listener, (struct sockaddr *) &where, &length) != 0)
    return 1;
  g_print ("%u\n", ntohs (where.sin_port));
  for (;;)
    {
      g_auto (KelvinFd) fd = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);

      if (fd >= 0)
        answer (fd);
    }
}

static int
connect_to (const char *host, const char *port)
{
  struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM };
  static struct addrinfo *found;
  int on = 1;

  if (found == NULL && getaddrinfo (host, port, &hints, &found) != 0)
    return -1;

  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect (fd, found->ai_addr, found->ai_addrlen) != 0)
    kelvin_fd_clear (&fd);
  else
    setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static int
measure_connects (const char *host, const char *port, int times)
{
  for (int left = times; left > 0; left--)
    {
      guint32 ping = 0;
      guint8 byte;
      gint64 started_ns = now_ns ();
      g_auto (KelvinFd) fd = connect_to (host, port);

      if (fd < 0 || send (fd, &ping, sizeof ping, MSG_NOSIGNAL) < 0 || recv (fd, &byte, 1, 0) != 1)
        return 1;
      g_print ("%.2f\n", (double) (now_ns () - started_ns) / 1000);
    }
  return 0;
}

static int
measure_carrying (const char *host, const char *port, guint32 megabytes)
{
  g_auto (KelvinFd) fd = connect_to (host, port);
  gint64 left = (gint64) megabytes * 1024 * 1024;
  gint64 started_ns = now_ns ();

  if (fd < 0 || send (fd, &megabytes, sizeof megabytes, MSG_NOSIGNAL) < 0)
    return 1;
  while (left > 0)
    {
      gssize came = recv (fd, block, BLOCK, 0);

      if (came <= 0)
        return 1;
      left -= came;
    }
  g_print ("%.3f\n", (double) megabytes * 1024 * 1024 / (double) (now_ns () - started_ns));
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 2 && strcmp (argv[1], "serve") == 0)
    return serve ();
  if (argc == 5 && strcmp (argv[1], "connect") == 0)
    return measure_connects (argv[2], argv[3], atoi (argv[4]));
  if (argc == 5 && strcmp (argv[1], "carry") == 0)
    return measure_carrying (argv[2], argv[3], (guint32) atoi (argv[4]));
  g_printerr ("usage: bench-door serve | connect HOST PORT TIMES | carry HOST PORT MEGABYTES\n");
  return 2;
}
