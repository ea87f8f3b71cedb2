#include "app/profile-report.h"

#include <math.h>

#include "app/output.h"
#include "app/table.h"
#include "engine/analysis/cost.h"
#include "engine/analysis/statistics.h"
#include "engine/model/phase.h"

#define ALIGNMENT "lrrrrrrr"

static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* NAN where it is null or isn't there. */
static double
get_number (JsonObject *object, const char *name)
{
  JsonNode *node = object == NULL ? NULL : json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : NAN;
}

static const char *
get_text (JsonObject *object, const char *name)
{
  return object == NULL ? NULL : json_object_get_string_member_with_default (object, name, NULL);
}

static char *
format_ms (double ms)
{
  return isnan (ms) ? g_strdup ("–") : g_strdup_printf ("%.2f", ms);
}

/* Which rows say why a figure is missing: once for all phases is enough. */
typedef enum {
  MISSING_EXPLAINED,
  MISSING_DASHED,
} Missing;

static char *
format_needed (Missing missing, gsize needed)
{
  if (missing == MISSING_DASHED)
    return g_strdup ("–");
  return g_strdup_printf ("needs n ≥ %" G_GSIZE_FORMAT, needed);
}

static char *
format_percentile (JsonObject *summary, guint percentile, Missing missing)
{
  g_autofree char *name = g_strdup_printf ("p%u", percentile);
  double ms = get_number (summary, name);

  if (isnan (ms))
    return format_needed (missing, kelvin_percentile_needs (percentile));
  return format_ms (ms);
}

static char *
format_interval (JsonObject *summary, Missing missing)
{
  JsonNode *node = json_object_get_member (summary, "p50CI95");
  JsonArray *interval =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (interval == NULL || json_array_get_length (interval) != 2 ||
      json_array_get_null_element (interval, 0))
    return format_needed (missing, KELVIN_SAMPLES_FOR_INTERVAL);
  return g_strdup_printf ("%.2f … %.2f", json_array_get_double_element (interval, 0),
                          json_array_get_double_element (interval, 1));
}

static guint
count_samples (JsonObject *summary)
{
  JsonNode *node = json_object_get_member (summary, "samples");

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node)
             ? json_array_get_length (json_node_get_array (node))
             : 0;
}

static void
add_summary (KelvinTable *table, const char *title, JsonObject *summary, Missing missing)
{
  if (summary == NULL || count_samples (summary) == 0)
    return;
  g_autofree char *count = g_strdup_printf ("%u", count_samples (summary));
  g_autofree char *p50 = format_ms (get_number (summary, "p50"));
  g_autofree char *interval = format_interval (summary, missing);
  g_autofree char *p90 = format_percentile (summary, 90, missing);
  g_autofree char *p95 = format_percentile (summary, 95, missing);
  g_autofree char *p99 = format_percentile (summary, 99, missing);
  g_autofree char *max = format_ms (get_number (summary, "max"));

  kelvin_table_add (table, title, count, p50, interval, p90, p95, p99, max, NULL);
}

static void
add_starts (KelvinTable *table, const char *title, JsonObject *starts)
{
  JsonObject *phases = get_object (starts, "phases");

  add_summary (table, title, get_object (starts, "totalMs"), MISSING_EXPLAINED);
  for (guint i = 0; i < KELVIN_N_PHASES; i++)
    {
      g_autofree char *member = g_strconcat (kelvin_phase_get_name (i), "Ms", NULL);
      g_autofree char *indented = g_strconcat ("  ", kelvin_phase_get_name (i), NULL);

      add_summary (table, indented, get_object (phases, member), MISSING_DASHED);
    }
  add_summary (table, "  (CPU time)", get_object (starts, "cpuMs"), MISSING_DASHED);
}

static void
print_times (JsonObject *profile)
{
  g_autoptr (KelvinTable) table = kelvin_table_new (ALIGNMENT);

  kelvin_table_add (table, "milliseconds", "n", "p50", "95 % interval", "p90", "p95", "p99", "max",
                    NULL);
  add_starts (table, "cold", get_object (profile, "cold"));
  add_starts (table, "warm", get_object (profile, "warm"));
  if (kelvin_table_get_n_rows (table) > 1)
    kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  else
    kelvin_print ("no invocation succeeded\n");
}

