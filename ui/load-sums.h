#pragma once

#include "engine/load.h"
#include "ui/facts.h"

G_BEGIN_DECLS

/* The figures of a load, while it runs or afterwards: due = done + failed + given up + waiting. */
typedef struct {
  guint64 due;
  guint64 done;
  guint64 failed;
  guint64 given_up; /* throttled at their last try */
  guint64 waiting;
  guint64 cancelled;
  guint64 attempts;
  guint64 throttled_attempts;
  guint64 cold_starts;
  guint environments;
  guint peak_concurrency;
  double p50_ms, p99_ms; /* NAN where n can't carry them */
  double first_share;    /* of events that succeeded at the first try; NAN unknown */
  gint64 cost_pico_usd;
  double drain_s;      /* NAN: not yet */
  double lateness_ms;  /* of the generator, at most; NAN unknown */
  double reached_rate; /* NAN unknown */
  gboolean ended;
} KelvinLoadSums;

KelvinLoadSums kelvin_load_sums_of_counts (const KelvinLoadCounts *counts);
KelvinLoadSums kelvin_load_sums_of_result (const KelvinLoadResult *result);
/* What is kept with a run, as kelvin_load_result_to_json wrote it; NULL where it is something else.
 * FALSE then. */
gboolean kelvin_load_sums_read (const KelvinRun *run, KelvinLoadSums *out_sums);

/* "160 of 160" */
char *kelvin_load_sums_dup_figure (const KelvinLoadSums *self);
/* "160 done = 160 due − 0 failed − 0 given up − 0 waiting" */
char *kelvin_load_sums_dup_equation (const KelvinLoadSums *self);
/* "10 environments, at most 10 busy · 10 cold starts · 235 throttled tries" */
char *kelvin_load_sums_dup_environments (const KelvinLoadSums *self);
void kelvin_load_sums_show (const KelvinLoadSums *self, KelvinFacts *facts);

G_END_DECLS
