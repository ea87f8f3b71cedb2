#include "engine/analysis/run-comparison.h"

#include <math.h>
#include <string.h>

#include "engine/analysis/statistics.h"
#include "engine/model/json-member.h"

/* A comparison as others read it: JSON, sentences, Markdown, JUnit. */

static const char *const verdict_names[] = {
  [KELVIN_DIFFERENCE_SLOWER] = "slower",
  [KELVIN_DIFFERENCE_FASTER] = "faster",
  [KELVIN_DIFFERENCE_SAME] = "same",
  [KELVIN_DIFFERENCE_UNCLEAR] = "unclear",
};

const char *
kelvin_difference_to_string (KelvinDifference verdict)
{
  return verdict_names[verdict];
}

static double
to_percent (double ratio)
{
  return (ratio - 1) * 100;
}

static JsonNode *
number_node (double value)
{
  JsonNode *node = json_node_alloc ();

  return isfinite (value) ? json_node_init_double (node, value) : json_node_init_null (node);
}

/* --- JSON --- */

static JsonNode *
describe_metric (const KelvinMetricComparison *metric)
{
  JsonObject *object = json_object_new ();
  JsonArray *interval = json_array_new ();

  json_array_add_element (interval, number_node (to_percent (metric->shift.low)));
  json_array_add_element (interval, number_node (to_percent (metric->shift.high)));
  json_object_set_string_member (object, "name", metric->name);
  json_object_set_member (object, "a", number_node (metric->a));
  json_object_set_member (object, "b", number_node (metric->b));
  json_object_set_int_member (object, "nA", (gint64) metric->shift.n_a);
  json_object_set_int_member (object, "nB", (gint64) metric->shift.n_b);
  json_object_set_member (object, "differencePercent",
                          number_node (to_percent (metric->shift.ratio)));
  json_object_set_array_member (object, "ci95Percent", interval);
  json_object_set_member (object, "p", number_node (metric->p));
  json_object_set_member (object, "superiority", number_node (metric->shift.superiority));
  json_object_set_string_member (object, "verdict", kelvin_difference_to_string (metric->verdict));
  json_object_set_boolean_member (object, "gate", metric->gate);
  json_object_set_boolean_member (object, "failed", metric->failed);

  return kelvin_json_take_object (object);
}

static JsonNode *
describe_cause (const KelvinDifferenceCause *cause)
{
  if (cause->phase == NULL)
    return json_node_new (JSON_NODE_NULL);

  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "phase", cause->phase);
  json_object_set_double_member (object, "phaseMs", cause->phase_ms);
  json_object_set_double_member (object, "totalMs", cause->total_ms);
  kelvin_json_set_string (object, "import", cause->import);
  if (cause->import != NULL)
    json_object_set_double_member (object, "importMs", cause->import_ms);

  return kelvin_json_take_object (object);
}

JsonNode *
kelvin_run_comparison_to_json (const KelvinRunComparison *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *metrics = json_array_new ();
  JsonArray *warnings = json_array_new ();

  for (guint i = 0; i < self->metrics->len; i++)
    json_array_add_element (metrics, describe_metric (g_ptr_array_index (self->metrics, i)));
  for (guint i = 0; i < self->warnings->len; i++)
    json_array_add_string_element (warnings, g_ptr_array_index (self->warnings, i));
  json_object_set_string_member (object, "a", self->label_a);
  json_object_set_string_member (object, "b", self->label_b);
  json_object_set_string_member (object, "functionName", self->function_name);
  json_object_set_double_member (object, "thresholdPercent", self->threshold_percent);
  json_object_set_boolean_member (object, "failed", self->failed);
  json_object_set_array_member (object, "metrics", metrics);
  json_object_set_member (object, "coldCause", describe_cause (&self->cold));
  json_object_set_member (object, "warmCause", describe_cause (&self->warm));
  json_object_set_array_member (object, "warnings", warnings);

  return kelvin_json_take_object (object);
}

/* --- sentences --- */

char *
kelvin_metric_get_title (const char *name)
{
  const char *dot = strrchr (name, '.');

  if (g_str_equal (name, "cold.totalMs"))
    return g_strdup ("cold, in all");
  if (g_str_equal (name, "warm.totalMs"))
    return g_strdup ("warm, in all");
  if (g_str_equal (name, "memory.peakMB"))
    return g_strdup ("memory peak");
  if (g_str_has_suffix (name, ".cpuMs"))
    return g_strdup_printf ("%.4s, CPU time", name);
  if (dot != NULL && g_str_has_suffix (name, "Ms"))
    return g_strdup_printf ("%.4s, %.*s", name, (int) (strlen (dot) - 3), dot + 1);
  return g_strdup (name);
}

