#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which limit refused an attempt. */
typedef enum {
  KELVIN_THROTTLE_NONE,
  KELVIN_THROTTLE_RESERVED_CONCURRENCY, /* the function's own; 0 throttles all */
  KELVIN_THROTTLE_ACCOUNT_CONCURRENCY,  /* what no function has reserved is in use */
  KELVIN_THROTTLE_RESERVED_RATE,        /* 10 requests a second for each reserved environment */
  KELVIN_THROTTLE_ACCOUNT_RATE,         /* the same, for a function without a reservation */
  KELVIN_THROTTLE_SCALING_RATE,         /* 1,000 new environments in 10 s and function */
  KELVIN_THROTTLE_MACHINE_CONCURRENCY,  /* Kelvin's own limit: what this machine can carry */
  KELVIN_THROTTLE_MACHINE_MEMORY,       /* no memory is left for one more environment */
} KelvinThrottle;
#define KELVIN_N_THROTTLES 8

/* The service's `Reason`; for Kelvin's own limits a word of its own, "Kelvin.MachineMemory". NULL
 * for KELVIN_THROTTLE_NONE. */
const char *kelvin_throttle_get_reason (KelvinThrottle throttle);
/* The limit in a person's words: "reserved concurrency"; "" for KELVIN_THROTTLE_NONE. */
const char *kelvin_throttle_get_limit (KelvinThrottle throttle);

G_END_DECLS
