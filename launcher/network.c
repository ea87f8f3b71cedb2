#include "launcher/network.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

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
