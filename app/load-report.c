#include "app/load-report.h"

#include <math.h>

#include "app/output.h"
#include "app/table.h"
#include "engine/analysis/money.h"

static char *
format_ms (double ms, guint percentile)
{
  if (isnan (ms))
    return g_strdup_printf ("needs n ≥ %" G_GSIZE_FORMAT, kelvin_percentile_needs (percentile));
  return g_strdup_printf ("%.2f", ms);
}

static void
add_summary (KelvinTable *table, const char *title, const KelvinSummary *summary)
{
  g_autofree char *count = g_strdup_printf ("%" G_GSIZE_FORMAT, summary->count);
  g_autofree char *p50 = format_ms (summary->p50, 50);
  g_autofree char *p90 = format_ms (summary->p90, 90);
  g_autofree char *p95 = format_ms (summary->p95, 95);
  g_autofree char *p99 = format_ms (summary->p99, 99);
  g_autofree char *max = format_ms (summary->max, 50);

  if (summary->count > 0)
    kelvin_table_add (table, title, count, p50, p90, p95, p99, max, NULL);
}

static void
print_latency (const KelvinLoadResult *result)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("lrrrrrr");

  kelvin_table_add (table, "milliseconds", "n", "p50", "p90", "p95", "p99", "max", NULL);
  add_summary (table, "latency", &result->latency);
  add_summary (table, "  cold", &result->cold_latency);
  add_summary (table, "  warm", &result->warm_latency);
  add_summary (table, "  (queue)", &result->queue);
  if (kelvin_table_get_n_rows (table) > 1)
    kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  else
    kelvin_print ("no event succeeded\n");
}

static void
print_events (const KelvinLoadResult *result)
{
  kelvin_print ("events     %" G_GUINT64_FORMAT " offered = %" G_GUINT64_FORMAT
                " completed + %" G_GUINT64_FORMAT " failed + %" G_GUINT64_FORMAT " throttled",
                result->offered, result->completed, result->function_errors, result->throttled);
  if (result->cancelled > 0)
    kelvin_print ("; %" G_GUINT64_FORMAT " more were cancelled", result->cancelled);
  kelvin_print ("\n");
  if (result->offered > 0)
    kelvin_print ("callers    %" G_GUINT64_FORMAT
                  " attempts, amplification %.2f; %.1f %% succeeded "
                  "at the first, %.1f %% in the end\n",
                  result->attempts,
                  (double) result->attempts / (double) (result->offered + result->cancelled),
                  100.0 * (double) result->first_attempt_successes / (double) result->offered,
                  100.0 * (double) result->completed / (double) result->offered);
}

static void
print_throttles (const KelvinLoadResult *result)
{
  for (guint i = 1; i < KELVIN_N_THROTTLES; i++)
    if (result->throttled_attempts[i] > 0)
      kelvin_print ("throttled  %" G_GUINT64_FORMAT " attempts by the limit of %s (%s)\n",
                    result->throttled_attempts[i], kelvin_throttle_get_limit (i),
                    kelvin_throttle_get_reason (i));
}

static void
print_machine (const KelvinLoadResult *result)
{
  double duration_s = (double) result->duration_ns / 1e9;

  kelvin_print ("time       %.2f s, and %.2f s to drain", duration_s,
                (double) result->drain_ns / 1e9);
  if (duration_s > 0)
    kelvin_print ("; %.1f completed a second", (double) result->completed / duration_s);
  kelvin_print ("\n");
  kelvin_print ("machine    %u environments, %" G_GUINT64_FORMAT " cold starts, at most %u busy at "
                "once\n",
                result->environments, result->cold_starts, result->peak_concurrency);
  if (result->lateness_max_ns >= 0)
    kelvin_print ("generator  late by %.2f ms at most", (double) result->lateness_max_ns / 1e6);
  if (result->lateness_p99_ns >= 0)
    kelvin_print (", %.2f ms at p99", (double) result->lateness_p99_ns / 1e6);
  kelvin_print ("\ncost       estimated: $%.9f\n",
                kelvin_pico_usd_to_usd (result->run->cost_pico_usd));
}

void
kelvin_load_report_print (const KelvinLoadResult *result)
{
  print_latency (result);
  kelvin_print ("\n");
  print_events (result);
  print_throttles (result);
  print_machine (result);
  if (result->stopped_by != NULL)
    kelvin_print ("stopped    %s\n", result->stopped_by);
}
