#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The network of a sandbox: its own, with nothing but the loopback device. */

/* 0, or -1 with errno. */
int network_switch_on_loopback (void);

/* Waits until somebody outside has made @device and a way out by it, at most @most_ms. 0, or -1
 * with errno. */
int network_await (const char *device, unsigned most_ms);

/* A listening TCP socket, or with @datagram one that is bound for UDP; non-blocking and
 * close-on-exec, or -1 with errno. */
int network_listen (const char *address, uint16_t port, bool datagram);
