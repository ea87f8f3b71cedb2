#include "app/comparison-report.h"

#include <math.h>

#include "app/exit-status.h"
#include "app/output.h"
#include "app/table.h"

#define LARGEST_THRESHOLD 1000

gboolean
kelvin_comparison_options_check (KelvinComparisonOptions *self, GError **error)
{
  char *end = NULL;

  if (self->threshold == NULL)
    return TRUE;
  self->threshold_percent = g_ascii_strtod (self->threshold, &end);
  if (end != self->threshold && (*end == '\0' || g_str_equal (end, "%")) &&
      self->threshold_percent >= 0 && self->threshold_percent <= LARGEST_THRESHOLD)
    return TRUE;
  g_set_error (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
               "--threshold is '%s'; right is a percentage from 0 to %d, as in 5%%",
               self->threshold, LARGEST_THRESHOLD);
  return FALSE;
}

KelvinRunComparison *
kelvin_comparison_options_compare (const KelvinComparisonOptions *self, const KelvinMeasuredRun *a,
                                   const KelvinMeasuredRun *b, GError **error)
{
  g_auto (GStrv) gates = self->gates != NULL ? g_strsplit (self->gates, ",", -1) : NULL;

  return kelvin_run_comparison_new (a, b, self->threshold_percent, (const char *const *) gates,
                                    error);
}

int
kelvin_comparison_write_junit (const KelvinRunComparison *comparison,
                               const KelvinComparisonOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (options->junit_file == NULL)
    return KELVIN_EXIT_OK;
  g_autofree char *text = kelvin_run_comparison_to_junit (comparison);
  if (g_str_equal (options->junit_file, "-"))
    {
      kelvin_print ("%s", text);
      return KELVIN_EXIT_OK;
    }
  if (g_file_set_contents (options->junit_file, text, -1, &error))
    return KELVIN_EXIT_OK;
  kelvin_say_error ("%s can't be written: %s", options->junit_file, error->message);
  return KELVIN_EXIT_CANNOT;
}

gboolean
kelvin_comparison_wants_output (const KelvinComparisonOptions *options)
{
  return g_strcmp0 (options->junit_file, "-") != 0;
}

static char *
format_median (double value)
{
  return isnan (value) ? g_strdup ("–") : g_strdup_printf ("%.2f", value);
}

static void
add_metric (KelvinTable *table, const KelvinMetricComparison *metric)
{
  g_autofree char *title = kelvin_metric_get_title (metric->name);
  g_autofree char *indented = g_strconcat (metric->gate ? "" : "  ", title, NULL);
  g_autofree char *counts = g_strdup_printf ("%" G_GSIZE_FORMAT " + %" G_GSIZE_FORMAT,
                                             metric->shift.n_a, metric->shift.n_b);
  g_autofree char *a = format_median (metric->a);
  g_autofree char *b = format_median (metric->b);
  g_autofree char *difference = kelvin_metric_comparison_get_difference (metric);
  const char *verdict = kelvin_difference_to_string (metric->verdict);

  kelvin_table_add (table, indented, counts, a, b, difference,
                    metric->failed ? "slower, beyond the threshold" : verdict, NULL);
}

static void
print_verdict (const KelvinRunComparison *comparison)
{
  g_autofree char *text =
      g_strdup_printf ("%s: the threshold is %g %%", comparison->failed ? "not passed" : "passed",
                       comparison->threshold_percent);
  g_autofree char *styled =
      kelvin_styled (comparison->failed ? KELVIN_STYLE_BAD : KELVIN_STYLE_GOOD, text);

  kelvin_print ("\n%s\n", styled);
}

static void
print_text (const KelvinRunComparison *comparison)
{
  g_autofree char *headline = kelvin_run_comparison_get_headline (comparison);
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, headline);
  g_autofree char *cause = kelvin_run_comparison_get_cause (comparison);
  g_autoptr (KelvinTable) table = kelvin_table_new ("lrrrrl");

  kelvin_print ("%s\n%s: A %s → B %s\n\n", title, comparison->function_name, comparison->label_a,
                comparison->label_b);
  kelvin_table_add (table, "ms, MB", "n", "A p50", "B p50", "difference [95 % interval]", "verdict",
                    NULL);
  for (guint i = 0; i < comparison->metrics->len; i++)
    add_metric (table, g_ptr_array_index (comparison->metrics, i));
  kelvin_table_print (table, 0, KELVIN_TABLE_TITLED);
  if (cause != NULL)
    kelvin_print ("\n%s\n", cause);
  print_verdict (comparison);
}

void
kelvin_comparison_report_print (const KelvinRunComparison *comparison,
                                const KelvinComparisonOptions *options)
{
  for (guint i = 0; i < comparison->warnings->len; i++)
    kelvin_say_warning ("%s", (char *) g_ptr_array_index (comparison->warnings, i));
  if (options->markdown)
    {
      g_autofree char *text = kelvin_run_comparison_to_markdown (comparison);
      kelvin_print ("%s", text);
    }
  else
    {
      print_text (comparison);
    }
}
