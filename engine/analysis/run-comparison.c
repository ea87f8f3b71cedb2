#include "engine/analysis/run-comparison.h"

#include <math.h>
#include <string.h>

/* Differences within it aren't called one, however sure they are. */
#define UNFELT_PERCENT 1
#define ERROR_RATE 0.05

const char *const kelvin_default_gates[] = { "cold.totalMs", "warm.totalMs", "memory.peakMB",
                                             NULL };

static void
metric_free (KelvinMetricComparison *metric)
{
  g_free (metric->name);
  g_free (metric);
}

void
kelvin_run_comparison_free (KelvinRunComparison *self)
{
  g_free (self->label_a);
  g_free (self->label_b);
  g_free (self->function_name);
  g_ptr_array_unref (self->metrics);
  g_ptr_array_unref (self->warnings);
  g_free (self->cold.phase);
  g_free (self->cold.import);
  g_free (self->warm.phase);
  g_free (self->warm.import);
  g_free (self);
}

/* --- are they measurements of the same thing? --- */

static gboolean
must_agree (const char *what, const char *a, const char *b, GError **error)
{
  if (a == NULL || b == NULL || g_str_equal (a, b))
    return TRUE;
  g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_COMPARABLE,
               "these runs can't be compared: A's %s is %s, B's is %s", what, a, b);
  return FALSE;
}

static gboolean
check_comparable (const KelvinMeasuredRun *a, const KelvinMeasuredRun *b, GError **error)
{
  /* An event of the same content is the same event, whatever its file is called. */
  gboolean same_event = g_strcmp0 (a->event_hash, b->event_hash) == 0 && a->event_hash != NULL;

  return must_agree ("function", a->function_name, b->function_name, error) &&
         (same_event ||
          (must_agree ("event", a->event, b->event, error) &&
           must_agree ("event's content (hash)", a->event_hash, b->event_hash, error))) &&
         must_agree ("isolation", a->isolation, b->isolation, error) &&
         must_agree ("memory size is held by", a->memory_by, b->memory_by, error) &&
         must_agree ("CPU share is held by", a->cpu_by, b->cpu_by, error) &&
         must_agree ("page cache", a->page_cache, b->page_cache, error);
}

static void
warn_of_change (KelvinRunComparison *self, const char *what, const char *a, const char *b)
{
  if (a != NULL && b != NULL && !g_str_equal (a, b))
    g_ptr_array_add (self->warnings, g_strdup_printf ("%s changed from %s to %s", what, a, b));
}

static void
warn_of_failures (KelvinRunComparison *self, const char *which, const char *start, gint64 errors,
                  gint64 count)
{
  if (errors > 0)
    g_ptr_array_add (self->warnings,
                     g_strdup_printf ("%" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
                                      " %s invocations of %s failed; their times aren't compared",
                                      errors, count, start, which));
}

static void
warn_of_end (KelvinRunComparison *self, const char *which, const KelvinMeasuredRun *run)
{
  if (g_strcmp0 (run->status, "cancelled") == 0 || g_strcmp0 (run->status, "interrupted") == 0)
    g_ptr_array_add (self->warnings, g_strdup_printf ("%s was %s: it has what was measured by then",
                                                      which, run->status));
}

static void
collect_warnings (KelvinRunComparison *self, const KelvinMeasuredRun *a, const KelvinMeasuredRun *b)
{
  g_autofree char *size_a = g_strdup_printf ("%" G_GINT64_FORMAT " MB", a->memory_size_mb);
  g_autofree char *size_b = g_strdup_printf ("%" G_GINT64_FORMAT " MB", b->memory_size_mb);

  if (a->memory_size_mb > 0 && b->memory_size_mb > 0)
    warn_of_change (self, "the memory size, and the CPU share with it,", size_a, size_b);
  warn_of_change (self, "the runtime", a->runtime_asked, b->runtime_asked);
  warn_of_change (self, "the interpreter", a->runtime_found, b->runtime_found);
  warn_of_end (self, "A", a);
  warn_of_end (self, "B", b);
  warn_of_failures (self, "A", "cold", a->cold_errors, a->cold_count);
  warn_of_failures (self, "A", "warm", a->warm_errors, a->warm_count);
  warn_of_failures (self, "B", "cold", b->cold_errors, b->cold_count);
  warn_of_failures (self, "B", "warm", b->warm_errors, b->warm_count);
  if (a->run_id != NULL && g_strcmp0 (a->run_id, b->run_id) == 0)
    g_ptr_array_add (self->warnings, g_strdup ("A and B are the same run"));
}

