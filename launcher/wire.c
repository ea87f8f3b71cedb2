#include "launcher/wire.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "launcher/protocol.h"

typedef union {
  struct cmsghdr align;
  char bytes[CMSG_SPACE (sizeof (int) * KELVIN_MOST_FDS)];
} Ancillary;

int
wire_send (int socket, const void *message, size_t size, const int *fds, int n_fds)
{
  Ancillary ancillary = { 0 };
  struct iovec part = { .iov_base = (void *) message, .iov_len = size };
  struct msghdr header = { .msg_iov = &part, .msg_iovlen = 1 };
  ssize_t sent = -1;

  if (n_fds > 0)
    {
      header.msg_control = ancillary.bytes;
      header.msg_controllen = CMSG_SPACE (sizeof (int) * (size_t) n_fds);
      struct cmsghdr *first = CMSG_FIRSTHDR (&header);
      first->cmsg_level = SOL_SOCKET;
      first->cmsg_type = SCM_RIGHTS;
      first->cmsg_len = CMSG_LEN (sizeof (int) * (size_t) n_fds);
      memcpy (CMSG_DATA (first), fds, sizeof (int) * (size_t) n_fds);
    }

  do
    sent = sendmsg (socket, &header, MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  return sent < 0 ? -1 : 0;
}

static int
take_descriptors (struct cmsghdr *rights, int *fds, int max_fds, int n_fds)
{
  size_t count = (rights->cmsg_len - CMSG_LEN (0)) / sizeof (int);

  for (size_t i = 0; i < count; i++)
    {
      int fd = -1;
      memcpy (&fd, CMSG_DATA (rights) + i * sizeof (int), sizeof fd);
      if (n_fds < max_fds)
        fds[n_fds++] = fd;
      else
        close (fd);
    }
  return n_fds;
}

ssize_t
wire_receive (int socket, void *message, size_t capacity, int *fds, int max_fds, int *out_n_fds)
{
  Ancillary ancillary = { 0 };
  struct iovec part = { .iov_base = message, .iov_len = capacity };
  struct msghdr header = { .msg_iov = &part,
                           .msg_iovlen = 1,
                           .msg_control = ancillary.bytes,
                           .msg_controllen = sizeof ancillary.bytes };
  ssize_t size = -1;

  *out_n_fds = 0;
  do
    size = recvmsg (socket, &header, MSG_CMSG_CLOEXEC);
  while (size < 0 && errno == EINTR);
  if (size <= 0)
    return size;

  for (struct cmsghdr *next = CMSG_FIRSTHDR (&header); next != NULL;
       next = CMSG_NXTHDR (&header, next))
    if (next->cmsg_level == SOL_SOCKET && next->cmsg_type == SCM_RIGHTS)
      *out_n_fds = take_descriptors (next, fds, max_fds, *out_n_fds);

  if ((header.msg_flags & MSG_TRUNC) == 0)
    return size;

  while (*out_n_fds > 0)
    close (fds[--*out_n_fds]);
  errno = EMSGSIZE;
  return -1;
}
