#include "engine/load.h"

#include <math.h>

static char *
check_open (const KelvinLoadRequest *request)
{
  double events = request->rate * (double) request->duration_ns / 1e9;

  if (!isfinite (request->rate) || request->rate <= 0.0 || request->rate > KELVIN_LOAD_MOST_RATE)
    return g_strdup_printf (
        "a rate of %g events a second can't be sent; right is more than 0 and at most %.0f",
        request->rate, KELVIN_LOAD_MOST_RATE);
  if (events > KELVIN_LOAD_MOST_EVENTS)
    return g_strdup_printf ("%g events a second for %g s are %.0f events; right is at most %d",
                            request->rate, (double) request->duration_ns / 1e9, events,
                            KELVIN_LOAD_MOST_EVENTS);
  return NULL;
}

static char *
check_caller (const KelvinCaller *caller)
{
  if (caller->retries > KELVIN_LOAD_MOST_RETRIES)
    return g_strdup_printf ("%u retries are too many; right is 0 to %d", caller->retries,
                            KELVIN_LOAD_MOST_RETRIES);
  if (caller->timeout_ns < 0)
    return g_strdup ("a caller's timeout can't be negative; right is 0 (none) or more");
  if (!isfinite (caller->retry_budget) || caller->retry_budget < 0.0)
    return g_strdup ("a retry budget is a share of the first tries, 0 (none) or more");
  return NULL;
}

char *
kelvin_load_request_check (const KelvinLoadRequest *request)
{
  if (request->pattern == KELVIN_PATTERN_TIMES && request->concurrency == 0)
    return request->times_ns != NULL && request->times_ns->len > 0
               ? check_caller (&request->caller)
               : g_strdup ("the pattern “times” needs times");
  if (request->duration_ns <= 0 || request->duration_ns > KELVIN_LOAD_MOST_DURATION_NS)
    return g_strdup_printf ("a duration of %g s can't be; right is more than 0 and at most %.0f s",
                            (double) request->duration_ns / 1e9,
                            (double) KELVIN_LOAD_MOST_DURATION_NS / 1e9);
  if (request->concurrency > KELVIN_LOAD_MOST_CONCURRENCY)
    return g_strdup_printf ("%u callers at once are too many; right is 1 to %d",
                            request->concurrency, KELVIN_LOAD_MOST_CONCURRENCY);

  if (request->warm > KELVIN_LOAD_MOST_CONCURRENCY)
    return g_strdup_printf ("%u environments can't be warmed; right is 0 to %d", request->warm,
                            KELVIN_LOAD_MOST_CONCURRENCY);

  char *wrong = request->concurrency > 0 ? NULL : check_open (request);

  return wrong != NULL ? wrong : check_caller (&request->caller);
}
