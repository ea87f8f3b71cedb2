#include "config.h"

#include "ui/load-sums.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/analysis/money.h"
#include "ui/charts/duration.h"

KelvinLoadSums
kelvin_load_sums_of_counts (const KelvinLoadCounts *counts)
{
  return (KelvinLoadSums){
    .due = counts->due,
    .done = counts->completed,
    .failed = counts->function_errors,
    .given_up = counts->throttled,
    .waiting = counts->waiting,
    .attempts = counts->attempts,
    .throttled_attempts = counts->throttled_attempts,
    .cold_starts = counts->cold_starts,
    .environments = counts->environments,
    .peak_concurrency = counts->peak_concurrency,
    .p50_ms = counts->p50_ms,
    .p99_ms = counts->p99_ms,
    .first_share = NAN,
    .cost_pico_usd = counts->cost_pico_usd,
    .drain_s = NAN,
    .lateness_ms = counts->lateness_max_ns < 0 ? NAN : (double) counts->lateness_max_ns / 1e6,
    .reached_rate = NAN,
  };
}

KelvinLoadSums
kelvin_load_sums_of_result (const KelvinLoadResult *result)
{
  KelvinLoadSums self = {
    .due = result->offered + result->cancelled,
    .done = result->completed,
    .failed = result->function_errors,
    .given_up = result->throttled,
    .cancelled = result->cancelled,
    .attempts = result->attempts,
    .cold_starts = result->cold_starts,
    .environments = result->environments,
    .peak_concurrency = result->peak_concurrency,
    .p50_ms = result->latency.p50,
    .p99_ms = result->latency.p99,
    .first_share = result->offered > 0
                       ? (double) result->first_attempt_successes / (double) result->offered
                       : NAN,
    .cost_pico_usd = result->run->cost_pico_usd,
    .drain_s = (double) result->drain_ns / 1e9,
    .lateness_ms = result->lateness_max_ns < 0 ? NAN : (double) result->lateness_max_ns / 1e6,
    .reached_rate = result->reached_rate,
    .ended = TRUE,
  };

  for (guint i = 0; i < KELVIN_N_THROTTLES; i++)
    self.throttled_attempts += result->throttled_attempts[i];
  return self;
}

static double
read_number (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static guint64
read_count (JsonObject *object, const char *name)
{
  double number = read_number (object, name);

  return isnan (number) || number < 0 ? 0 : (guint64) number;
}

static JsonObject *
read_object (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static guint64
count_throttled (JsonObject *object)
{
  JsonNode *node = json_object_get_member (object, "throttles");
  guint64 sum = 0;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return 0;

  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *item = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (item))
        sum += read_count (json_node_get_object (item), "attempts");
    }
  return sum;
}