/* --- the metrics --- */

typedef struct {
  KelvinMetricComparison *metric; /* not owned */
  double p_gate;
} Tested;

static KelvinLogSamples *
take_logs (const KelvinMeasuredSet *set)
{
  return kelvin_log_samples_new ((const double *) (const void *) set->values->data,
                                 set->values->len);
}

static Tested
compare_sets (const KelvinMeasuredSet *a, const KelvinMeasuredSet *b, double threshold_percent)
{
  g_autoptr (KelvinLogSamples) logs_a = take_logs (a);
  g_autoptr (KelvinLogSamples) logs_b = take_logs (b);
  KelvinMetricComparison *metric = g_new0 (KelvinMetricComparison, 1);

  metric->name = g_strdup (a->name);
  metric->a = kelvin_log_samples_get_median (logs_a);
  metric->b = kelvin_log_samples_get_median (logs_b);
  metric->shift = kelvin_shift_of (logs_a, logs_b);
  metric->p = metric->shift.p;
  metric->verdict = KELVIN_DIFFERENCE_UNCLEAR;

  return (Tested){ metric, kelvin_shift_p_above (logs_a, logs_b, 1 + threshold_percent / 100) };
}

static gboolean
is_within (const KelvinShift *shift, double percent)
{
  return shift->low >= 1 - percent / 100 && shift->high <= 1 + percent / 100;
}

/* Between two runs a machine drifts by as much; no bill and no caller notices it. */
static gboolean
is_unfelt (const KelvinMetricComparison *metric)
{
  return fabs (metric->b - metric->a) < KELVIN_UNFELT_DIFFERENCE ||
         is_within (&metric->shift, UNFELT_PERCENT);
}

static KelvinDifference
judge (const KelvinMetricComparison *metric, double threshold_percent)
{
  const KelvinShift *shift = &metric->shift;

  if (isnan (shift->low))
    return KELVIN_DIFFERENCE_UNCLEAR;
  if (is_unfelt (metric))
    return KELVIN_DIFFERENCE_SAME;
  if (metric->p < ERROR_RATE && shift->low > 1)
    return KELVIN_DIFFERENCE_SLOWER;
  if (metric->p < ERROR_RATE && shift->high < 1)
    return KELVIN_DIFFERENCE_FASTER;
  return is_within (shift, threshold_percent) ? KELVIN_DIFFERENCE_SAME : KELVIN_DIFFERENCE_UNCLEAR;
}

/* One family of tests: p adjusted for the number of them, then the verdicts. */
static void
judge_family (GArray *family, double threshold_percent, gboolean gate)
{
  g_autofree double *p = g_new (double, family->len + 1);
  g_autofree double *p_gate = g_new (double, family->len + 1);

  for (guint i = 0; i < family->len; i++)
    {
      p[i] = g_array_index (family, Tested, i).metric->p;
      p_gate[i] = g_array_index (family, Tested, i).p_gate;
    }
  kelvin_adjust_by_holm (p, family->len);
  kelvin_adjust_by_holm (p_gate, family->len);
  for (guint i = 0; i < family->len; i++)
    {
      KelvinMetricComparison *metric = g_array_index (family, Tested, i).metric;

      metric->p = p[i];
      metric->verdict = judge (metric, threshold_percent);
      metric->gate = gate;
      /* The whole interval beyond: a one-sided test at half the rate. */
      metric->failed = gate && p_gate[i] < ERROR_RATE / 2 && !is_unfelt (metric);
    }
}

