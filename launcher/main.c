/* kelvin-launcher: makes sandboxes for one engine. Started with the engine's socket at
 * KELVIN_LAUNCHER_FD and no arguments; everything that it says and takes stands in protocol.h. */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/protocol.h"
#include "launcher/server.h"

/* Each sandbox costs a pidfd here, and a descriptor a mount while it is made. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit = { 0 };

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
}

static int
is_engine_socket (int fd)
{
  int type = 0;
  socklen_t size = sizeof type;

  return getsockopt (fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

int
main (void)
{
  if (!is_engine_socket (KELVIN_LAUNCHER_FD))
    {
      fputs ("kelvin-launcher is started by kelvin, not by hand\n", stderr);
      return EXIT_FAILURE;
    }
  close_range (KELVIN_LAUNCHER_FD + 1, ~0U, 0);
  /* A signal for the terminal's processes is the engine's to handle: it ends this program by its
   * socket. */
  setsid ();
  raise_descriptor_limit ();
  return server_run (KELVIN_LAUNCHER_FD);
}
