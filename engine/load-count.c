#include "engine/load-count.h"

#include <math.h>

#include "engine/analysis/money.h"

KelvinLoadCount *
kelvin_load_count_new (void)
{
  KelvinLoadCount *self = g_new0 (KelvinLoadCount, 1);

  self->environments = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->latency = kelvin_reservoir_new ();
  self->cold_latency = kelvin_reservoir_new ();
  self->warm_latency = kelvin_reservoir_new ();
  self->queue = kelvin_reservoir_new ();
  self->lateness = kelvin_reservoir_new ();
  self->lateness_max_ns = -1;
  self->counts.lateness_max_ns = -1;
  self->counts.p50_ms = self->counts.p99_ms = NAN;

  return self;
}

void
kelvin_load_count_free (KelvinLoadCount *self)
{
  g_free (self->door_holders);
  g_hash_table_unref (self->environments);
  kelvin_reservoir_free (self->latency);
  kelvin_reservoir_free (self->cold_latency);
  kelvin_reservoir_free (self->warm_latency);
  kelvin_reservoir_free (self->queue);
  kelvin_reservoir_free (self->lateness);
  g_free (self);
}

void
kelvin_load_count_sent (KelvinLoadCount *self, guint attempt, gint64 lateness_ns)
{
  self->counts.attempts++;
  if (attempt > 1)
    {
      self->retries++;
      return;
    }
  self->started++;
  kelvin_reservoir_add (self->lateness, (double) lateness_ns);
  self->lateness_max_ns = MAX (self->lateness_max_ns, lateness_ns);
}

void
kelvin_load_count_reached (KelvinLoadCount *self)
{
  self->counts.in_flight++;
  self->counts.peak_concurrency = MAX (self->counts.peak_concurrency, self->counts.in_flight);
}

void
kelvin_load_count_left (KelvinLoadCount *self)
{
  self->counts.in_flight--;
}

static void
note_environment (KelvinLoadCount *self, guint64 environment)
{
  gint64 key = (gint64) environment;

  if (environment != 0 && !g_hash_table_contains (self->environments, &key))
    g_hash_table_add (self->environments, g_memdup2 (&key, sizeof key));
  self->counts.environments = g_hash_table_size (self->environments);
}

void
kelvin_load_count_attempt (KelvinLoadCount *self, const KelvinLoadAttempt *attempt,
                           gint64 cost_pico_usd)
{
  self->counts.cost_pico_usd += cost_pico_usd;
  self->throttled_attempts[attempt->throttle]++;
  if (attempt->throttle != KELVIN_THROTTLE_NONE)
    self->counts.throttled_attempts++;
  if (attempt->start == KELVIN_START_COLD)
    self->counts.cold_starts++;
  if (attempt->given_up)
    self->caller_timeouts++;
  if (attempt->attempt == 1 && attempt->status == KELVIN_STATUS_OK && !attempt->given_up)
    self->first_attempt_successes++;
  note_environment (self, attempt->environment);
}

void
kelvin_load_count_doors (KelvinLoadCount *self, const KelvinInvocation *record)
{
  for (guint i = 0; record->connections != NULL && i < record->connections->len; i++)
    {
      const KelvinDoorRecord *door = g_ptr_array_index (record->connections, i);

      if (door->end != KELVIN_DOOR_END_CAPPED)
        continue;
      self->refused_connections++;
      if (self->door_holders == NULL)
        self->door_holders = g_strdup (door->holders);
    }
}

static void
count_success (KelvinLoadCount *self, const KelvinLoadAttempt *attempt, gint64 latency_ns)
{
  double ms = (double) latency_ns / 1e6;

  self->counts.completed++;
  kelvin_reservoir_add (self->latency, ms);
  kelvin_reservoir_add (
      attempt->start == KELVIN_START_COLD ? self->cold_latency : self->warm_latency, ms);
  if (attempt->phases.us[KELVIN_PHASE_QUEUE] >= 0)
    kelvin_reservoir_add (self->queue, (double) attempt->phases.us[KELVIN_PHASE_QUEUE] / 1e3);
  self->recent_ms[self->n_recent++ % G_N_ELEMENTS (self->recent_ms)] = ms;
}