/* What worked in A and never in B isn't "nothing to compare". */
static void
fail_where_nothing_is_left (KelvinRunComparison *self, const KelvinMeasuredSet *a,
                            const KelvinMeasuredSet *b, gint64 b_count, KelvinMetricComparison *at)
{
  if (a->values->len == 0 || b->values->len > 0 || b_count <= 0)
    return;
  at->failed = at->gate;
  at->verdict = KELVIN_DIFFERENCE_SLOWER;
  g_ptr_array_add (self->warnings, g_strdup_printf ("%s: no invocation of B succeeded", at->name));
}

static void
add_family (KelvinRunComparison *self, const KelvinMeasuredRun *a, const KelvinMeasuredRun *b,
            const char *const *gates, gboolean gate)
{
  g_autoptr (GArray) family = g_array_new (FALSE, FALSE, sizeof (Tested));

  for (guint i = 0; i < a->sets->len; i++)
    {
      const KelvinMeasuredSet *in_a = g_ptr_array_index (a->sets, i);
      const KelvinMeasuredSet *in_b = kelvin_measured_run_get_set (b, in_a->name);

      if (in_b == NULL || g_strv_contains (gates, in_a->name) != gate ||
          in_a->values->len + in_b->values->len == 0)
        continue;
      Tested tested = compare_sets (in_a, in_b, self->threshold_percent);
      g_array_append_val (family, tested);
      g_ptr_array_add (self->metrics, tested.metric);
    }
  judge_family (family, self->threshold_percent, gate);
  for (guint i = 0; i < family->len; i++)
    {
      KelvinMetricComparison *metric = g_array_index (family, Tested, i).metric;
      gboolean cold = g_str_has_prefix (metric->name, "cold.");

      fail_where_nothing_is_left (self, kelvin_measured_run_get_set (a, metric->name),
                                  kelvin_measured_run_get_set (b, metric->name),
                                  cold ? b->cold_count : b->warm_count, metric);
      self->failed |= metric->failed;
    }
}

const KelvinMetricComparison *
kelvin_run_comparison_get (const KelvinRunComparison *self, const char *name)
{
  for (guint i = 0; i < self->metrics->len; i++)
    {
      const KelvinMetricComparison *metric = g_ptr_array_index (self->metrics, i);

      if (g_str_equal (metric->name, name))
        return metric;
    }
  return NULL;
}

/* --- what the difference is made of --- */

static void
find_phase (const KelvinRunComparison *self, const char *which, KelvinDifferenceCause *cause)
{
  g_autofree char *prefix = g_strconcat (which, ".phases.", NULL);

  for (guint i = 0; i < self->metrics->len; i++)
    {
      const KelvinMetricComparison *metric = g_ptr_array_index (self->metrics, i);
      double ms = metric->b - metric->a;

      if (!g_str_has_prefix (metric->name, prefix) || isnan (ms) || ms * cause->total_ms <= 0 ||
          fabs (ms) <= fabs (cause->phase_ms))
        continue;
      g_free (cause->phase);
      cause->phase = g_strndup (metric->name + strlen (prefix),
                                strlen (metric->name) - strlen (prefix) - strlen ("Ms"));
      cause->phase_ms = ms;
    }
}

static double
read_number (JsonObject *import, const char *name)
{
  JsonNode *node = json_object_get_member (import, name);

  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_double (node) : 0;
}

static const char *
get_name (JsonArray *imports, guint index)
{
  JsonNode *node = json_array_get_element (imports, index);

  return JSON_NODE_HOLDS_OBJECT (node) ? json_object_get_string_member_with_default (
                                             json_node_get_object (node), "name", NULL)
                                       : NULL;
}

/* name → JsonObject, neither owned */
static GHashTable *
index_imports (JsonArray *imports)
{
  GHashTable *by_name = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < json_array_get_length (imports); i++)
    {
      const char *name = get_name (imports, i);

      if (name != NULL)
        g_hash_table_insert (by_name, (gpointer) name, json_array_get_object_element (imports, i));
    }
  return by_name;
}

