#pragma once

#include "engine/analysis/measured-run.h"
#include "engine/analysis/shift.h"

G_BEGIN_DECLS

typedef enum {
  KELVIN_DIFFERENCE_SLOWER, /* of memory: more */
  KELVIN_DIFFERENCE_FASTER,
  KELVIN_DIFFERENCE_SAME,
  KELVIN_DIFFERENCE_UNCLEAR,
} KelvinDifference;
/* "slower", "faster", "same", "unclear" */
const char *kelvin_difference_to_string (KelvinDifference verdict);

/* Medians that are nearer than this, in milliseconds or MB, are the same for everybody: a tenth of
 * what is billed. */
#define KELVIN_UNFELT_DIFFERENCE 0.1

/* One metric of two runs. B is `slower` or `faster` where the difference is real: p, adjusted by
 * Holm for the number of metrics beside it, is below 5 %, and it can be felt: the medians are
 * KELVIN_UNFELT_DIFFERENCE apart, and the interval isn't all within 1 %. `same` where the 95 %
 * interval lies all within the threshold (or within 1
 * %), else `unclear`. */
typedef struct {
  char *name;
  gboolean gate;     /* one of those that decide */
  double a, b;       /* medians; NAN without samples */
  KelvinShift shift; /* the ratio is a median of ratios, not a ratio of medians */
  double p;          /* adjusted */
  KelvinDifference verdict;
  gboolean failed; /* the gate's: worse by more than the threshold, corrected for the number */
} KelvinMetricComparison;

/* What the difference of a total is made of. */
typedef struct {
  char *phase;     /* nullable: "init" */
  double phase_ms; /* the phase's difference */
  double total_ms; /* the total's */
  char *import;    /* nullable: a module that only one run imported, or that changed most */
  double import_ms;
  gboolean import_gone;
  gboolean import_new;
} KelvinDifferenceCause;

typedef struct {
  char *label_a, *label_b; /* as the runs were named */
  char *function_name;
  double threshold_percent;
  GPtrArray *metrics;  /* of KelvinMetricComparison: gates first, then what they are made of */
  GPtrArray *warnings; /* of char *: what makes the two less alike, a sentence each */
  KelvinDifferenceCause cold, warm;
  gboolean failed; /* one of the gates */
} KelvinRunComparison;

/* The metrics that decide unless told: "cold.totalMs", "warm.totalMs", "memory.peakMB". */
extern const char *const kelvin_default_gates[];

/* @gates: NULL-terminated, or NULL for the usual ones; one that A or B hasn't measured is left out,
 * unless B failed where A didn't, which fails. Fails where the two are no measurements of the same
 * thing. Pure; 200 ms for runs of 100,000 samples, so not on a thread that draws. */
KelvinRunComparison *kelvin_run_comparison_new (const KelvinMeasuredRun *a,
                                                const KelvinMeasuredRun *b,
                                                double threshold_percent, const char *const *gates,
                                                GError **error);
void kelvin_run_comparison_free (KelvinRunComparison *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRunComparison, kelvin_run_comparison_free)

const KelvinMetricComparison *kelvin_run_comparison_get (const KelvinRunComparison *self,
                                                         const char *name);

/* As `kelvin compare --json` (contract.md). */
JsonNode *kelvin_run_comparison_to_json (const KelvinRunComparison *self);
/* "cold, in all": what people call a metric. (transfer full) */
char *kelvin_metric_get_title (const char *name);
/* "10 % faster, cold", for a headline: the first gate that differs, else that none does. (transfer
 * full) */
char *kelvin_run_comparison_get_headline (const KelvinRunComparison *self);
/* "init accounts for 15.2 of 15.3 ms; xml.etree.ElementTree is no longer imported (15.0 ms)"; NULL
 * where no total differs. (transfer full) */
char *kelvin_run_comparison_get_cause (const KelvinRunComparison *self);
/* "−9.6 % [−11, −8.1]", "no interval: needs n ≥ 6" (transfer full) */
char *kelvin_metric_comparison_get_difference (const KelvinMetricComparison *self);

/* A table for a pull request, and what `junit` readers take: a test case for each gate. (transfer
 * full) */
char *kelvin_run_comparison_to_markdown (const KelvinRunComparison *self);
char *kelvin_run_comparison_to_junit (const KelvinRunComparison *self);

G_END_DECLS
