#include "config.h"

#include "ui/profile-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/analysis/money.h"
#include "engine/analysis/statistics.h"
#include "ui/advice-view.h"
#include "ui/charts/dots.h"
#include "ui/charts/duration.h"
#include "ui/charts/histogram.h"
#include "ui/charts/phase-bars.h"
#include "ui/columns.h"
#include "ui/facts.h"
#include "ui/init-code-view.h"

#define MEGABYTE (1024. * 1024.)

struct _KelvinProfileView {
  AdwBin parent_instance;

  GtkWidget *warm_box;
  GtkLabel *warm_figure;
  GtkLabel *warm_caption;
  GtkWidget *cold_box;
  GtkLabel *cold_figure;
  GtkLabel *cold_caption;
  KelvinHistogram *histogram;
  GtkLabel *failure;
  GtkWidget *table_box;
  AdwBin *table_bin;
  GtkLabel *table_note;
  GtkWidget *cold_start_box;
  KelvinPhaseBars *phase_bars;
  GtkLabel *init_duration;
  GtkWidget *dots_box;
  KelvinDots *dots;
  KelvinInitCodeView *init_code;
  KelvinAdviceView *advice;
  KelvinFacts *facts;
};

G_DEFINE_FINAL_TYPE (KelvinProfileView, kelvin_profile_view, ADW_TYPE_BIN)

static const double *
get_samples (const GArray *array)
{
  return (const double *) (const void *) array->data;
}

/* "p99 39.0 ms", or how many samples it would need. */
static void
add_percentile (GString *text, guint percentile, double value)
{
  if (!isnan (value))
    {
      g_autofree char *time = kelvin_format_duration (value);
      g_string_append_printf (text, "p%u %s", percentile, time);
      return;
    }

  /* Translators: a percentile and the number of samples that it needs: "p99 needs n ≥ 100" */
  g_autofree char *needs = g_strdup_printf (_ ("p%u needs n ≥ %" G_GSIZE_FORMAT), percentile,
                                            kelvin_percentile_needs (percentile));
  g_string_append (text, needs);
}

