#include "app/tune-report.h"

#include <math.h>

#include "app/output.h"
#include "app/table.h"
#include "engine/analysis/money.h"

static char *
format_ms (double ms)
{
  return isnan (ms) ? g_strdup ("–") : g_strdup_printf ("%.2f", ms);
}

static char *
format_interval (const KelvinSummary *summary)
{
  if (isnan (summary->p50_low))
    return g_strdup_printf ("needs n ≥ %d", KELVIN_SAMPLES_FOR_INTERVAL);
  return g_strdup_printf ("[%.2f, %.2f]", summary->p50_low, summary->p50_high);
}

static char *
format_usd_per_million (gint64 pico_usd)
{
  return pico_usd < 0 ? g_strdup ("–")
                      : g_strdup_printf ("$%.2f", kelvin_pico_usd_to_usd (pico_usd) * 1e6);
}

static char *
get_marks (const KelvinTune *tune, guint memory_mb)
{
  g_autoptr (GPtrArray) marks = g_ptr_array_new ();

  if (memory_mb == tune->cheapest)
    g_ptr_array_add (marks, (char *) "cheapest");
  if (memory_mb == tune->balanced)
    g_ptr_array_add (marks, (char *) "balanced");
  if (memory_mb == tune->fastest)
    g_ptr_array_add (marks, (char *) "fastest");
  g_ptr_array_add (marks, NULL);
  return g_strjoinv (", ", (char **) marks->pdata);
}

static void
add_point (KelvinTable *table, const KelvinTune *tune, const KelvinTunePoint *point)
{
  g_autofree char *size = g_strdup_printf ("%u MB", point->memory_mb);
  g_autofree char *p50 = format_ms (point->duration_ms.p50);
  g_autofree char *interval = format_interval (&point->duration_ms);
  g_autofree char *billed = point->billed_ms < 0
                                ? g_strdup ("–")
                                : g_strdup_printf ("%" G_GINT64_FORMAT, point->billed_ms);
  g_autofree char *cost = format_usd_per_million (point->cost_pico_usd);
  g_autofree char *marks = get_marks (tune, point->memory_mb);

  kelvin_table_add (table, size, p50, interval, billed, cost, marks, NULL);
}

static void
print_points (const KelvinTune *tune)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("rrrrrl");

  kelvin_table_add (table, "memory", "p50 ms", "95 % interval", "billed ms", "a million calls", "",
                    NULL);
  for (guint i = 0; i < tune->points->len; i++)
    add_point (table, tune, tune->points->pdata[i]);
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
}

static void
print_predictions (const KelvinTune *tune)
{
  g_autoptr (KelvinTable) table = kelvin_table_new ("rrr");

  kelvin_table_add (table, "memory", "about ms", "a million calls", NULL);
  for (guint i = 0; i < tune->predictions->len; i++)
    {
      const KelvinTunePrediction *one = &g_array_index (tune->predictions, KelvinTunePrediction, i);
      g_autofree char *size = g_strdup_printf ("%u MB", one->memory_mb);
      g_autofree char *ms = format_ms (one->duration_ms);
      g_autofree char *cost = format_usd_per_million (one->cost_pico_usd);

      kelvin_table_add (table, size, ms, cost, NULL);
    }
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
}

static void
print_model (const KelvinTune *tune)
{
  const KelvinMemoryModel *model = &tune->model;

  if (!tune->has_model)
    return;
  kelvin_print ("\nmodel: %.1f ms that no memory changes + %.1f ms of one core's work",
                model->fixed_ms, model->work_ms);
  if (isnan (model->error_percent))
    kelvin_print ("; its error needs 4 sizes\n");
  else
    kelvin_print ("; off by at most %.1f %% where it was checked\n", model->error_percent);
  if (tune->predictions->len > 0)
    {
      kelvin_print ("not measured, but estimated by it:\n");
      print_predictions (tune);
    }
}

void
kelvin_tune_report_print (const KelvinTune *tune)
{
  g_autofree char *name = kelvin_styled (KELVIN_STYLE_TITLE, tune->run->function_name);
  g_auto (GStrv) remarks = kelvin_tune_get_remarks (tune);

  kelvin_print ("%s  version %.12s, %u warm invokes a size, in random order\n\n", name,
                tune->run->version, tune->runs);
  print_points (tune);
  print_model (tune);
  for (guint i = 0; remarks[i] != NULL; i++)
    kelvin_print ("%s%s\n", i == 0 ? "\n" : "", remarks[i]);
  kelvin_print ("\nshown again by: kelvin history show %s\n", tune->run->id);
}