static void
print_errors (JsonObject *profile, const char *which)
{
  JsonObject *starts = get_object (profile, which);
  double errors = get_number (starts, "errors");

  if (!(errors > 0))
    return;
  g_autofree char *text =
      g_strdup_printf ("%.0f of %.0f %s invocations failed; their times aren't counted", errors,
                       get_number (starts, "count"), which);
  g_autofree char *styled = kelvin_styled (KELVIN_STYLE_BAD, text);
  kelvin_print ("%s\n", styled);
}

static void
print_memory (JsonObject *profile)
{
  double all = get_number (profile, "maxMemoryUsedMB");
  double init = get_number (profile, "initMaxMemoryUsedMB");

  if (isnan (all))
    return;
  kelvin_print ("memory     %.1f MB at most", all);
  if (!isnan (init))
    kelvin_print (", %.1f MB of them by the end of init", init);
  kelvin_print ("\n");
}

static void
print_cost (JsonObject *profile)
{
  JsonObject *cost = get_object (profile, "estimatedCostUSD");
  double warm = get_number (cost, "perMillionWarm");
  double cold = get_number (cost, "perMillionCold");

  if (isnan (warm) && isnan (cold))
    return;
  kelvin_print ("cost       estimated for a million: ");
  if (!isnan (cold))
    kelvin_print ("$%.2f cold", cold);
  kelvin_print ("%s", isnan (warm) || isnan (cold) ? "" : ", ");
  if (!isnan (warm))
    kelvin_print ("$%.2f warm", warm);
  kelvin_print ("\n");
}

static void
print_origin (JsonObject *profile)
{
  JsonObject *runtime = get_object (profile, "runtime");
  const char *asked = get_text (runtime, "asked");
  const char *found = get_text (runtime, "found");
  const char *path = get_text (runtime, "path");
  const char *isolation = get_text (profile, "isolation");
  const char *note = get_text (profile, "note");

  if (asked != NULL)
    kelvin_print ("runtime    %s", asked);
  if (found != NULL && path != NULL)
    kelvin_print (": %s at %s", found, path);
  kelvin_print ("\nisolation  %s\n", isolation == NULL ? "unknown" : isolation);
  if (note != NULL)
    kelvin_print ("note       %s\n", note);
}

/* What the figures rest on: order, page cache, and what else the machine did. */
static void
print_measurement (JsonObject *profile)
{
  JsonObject *measurement = get_object (profile, "measurement");
  JsonObject *machine = get_object (measurement, "machine");
  double steal = get_number (machine, "stealPercent");
  double load = get_number (machine, "loadBefore");

  if (measurement == NULL)
    return;
  kelvin_print ("measured   order shuffled by seed %.0f, page cache %s, machine %s",
                get_number (measurement, "seed"), get_text (measurement, "pageCache"),
                machine != NULL &&
                        json_object_get_boolean_member_with_default (machine, "quiet", FALSE)
                    ? "quiet"
                    : "not quiet");
  if (!isnan (steal) && !isnan (load))
    kelvin_print (" (steal %.1f %%, load before %.1f)", steal, load);
  if (!isnan (get_number (measurement, "untilPercent")))
    kelvin_print (json_object_get_boolean_member_with_default (measurement, "stoppedEarly", FALSE)
                      ? "; ended when the intervals were within %g %%"
                      : "; the intervals never came within %g %%",
                  get_number (measurement, "untilPercent"));
  kelvin_print ("\n");
}

void
kelvin_profile_report_print (JsonObject *profile)
{
  print_times (profile);
  print_errors (profile, "cold");
  print_errors (profile, "warm");
  kelvin_print ("\n");
  print_memory (profile);
  print_cost (profile);
  print_origin (profile);
  print_measurement (profile);
}