/* A module that one run alone imported is looked at with all that it brought; one that both did,
 * by itself: what it brought has a line of its own. */
static void
look_at_imports (JsonArray *imports, JsonArray *others, gboolean gone, KelvinDifferenceCause *cause)
{
  g_autoptr (GHashTable) by_name = index_imports (others);

  for (guint i = 0; i < json_array_get_length (imports); i++)
    {
      const char *name = get_name (imports, i);
      if (name == NULL)
        continue;
      JsonObject *import = json_array_get_object_element (imports, i);
      JsonObject *other = g_hash_table_lookup (by_name, name);
      double ms = other == NULL ? read_number (import, "cumulativeMs")
                                : read_number (import, "selfMs") - read_number (other, "selfMs");

      ms = gone ? -ms : ms;
      if (ms * cause->total_ms <= 0 || fabs (ms) <= fabs (cause->import_ms))
        continue;
      g_free (cause->import);
      cause->import = g_strdup (name);
      cause->import_ms = ms;
      cause->import_gone = gone && other == NULL;
      cause->import_new = !gone && other == NULL;
    }
}

static void
find_cause (KelvinRunComparison *self, const KelvinMeasuredRun *a, const KelvinMeasuredRun *b,
            const char *which, KelvinDifferenceCause *cause)
{
  g_autofree char *name = g_strconcat (which, ".totalMs", NULL);
  const KelvinMetricComparison *total = kelvin_run_comparison_get (self, name);

  if (total == NULL ||
      (total->verdict != KELVIN_DIFFERENCE_SLOWER && total->verdict != KELVIN_DIFFERENCE_FASTER) ||
      isnan (total->a) || isnan (total->b))
    return;
  cause->total_ms = total->b - total->a;
  find_phase (self, which, cause);
  if (g_strcmp0 (cause->phase, "init") != 0 || a->imports == NULL || b->imports == NULL)
    return;
  look_at_imports (a->imports, b->imports, TRUE, cause);
  look_at_imports (b->imports, a->imports, FALSE, cause);
}

static gboolean
check_gates (const char *const *gates, const KelvinMeasuredRun *a, const KelvinMeasuredRun *b,
             GError **error)
{
  for (guint i = 0; gates[i] != NULL; i++)
    {
      if (kelvin_measured_run_get_set (a, gates[i]) != NULL &&
          kelvin_measured_run_get_set (b, gates[i]) != NULL)
        continue;
      g_autoptr (GString) names = g_string_new (NULL);
      for (guint j = 0; j < a->sets->len; j++)
        g_string_append_printf (names, "%s%s", j == 0 ? "" : ", ",
                                ((KelvinMeasuredSet *) g_ptr_array_index (a->sets, j))->name);
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NO_SUCH_METRIC,
                   "there is no metric '%s' in both runs; A has %s", gates[i], names->str);
      return FALSE;
    }
  return TRUE;
}

KelvinRunComparison *
kelvin_run_comparison_new (const KelvinMeasuredRun *a, const KelvinMeasuredRun *b,
                           double threshold_percent, const char *const *gates, GError **error)
{
  if (!check_comparable (a, b, error) || (gates != NULL && !check_gates (gates, a, b, error)))
    return NULL;

  KelvinRunComparison *self = g_new0 (KelvinRunComparison, 1);
  const char *const *chosen = gates != NULL ? gates : kelvin_default_gates;

  self->label_a = g_strdup (a->label);
  self->label_b = g_strdup (b->label);
  self->function_name = g_strdup (b->function_name);
  self->threshold_percent = threshold_percent;
  self->metrics = g_ptr_array_new_with_free_func ((GDestroyNotify) metric_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  collect_warnings (self, a, b);
  add_family (self, a, b, chosen, TRUE);
  add_family (self, a, b, chosen, FALSE);
  find_cause (self, a, b, "cold", &self->cold);
  find_cause (self, a, b, "warm", &self->warm);

  return self;
}
