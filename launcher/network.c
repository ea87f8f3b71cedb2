#include "launcher/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>

#include "launcher/descriptor.h"

/* A function may open as many connections at once as it may have descriptors. */
#define BACKLOG 1024

int
network_switch_on_loopback (void)
{
  struct ifreq device = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
  AUTO_CLOSE int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  return ioctl (fd, SIOCSIFFLAGS, &device);
}

int
network_listen (const char *address, uint16_t port, bool datagram)
{
  struct sockaddr_in where = { .sin_family = AF_INET, .sin_port = htons (port) };

  if (inet_pton (AF_INET, address, &where.sin_addr) != 1)
    {
      errno = EINVAL;
      return -1;
    }

  int type = datagram ? SOCK_DGRAM : SOCK_STREAM;
  AUTO_CLOSE int fd = socket (AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  if (bind (fd, (struct sockaddr *) &where, sizeof where) != 0)
    return -1;
  if (!datagram && listen (fd, BACKLOG) != 0)
    return -1;
  return descriptor_steal (&fd);
}

/* Whether the kernel's list of routes has one by @device to everywhere. */
static bool
leads_out (const char *device)
{
  char name[IFNAMSIZ + 1], line[256];
  unsigned long destination = 1;
  bool found = false;
  FILE *routes = fopen ("/proc/net/route", "re");

  if (routes == NULL)
    return false;
  while (!found && fgets (line, sizeof line, routes) != NULL)
    found = sscanf (line, "%16s %lx", name, &destination) == 2 && destination == 0 &&
            strcmp (name, device) == 0;
  fclose (routes);
  return found;
}

/* How often to look: what is waited for takes some ten milliseconds. */
#define STEP_MS 1

int
network_await (const char *device, unsigned most_ms)
{
  const struct timespec step = { .tv_nsec = STEP_MS * 1000000 };

  for (unsigned waited = 0; waited < most_ms; waited += STEP_MS)
    {
      if (leads_out (device))
        return 0;
      nanosleep (&step, NULL);
    }
  errno = ETIMEDOUT;
  return -1;
}