void
kelvin_load_count_event (KelvinLoadCount *self, const KelvinLoadAttempt *attempt, gint64 latency_ns)
{
  gboolean good = attempt->status == KELVIN_STATUS_OK && !attempt->given_up;

  if (attempt->status == KELVIN_STATUS_CANCELLED && !attempt->given_up)
    {
      self->cancelled++;
      return;
    }
  self->recent_failures[self->settled++ % G_N_ELEMENTS (self->recent_failures)] = !good;
  if (good)
    count_success (self, attempt, latency_ns);
  else if (attempt->throttle != KELVIN_THROTTLE_NONE)
    self->counts.throttled++;
  else
    self->counts.function_errors++;
}

static KelvinSummary
summarise_recent (const KelvinLoadCount *self)
{
  return kelvin_summary_of (self->recent_ms, MIN (self->n_recent, G_N_ELEMENTS (self->recent_ms)));
}

void
kelvin_load_count_refresh (KelvinLoadCount *self)
{
  KelvinSummary summary = summarise_recent (self);

  self->counts.p50_ms = summary.p50;
  self->counts.p99_ms = summary.p99;
}

static double
recent_error_rate (const KelvinLoadCount *self)
{
  guint n = G_N_ELEMENTS (self->recent_failures);
  guint failures = 0;

  if (self->settled < n)
    return NAN;
  for (guint i = 0; i < n; i++)
    failures += self->recent_failures[i];
  return (double) failures / n;
}

char *
kelvin_load_count_check (KelvinLoadCount *self, const KelvinStopConditions *stop)
{
  double error_rate = stop->error_rate > 0.0 ? recent_error_rate (self) : NAN;
  KelvinSummary recent = stop->p99_ns > 0 ? summarise_recent (self) : (KelvinSummary){ .p99 = NAN };

  if (error_rate > stop->error_rate)
    return g_strdup_printf ("%.0f %% of the last 100 events failed; the limit is %.0f %%",
                            error_rate * 100.0, stop->error_rate * 100.0);
  if (recent.p99 * 1e6 > (double) stop->p99_ns)
    return g_strdup_printf ("the p99 of the last %" G_GSIZE_FORMAT
                            " successes is %.1f ms; the limit is %.1f ms",
                            recent.count, recent.p99, (double) stop->p99_ns / 1e6);
  if (stop->cost_pico_usd > 0 && self->counts.cost_pico_usd > stop->cost_pico_usd)
    return g_strdup_printf ("the estimated cost of $%.9f is over the cap of $%.9f",
                            kelvin_pico_usd_to_usd (self->counts.cost_pico_usd),
                            kelvin_pico_usd_to_usd (stop->cost_pico_usd));
  return NULL;
}

static gint64
whole_ns (double ns)
{
  return isnan (ns) ? -1 : (gint64) ns;
}

void
kelvin_load_count_fill (const KelvinLoadCount *self, KelvinLoadResult *result)
{
  KelvinSummary lateness = kelvin_reservoir_summarise (self->lateness);

  result->offered = self->settled;
  result->completed = self->counts.completed;
  result->function_errors = self->counts.function_errors;
  result->throttled = self->counts.throttled;
  result->cancelled = self->cancelled;
  result->refused_connections = self->refused_connections;
  result->door_holders = g_strdup (self->door_holders);
  result->caller_timeouts = self->caller_timeouts;
  result->attempts = self->counts.attempts;
  result->first_attempt_successes = self->first_attempt_successes;
  for (guint i = 0; i < KELVIN_N_THROTTLES; i++)
    result->throttled_attempts[i] = self->throttled_attempts[i];
  result->throttled_attempts[KELVIN_THROTTLE_NONE] = 0;
  result->burst_cold_starts = self->burst_cold_starts;
  result->cold_starts = self->counts.cold_starts;
  result->peak_concurrency = self->counts.peak_concurrency;
  result->environments = g_hash_table_size (self->environments);
  result->lateness_p50_ns = whole_ns (lateness.p50);
  result->lateness_p99_ns = whole_ns (lateness.p99);
  result->lateness_max_ns = self->lateness_max_ns;
  result->latency = kelvin_reservoir_summarise (self->latency);
  result->cold_latency = kelvin_reservoir_summarise (self->cold_latency);
  result->warm_latency = kelvin_reservoir_summarise (self->warm_latency);
  result->queue = kelvin_reservoir_summarise (self->queue);
}
