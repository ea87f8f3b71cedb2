#pragma once

#include "engine/analysis/reservoir.h"
#include "engine/load.h"

G_BEGIN_DECLS

/* What a load adds up while it runs. Engine thread alone. */
typedef struct {
  KelvinLoadCounts counts; /* but for `due`, `waiting` and the percentiles, which are told on asking
                            */
  guint64 settled;         /* events whose outcome stands, cancelled ones left out */
  guint64 started;         /* events whose first attempt was sent */
  guint64 cancelled;
  guint64 caller_timeouts;
  guint64 first_attempt_successes;
  guint64 retries;
  guint64 burst_cold_starts;
  guint64 refused_connections;
  char *door_holders; /* at the first of them; NULL before */
  guint64 throttled_attempts[KELVIN_N_THROTTLES];
  GHashTable *environments; /* numbers of those that served */
  KelvinReservoir *latency; /* milliseconds */
  KelvinReservoir *cold_latency;
  KelvinReservoir *warm_latency;
  KelvinReservoir *queue;
  KelvinReservoir *lateness;
  gint64 lateness_max_ns;
  double recent_ms[1000]; /* latency of the last successes, a ring */
  guint64 n_recent;
  guint8 recent_failures[100]; /* of the last events, a ring: 1 where it failed */
} KelvinLoadCount;

KelvinLoadCount *kelvin_load_count_new (void);
void kelvin_load_count_free (KelvinLoadCount *self);

void kelvin_load_count_sent (KelvinLoadCount *self, guint attempt, gint64 lateness_ns);
void kelvin_load_count_reached (KelvinLoadCount *self); /* an environment has it */
void kelvin_load_count_left (KelvinLoadCount *self);    /* and has done with it */
void kelvin_load_count_attempt (KelvinLoadCount *self, const KelvinLoadAttempt *attempt,
                                gint64 cost_pico_usd);
/* Connections that doors refused it. */
void kelvin_load_count_doors (KelvinLoadCount *self, const KelvinInvocation *record);
/* The event's outcome is its attempt's, @latency_ns after it was due. */
void kelvin_load_count_event (KelvinLoadCount *self, const KelvinLoadAttempt *attempt,
                              gint64 latency_ns);

/* Percentiles of the last successes into the counts. */
void kelvin_load_count_refresh (KelvinLoadCount *self);
/* The condition that is passed, in words; NULL if none is. (transfer full) */
char *kelvin_load_count_check (KelvinLoadCount *self, const KelvinStopConditions *stop);
/* All that the counting knows of the result. */
void kelvin_load_count_fill (const KelvinLoadCount *self, KelvinLoadResult *result);

G_END_DECLS