/* Two digits that count: "9.6", "11", "0.41". */
static char *
format_percent (double percent)
{
  double size = fabs (percent);

  /* no minus in front of a zero */
  if (size < 0.005)
    return g_strdup ("0");
  return g_strdup_printf ("%+.*f", size < 1 ? 2 : size < 10 ? 1 : 0, percent);
}

char *
kelvin_metric_comparison_get_difference (const KelvinMetricComparison *self)
{
  if (isnan (self->shift.ratio))
    return g_strdup ("nothing to compare");

  g_autofree char *difference = format_percent (to_percent (self->shift.ratio));
  if (isnan (self->shift.low))
    return g_strdup_printf ("%s %%, no interval: needs n ≥ %d", difference,
                            KELVIN_SAMPLES_FOR_INTERVAL);

  g_autofree char *low = format_percent (to_percent (self->shift.low));
  g_autofree char *high = format_percent (to_percent (self->shift.high));
  return g_strdup_printf ("%s %% [%s, %s]", difference, low, high);
}

static const char *
get_word (const KelvinMetricComparison *metric)
{
  gboolean memory = g_str_has_prefix (metric->name, "memory.");

  if (metric->verdict == KELVIN_DIFFERENCE_SLOWER)
    return memory ? "more" : "slower";
  if (metric->verdict == KELVIN_DIFFERENCE_FASTER)
    return memory ? "less" : "faster";
  return kelvin_difference_to_string (metric->verdict);
}

static const char *
get_subject (const KelvinMetricComparison *metric)
{
  return g_str_has_prefix (metric->name, "memory.") ? "memory"
         : g_str_has_prefix (metric->name, "cold.") ? "cold"
                                                    : "warm";
}

static char *
describe_gate (const KelvinMetricComparison *metric)
{
  if (isnan (metric->shift.ratio))
    return g_strdup_printf ("No %s invocation of B succeeded", get_subject (metric));

  double percent = fabs (to_percent (metric->shift.ratio));

  return g_strdup_printf ("%.*f %% %s, %s", percent < 10 ? 1 : 0, percent, get_word (metric),
                          get_subject (metric));
}

char *
kelvin_run_comparison_get_headline (const KelvinRunComparison *self)
{
  const KelvinMetricComparison *first = NULL;
  gboolean unclear = FALSE;

  for (guint i = 0; i < self->metrics->len; i++)
    {
      const KelvinMetricComparison *metric = g_ptr_array_index (self->metrics, i);
      gboolean differs = metric->verdict == KELVIN_DIFFERENCE_SLOWER ||
                         metric->verdict == KELVIN_DIFFERENCE_FASTER;

      if (!metric->gate)
        break;
      unclear |= metric->verdict == KELVIN_DIFFERENCE_UNCLEAR;
      if (differs && (first == NULL || (metric->failed && !first->failed)))
        first = metric;
    }
  if (first != NULL)
    return describe_gate (first);
  return g_strdup (unclear ? "No difference that these samples could show" : "No difference");
}

static void
append_import (GString *text, const KelvinDifferenceCause *cause)
{
  if (cause->import == NULL)
    return;
  if (cause->import_gone)
    g_string_append_printf (text, "; %s is no longer imported (%.1f ms with its own)",
                            cause->import, -cause->import_ms);
  else if (cause->import_new)
    g_string_append_printf (text, "; %s is newly imported (%.1f ms with its own)", cause->import,
                            cause->import_ms);
  else
    g_string_append_printf (text, "; of the imports %s changed most (%+.1f ms)", cause->import,
                            cause->import_ms);
}

char *
kelvin_run_comparison_get_cause (const KelvinRunComparison *self)
{
  const struct {
    const char *name;
    const KelvinDifferenceCause *cause;
  } both[] = { { "cold", &self->cold }, { "warm", &self->warm } };
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      const KelvinDifferenceCause *cause = both[i].cause;

      if (cause->phase == NULL)
        continue;
      g_string_append_printf (text, "%s%s: %s accounts for %+.1f of %+.1f ms",
                              text->len > 0 ? "\n" : "", both[i].name, cause->phase,
                              cause->phase_ms, cause->total_ms);
      append_import (text, cause);
    }
  return text->len > 0 ? g_string_free (g_steal_pointer (&text), FALSE) : NULL;
}

/* --- Markdown --- */

