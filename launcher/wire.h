#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Sending and receiving whole messages, with descriptors, on a SEQPACKET socket. Both sides of
 * protocol.h use it; it allocates nothing. */

/* Returns 0, or -1 with errno. Blocks as the socket does; never raises SIGPIPE. */
int wire_send (int socket, const void *message, size_t size, const int *fds, int n_fds);

/* Returns the size, 0 at the end of the connection, or -1 with errno (EMSGSIZE for a message that
 * is larger than @capacity). Stores at most @max_fds descriptors, all close-on-exec, and their
 * number in
 * @out_n_fds; what comes beyond is closed. */
ssize_t wire_receive (int socket, void *message, size_t capacity, int *fds, int max_fds,
                      int *out_n_fds);
