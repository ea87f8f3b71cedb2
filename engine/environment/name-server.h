#pragma once

#include "engine/environment/dns-message.h"
#include "engine/poller.h"

G_BEGIN_DECLS

/* The resolver of one sandbox: answers what is asked on its sockets. Engine thread alone. */
typedef struct _KelvinNameServer KelvinNameServer;

/* The IPv4 address of @name, which is lower case; FALSE where there is no such name. @type is what
 * was asked for. Not called for names of addresses (….arpa). */
typedef gboolean (*KelvinNameFunc) (const char *name, KelvinDnsType type, guint8 *out_address,
                                    gpointer user_data);

/* Takes both descriptors: @datagram_fd is bound, @stream_fd listens; both are non-blocking. */
KelvinNameServer *kelvin_name_server_new (KelvinPoller *poller, int datagram_fd, int stream_fd,
                                          KelvinNameFunc find, gpointer user_data);
void kelvin_name_server_free (KelvinNameServer *self);

/* Answers what has been asked by now. */
void kelvin_name_server_drain (KelvinNameServer *self);

G_END_DECLS
