#include "engine/model/throttle.h"

typedef struct {
  const char *reason;
  const char *limit;
} Words;

static const Words words[KELVIN_N_THROTTLES] = {
  [KELVIN_THROTTLE_NONE] = { NULL, "" },
  [KELVIN_THROTTLE_RESERVED_CONCURRENCY] = { "ReservedFunctionConcurrentInvocationLimitExceeded",
                                             "reserved concurrency" },
  [KELVIN_THROTTLE_ACCOUNT_CONCURRENCY] = { "ConcurrentInvocationLimitExceeded",
                                            "account concurrency" },
  [KELVIN_THROTTLE_RESERVED_RATE] = { "ReservedFunctionInvocationRateLimitExceeded",
                                      "requests a second of the reserved concurrency" },
  [KELVIN_THROTTLE_ACCOUNT_RATE] = { "FunctionInvocationRateLimitExceeded",
                                     "requests a second of the account" },
  /* The service has no reason of its own for it (reference, section 9). */
  [KELVIN_THROTTLE_SCALING_RATE] = { "ConcurrentInvocationLimitExceeded", "scaling rate" },
  [KELVIN_THROTTLE_MACHINE_CONCURRENCY] = { "Kelvin.MachineConcurrency",
                                            "concurrency that this machine can carry" },
  [KELVIN_THROTTLE_MACHINE_MEMORY] = { "Kelvin.MachineMemory", "free memory of this machine" },
};

const char *
kelvin_throttle_get_reason (KelvinThrottle throttle)
{
  g_return_val_if_fail (throttle < KELVIN_N_THROTTLES, NULL);

  return words[throttle].reason;
}

const char *
kelvin_throttle_get_limit (KelvinThrottle throttle)
{
  g_return_val_if_fail (throttle < KELVIN_N_THROTTLES, NULL);

  return words[throttle].limit;
}