gboolean
kelvin_load_sums_read (const KelvinRun *run, KelvinLoadSums *out_sums)
{
  if (run->details_json == NULL)
    return FALSE;

  g_autoptr (JsonNode) node = json_from_string (run->details_json, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    return FALSE;

  JsonObject *object = json_node_get_object (node);
  if (!json_object_has_member (object, "offered"))
    return FALSE;

  JsonObject *latency = read_object (object, "latencyMs");
  *out_sums = (KelvinLoadSums){
    .due = read_count (object, "offered") + read_count (object, "cancelled"),
    .done = read_count (object, "completed"),
    .failed = read_count (object, "functionErrors"),
    .given_up = read_count (object, "throttled"),
    .cancelled = read_count (object, "cancelled"),
    .attempts = read_count (object, "attempts"),
    .throttled_attempts = count_throttled (object),
    .cold_starts = read_count (object, "coldStarts"),
    .environments = (guint) read_count (object, "environments"),
    .peak_concurrency = (guint) read_count (object, "peakConcurrency"),
    .p50_ms = read_number (latency, "p50"),
    .p99_ms = read_number (latency, "p99"),
    .first_share = read_number (object, "firstAttemptSuccessRate"),
    .cost_pico_usd = run->cost_pico_usd,
    .drain_s = read_number (object, "drainS"),
    .lateness_ms = read_number (read_object (object, "latenessMs"), "max"),
    .reached_rate = read_number (object, "reachedRatePerS"),
    .ended = TRUE,
  };
  return TRUE;
}

char *
kelvin_load_sums_dup_figure (const KelvinLoadSums *self)
{
  /* Translators: how many events were answered, of how many that were due */
  return g_strdup_printf (_ ("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT), self->done, self->due);
}

char *
kelvin_load_sums_dup_equation (const KelvinLoadSums *self)
{
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: numbers of events; what follows is taken from those that were due */
  g_string_append_printf (text,
                          _ ("%" G_GUINT64_FORMAT " done = %" G_GUINT64_FORMAT
                             " due − %" G_GUINT64_FORMAT " failed − %" G_GUINT64_FORMAT
                             " given up"),
                          self->done, self->due, self->failed, self->given_up);
  if (self->waiting > 0)
    g_string_append_printf (text, _ (" − %" G_GUINT64_FORMAT " waiting"), self->waiting);
  if (self->cancelled > 0)
    g_string_append_printf (text, _ (" − %" G_GUINT64_FORMAT " cancelled"), self->cancelled);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
kelvin_load_sums_dup_environments (const KelvinLoadSums *self)
{
  gulong cold = (gulong) self->cold_starts;
  gulong throttled = (gulong) self->throttled_attempts;
  g_autofree char *environments = g_strdup_printf (
      ngettext ("%u environment", "%u environments", self->environments), self->environments);
  g_autofree char *colds =
      g_strdup_printf (ngettext ("%lu cold start", "%lu cold starts", cold), cold);
  g_autofree char *tries =
      g_strdup_printf (ngettext ("%lu throttled try", "%lu throttled tries", throttled), throttled);

  /* Translators: "3 environments", how many of them were busy at once at most, "3 cold starts", "2
   * throttled tries" */
  return g_strdup_printf (_ ("%s, at most %u busy · %s · %s"), environments, self->peak_concurrency,
                          colds, tries);
}

static char *
format_percentile (double ms, gsize needs)
{
  return isnan (ms) ? g_strdup_printf (_ ("needs n ≥ %" G_GSIZE_FORMAT), needs)
                    : kelvin_format_duration (ms);
}

static void
add_tries (const KelvinLoadSums *self, KelvinFacts *facts)
{
  guint64 due = MAX (self->due, 1);
  g_autofree char *tries = g_strdup_printf ("%'" G_GUINT64_FORMAT " · ×%.2f", self->attempts,
                                            (double) self->attempts / (double) due);
  g_autofree char *throttled = g_strdup_printf ("%'" G_GUINT64_FORMAT, self->throttled_attempts);

  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("tries, amplification"), tries, NULL);
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("throttled tries"), throttled, NULL);
  if (isnan (self->first_share))
    return;

  g_autofree char *first = g_strdup_printf ("%.1f %%", 100 * self->first_share);
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("succeeded at the first try"), first, NULL);
}

void
kelvin_load_sums_show (const KelvinLoadSums *self, KelvinFacts *facts)
{
  g_autofree char *p50 = format_percentile (self->p50_ms, kelvin_percentile_needs (50));
  g_autofree char *p99 = format_percentile (self->p99_ms, kelvin_percentile_needs (99));
  g_autofree char *percentiles = g_strdup_printf ("%s / %s", p50, p99);
  g_autofree char *cost = kelvin_format_usd (self->cost_pico_usd);

  kelvin_facts_clear (facts);
  add_tries (self, facts);
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("p50 / p99"), percentiles,
                    self->ended ? NULL : _ ("of the last 1,000 that succeeded"));
  kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("cost, estimated"), cost, NULL);
  if (!isnan (self->drain_s))
    {
      g_autofree char *drain = kelvin_format_duration (1000 * self->drain_s);
      kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("to drain"), drain, NULL);
    }
  if (!isnan (self->lateness_ms))
    {
      g_autofree char *late = kelvin_format_duration (self->lateness_ms);
      kelvin_facts_add (facts, KELVIN_FACT_PLAIN, _ ("sent late by at most"), late, NULL);
    }
}