static char *
dup_caption (const char *kind, const KelvinSummary *summary, guint n_failed)
{
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: "cold, median of 20" */
  g_string_append_printf (text, _ ("%s, median of %" G_GSIZE_FORMAT), kind, summary->count);
  if (n_failed > 0)
    g_string_append_printf (text, _ (" · %u failed, not counted"), n_failed);
  g_string_append_c (text, '\n');
  if (!isnan (summary->p50_low) && !isnan (summary->p50_high))
    {
      g_autofree char *interval =
          kelvin_format_duration_interval (summary->p50_low, summary->p50_high);
      /* Translators: the interval that holds the median with a confidence of 95 % */
      g_string_append_printf (text, _ ("95 %% in %s\n"), interval);
    }
  add_percentile (text, 99, summary->p99);

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
show_figure (GtkWidget *box, GtkLabel *figure, GtkLabel *caption, const char *kind,
             GPtrArray *invocations)
{
  g_autoptr (GArray) totals = kelvin_measurement_get_totals (invocations);
  guint n_failed = invocations->len - totals->len;

  gtk_widget_set_visible (box, invocations->len > 0);
  if (totals->len == 0)
    {
      g_autofree char *text = g_strdup_printf (_ ("%s, all %u failed"), kind, n_failed);
      gtk_label_set_label (figure, "–");
      gtk_label_set_label (caption, text);
      return;
    }

  KelvinSummary summary = kelvin_summary_of (get_samples (totals), totals->len);
  g_autofree char *median = kelvin_format_duration (summary.p50);
  g_autofree char *text = dup_caption (kind, &summary, n_failed);
  gtk_label_set_label (figure, median);
  gtk_label_set_label (caption, text);
}

static void
show_failure (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  const KelvinInvocation *failed = kelvin_measurement_find_failed (measurement);

  gtk_widget_set_visible (GTK_WIDGET (self->failure), failed != NULL);
  if (failed == NULL)
    return;

  g_autofree char *why = kelvin_measurement_describe_failure (failed);
  /* Translators: how the first call that failed did so */
  g_autofree char *text = g_strdup_printf (_ ("The first call that failed: %s"), why);
  gtk_label_set_label (self->failure, text);
}

static void
show_histogram (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  g_autoptr (GArray) warm = kelvin_measurement_get_totals (measurement->warm);
  g_autoptr (GArray) cold = kelvin_measurement_get_totals (measurement->cold);
  const KelvinHistogramSeries series[] = {
    { _ ("warm"), KELVIN_HUE_WARM, get_samples (warm), warm->len },
    { _ ("cold"), KELVIN_HUE_COLD, get_samples (cold), cold->len },
  };

  gtk_widget_set_visible (GTK_WIDGET (self->histogram), warm->len + cold->len > 0);
  gtk_widget_set_visible (self->table_box, warm->len + cold->len > 0);
  kelvin_histogram_set_series (self->histogram, series, G_N_ELEMENTS (series));
}

static char *
dup_or_dash (double ms)
{
  return isnan (ms) ? g_strdup ("–") : kelvin_format_duration (ms);
}

static void
add_table_row (KelvinNumberTable *table, const char *name, const GArray *samples)
{
  if (samples->len == 0)
    return;

  KelvinSummary summary = kelvin_summary_of (get_samples (samples), samples->len);
  g_autofree char *median = kelvin_format_duration (summary.p50);
  g_autofree char *interval =
      isnan (summary.p50_low) ? g_strdup ("–")
                              : kelvin_format_duration_interval (summary.p50_low, summary.p50_high);
  g_autofree char *p90 = dup_or_dash (summary.p90);
  g_autofree char *p99 = dup_or_dash (summary.p99);
  g_autofree char *most = kelvin_format_duration (summary.max);
  const char *cells[] = { name, median, interval, p90, p99, most, NULL };

  kelvin_number_table_add_row (table, cells);
}

static void
add_table_rows (KelvinNumberTable *table, const char *kind, GPtrArray *invocations)
{
  g_autofree char *in_all = g_strdup_printf (_ ("%s, in all"), kind);
  g_autoptr (GArray) totals = kelvin_measurement_get_totals (invocations);

  for (guint i = KELVIN_PHASE_SANDBOX; i <= KELVIN_PHASE_HANDLER; i++)
    {
      /* Translators: kind of call and phase: "cold, init" */
      g_autofree char *name =
          g_strdup_printf (_ ("%s, %s"), kind, kelvin_phase_get_title ((KelvinPhase) i));
      g_autoptr (GArray) samples = kelvin_measurement_get_phase (invocations, (KelvinPhase) i);
      add_table_row (table, name, samples);
    }
  add_table_row (table, in_all, totals);
}

static void
show_table (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  const char *titles[] = { _ ("Phase"), _ ("Median"), _ ("95 % interval"), _ ("p90"), _ ("p99"),
                           _ ("Most"),  NULL };
  GtkWidget *table = kelvin_number_table_new (titles);
  g_autofree char *note = g_strdup_printf (
      _ ("Medians of phases don’t add up to the median of the whole. p90 needs n ≥ "
         "%" G_GSIZE_FORMAT ", p99 n ≥ %" G_GSIZE_FORMAT "."),
      kelvin_percentile_needs (90), kelvin_percentile_needs (99));

  add_table_rows (KELVIN_NUMBER_TABLE (table), _ ("cold"), measurement->cold);
  add_table_rows (KELVIN_NUMBER_TABLE (table), _ ("warm"), measurement->warm);
  adw_bin_set_child (self->table_bin, table);
  gtk_label_set_label (self->table_note, note);
}

static void
show_median_start (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  KelvinInvocation *median = kelvin_measurement_find_median (measurement->cold);

  gtk_widget_set_visible (self->cold_start_box, median != NULL);
  if (median == NULL)
    return;

  kelvin_phase_bars_set_phases (self->phase_bars, &median->phases);
  gtk_widget_set_visible (GTK_WIDGET (self->init_duration), median->init_duration_us >= 0);
  if (median->init_duration_us < 0)
    return;

  g_autofree char *time = kelvin_format_duration (kelvin_us_to_ms (median->init_duration_us));
  g_autofree char *text =
      g_strdup_printf (_ ("Its REPORT line reads Init Duration: %s, runtime and init"), time);
  gtk_label_set_label (self->init_duration, text);
}

static void
show_dots (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  KelvinDotsRow rows[KELVIN_PHASE_HANDLER - KELVIN_PHASE_SANDBOX + 2];
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  guint n = 0;

  for (guint i = KELVIN_PHASE_SANDBOX; i <= KELVIN_PHASE_HANDLER; i++)
    {
      KelvinPhase phase = (KelvinPhase) i;
      GArray *samples = kelvin_measurement_get_phase (measurement->cold, phase);
      g_ptr_array_add (kept, samples);
      rows[n++] = (KelvinDotsRow){ kelvin_phase_get_title (phase), kelvin_phase_get_hue (phase),
                                   get_samples (samples), samples->len };
    }

  GArray *totals = kelvin_measurement_get_totals (measurement->cold);
  g_ptr_array_add (kept, totals);
  rows[n++] = (KelvinDotsRow){ _ ("in all"), KELVIN_HUE_COLD, get_samples (totals), totals->len };
  gtk_widget_set_visible (self->dots_box, totals->len > 0);
  kelvin_dots_set_rows (self->dots, rows, n);
}

static void
add_memory (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  GPtrArray *kinds[] = { measurement->cold, measurement->warm };
  gint64 peak_bytes = -1;
  guint size_mb = 0;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    for (guint j = 0; j < kinds[i]->len; j++)
      {
        const KelvinInvocation *invocation = kinds[i]->pdata[j];
        peak_bytes = MAX (peak_bytes, invocation->memory_peak_bytes);
        size_mb = invocation->memory_size_mb;
      }
  if (peak_bytes < 0)
    return;

  g_autofree char *text =
      g_strdup_printf (_ ("%.1f of %u MB"), (double) peak_bytes / MEGABYTE, size_mb);
  kelvin_facts_add (self->facts, KELVIN_FACT_PLAIN, _ ("Memory at the peak"), text, NULL);
}

static void
add_cpu (KelvinProfileView *self, const char *name, GPtrArray *invocations)
{
  g_autoptr (GArray) samples = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = invocations->pdata[i];
      double ms = kelvin_us_to_ms (invocation->cpu_us);
      if (invocation->status == KELVIN_STATUS_OK && invocation->cpu_us >= 0)
        g_array_append_val (samples, ms);
    }
  if (samples->len == 0)
    return;

  KelvinSummary summary = kelvin_summary_of (get_samples (samples), samples->len);
  g_autofree char *text = kelvin_format_duration (summary.p50);
  kelvin_facts_add (self->facts, KELVIN_FACT_PLAIN, name, text, NULL);
}