/* Names come from files: none of them makes a table, a link or a tag. */
static void
append_plain (GString *text, const char *name)
{
  for (const char *at = name; *at != '\0'; at++)
    {
      if (strchr ("\\`*_{}[]<>()#|!&~", *at) != NULL)
        g_string_append_c (text, '\\');
      g_string_append_c (text, g_ascii_iscntrl (*at) ? ' ' : *at);
    }
}

static void
append_row (GString *text, const KelvinMetricComparison *metric)
{
  g_autofree char *title = kelvin_metric_get_title (metric->name);
  g_autofree char *difference = kelvin_metric_comparison_get_difference (metric);
  const char *unit = g_str_has_suffix (metric->name, "MB") ? "MB" : "ms";

  g_string_append_printf (text, "| %s | %.2f %s | %.2f %s | %s | %s%s |\n", title, metric->a, unit,
                          metric->b, unit, difference, get_word (metric),
                          metric->failed ? " ✗" : "");
}

char *
kelvin_run_comparison_to_markdown (const KelvinRunComparison *self)
{
  g_autofree char *headline = kelvin_run_comparison_get_headline (self);
  g_autofree char *cause = kelvin_run_comparison_get_cause (self);
  GString *text = g_string_new ("### ");

  append_plain (text, self->function_name);
  g_string_append_printf (text, ": %s\n\nA ", headline);
  append_plain (text, self->label_a);
  g_string_append (text, " → B ");
  append_plain (text, self->label_b);
  g_string_append (text, "\n\n| | A | B | difference [95 % interval] | verdict |\n"
                         "|---|---:|---:|---:|---|\n");
  for (guint i = 0; i < self->metrics->len; i++)
    append_row (text, g_ptr_array_index (self->metrics, i));
  if (cause != NULL)
    {
      g_auto (GStrv) lines = g_strsplit (cause, "\n", -1);

      for (guint i = 0; lines[i] != NULL; i++)
        {
          g_string_append (text, i == 0 ? "\n" : "  \n");
          append_plain (text, lines[i]);
        }
      g_string_append_c (text, '\n');
    }
  for (guint i = 0; i < self->warnings->len; i++)
    {
      g_string_append (text, i == 0 ? "\n- " : "- ");
      append_plain (text, g_ptr_array_index (self->warnings, i));
      g_string_append_c (text, '\n');
    }
  g_string_append_printf (text,
                          "\n%s: cold, warm and memory fail beyond %g %%, with the whole interval, "
                          "corrected for their number.\n",
                          self->failed ? "Not passed" : "Passed", self->threshold_percent);
  return g_string_free (text, FALSE);
}

/* --- JUnit --- */

/* XML 1.0 has no place for control characters, escaped or not. */
static char *
escape_xml (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);

  for (char *at = valid; *at != '\0'; at++)
    {
      if (g_ascii_iscntrl (*at))
        *at = ' ';
    }
  return g_markup_escape_text (valid, -1);
}

static void
append_case (GString *text, const KelvinRunComparison *self, const char *suite,
             const KelvinMetricComparison *metric)
{
  g_autofree char *difference = kelvin_metric_comparison_get_difference (metric);

  g_string_append_printf (text, "  <testcase classname=\"%s\" name=\"%s\"", suite, metric->name);
  if (!metric->failed)
    {
      g_string_append_printf (text, ">\n    <system-out>%.2f → %.2f, %s: %s</system-out>\n",
                              metric->a, metric->b, difference, get_word (metric));
    }
  else
    {
      g_string_append_printf (
          text, ">\n    <failure message=\"%.2f → %.2f, %s; the threshold is %g %%\"/>\n",
          metric->a, metric->b, difference, self->threshold_percent);
    }
  g_string_append (text, "  </testcase>\n");
}

char *
kelvin_run_comparison_to_junit (const KelvinRunComparison *self)
{
  g_autofree char *suite = escape_xml (self->function_name);
  g_autoptr (GString) cases = g_string_new (NULL);
  guint n = 0;
  guint n_failed = 0;

  for (guint i = 0; i < self->metrics->len; i++)
    {
      const KelvinMetricComparison *metric = g_ptr_array_index (self->metrics, i);

      if (!metric->gate)
        continue;
      n++;
      n_failed += metric->failed;
      append_case (cases, self, suite, metric);
    }
  return g_strdup_printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                          "<testsuite name=\"%s\" tests=\"%u\" failures=\"%u\" errors=\"0\">\n"
                          "%s</testsuite>\n",
                          suite, n, n_failed, cases->str);
}
