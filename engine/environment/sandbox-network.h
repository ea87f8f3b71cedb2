#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The way out of a sandbox whose network is `internet`: the program pasta, which carries packets
 * between the sandbox's network namespace and sockets of the machine. The machine's loopback
 * addresses stay closed. Engine thread alone. */
typedef struct _KelvinSandboxNetwork KelvinSandboxNetwork;

/* The device inside, and the resolver that pasta forwards to the machine's. */
#define KELVIN_NETWORK_DEVICE "eth0"
#define KELVIN_NETWORK_RESOLVER "169.254.1.1"
/* How long it may take. */
#define KELVIN_NETWORK_MOST_MS 5000

/* FALSE, with what to install, where the program isn't there. Any thread. */
gboolean kelvin_sandbox_network_is_there (GError **error);

/* The program has ended; @error says why. Not called after the network is freed. */
typedef void (*KelvinNetworkEndedFunc) (const GError *error, gpointer user_data);

/* Takes both descriptors. */
KelvinSandboxNetwork *kelvin_sandbox_network_start (int user_namespace, int network_namespace,
                                                    KelvinNetworkEndedFunc ended,
                                                    gpointer user_data, GError **error);
/* Ends the program. */
void kelvin_sandbox_network_free (KelvinSandboxNetwork *self);

G_END_DECLS