static void
add_cost (KelvinProfileView *self, const char *name, GPtrArray *invocations)
{
  double pico_usd = 0;

  if (invocations->len == 0)
    return;

  for (guint i = 0; i < invocations->len; i++)
    pico_usd += ((const KelvinInvocation *) invocations->pdata[i])->cost_pico_usd;
  g_autofree char *text = kelvin_format_usd ((gint64) (pico_usd / invocations->len * 1e6));
  kelvin_facts_add (self->facts, KELVIN_FACT_PLAIN, name, text, NULL);
}

static void
show_facts (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  kelvin_facts_clear (self->facts);
  add_memory (self, measurement);
  add_cpu (self, _ ("CPU of a cold call, median"), measurement->cold);
  add_cpu (self, _ ("CPU of a warm call, median"), measurement->warm);
  add_cost (self, _ ("A million cold calls, estimated"), measurement->cold);
  add_cost (self, _ ("A million warm calls, estimated"), measurement->warm);
}

static void
kelvin_profile_view_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_PROFILE_VIEW);

  G_OBJECT_CLASS (kelvin_profile_view_parent_class)->dispose (object);
}

static void
kelvin_profile_view_class_init (KelvinProfileViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_profile_view_dispose;

  g_type_ensure (KELVIN_TYPE_ADVICE_VIEW);
  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_DOTS);
  g_type_ensure (KELVIN_TYPE_FACTS);
  g_type_ensure (KELVIN_TYPE_HISTOGRAM);
  g_type_ensure (KELVIN_TYPE_INIT_CODE_VIEW);
  g_type_ensure (KELVIN_TYPE_PHASE_BARS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/profile-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, warm_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, warm_figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, warm_caption);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, cold_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, cold_figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, cold_caption);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, histogram);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, failure);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, table_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, table_bin);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, table_note);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, cold_start_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, phase_bars);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, init_duration);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, dots_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, dots);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, init_code);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, advice);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileView, facts);
}

static void
kelvin_profile_view_init (KelvinProfileView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_profile_view_new (void)
{
  return g_object_new (KELVIN_TYPE_PROFILE_VIEW, NULL);
}

void
kelvin_profile_view_set_measurement (KelvinProfileView *self, const KelvinMeasurement *measurement)
{
  g_return_if_fail (KELVIN_IS_PROFILE_VIEW (self));
  g_return_if_fail (measurement != NULL);

  show_figure (self->warm_box, self->warm_figure, self->warm_caption, _ ("warm"),
               measurement->warm);
  show_figure (self->cold_box, self->cold_figure, self->cold_caption, _ ("cold"),
               measurement->cold);
  show_failure (self, measurement);
  show_histogram (self, measurement);
  show_table (self, measurement);
  show_median_start (self, measurement);
  kelvin_init_code_view_set_init_code (self->init_code, measurement->init_code);
  kelvin_advice_view_set_advice (self->advice, measurement->advice);
  gtk_widget_set_visible (GTK_WIDGET (self->advice), measurement->init_code != NULL);
  show_dots (self, measurement);
  show_facts (self, measurement);
}
