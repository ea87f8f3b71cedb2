#pragma once

#include "engine/analysis/run-comparison.h"

G_BEGIN_DECLS

/* The options that `compare` and `profile --against` share, as they were typed. */
typedef struct {
  char *threshold;  /* nullable: "5%" */
  char *gates;      /* nullable: "cold.totalMs,warm.totalMs" */
  char *junit_file; /* nullable; "-" is standard output */
  gboolean markdown;
  double threshold_percent; /* of `threshold`, once checked */
} KelvinComparisonOptions;
#define KELVIN_COMPARISON_OPTIONS ((KelvinComparisonOptions){ .threshold_percent = 5 })

/* FALSE: the threshold is no percentage; the message says what would be right. */
gboolean kelvin_comparison_options_check (KelvinComparisonOptions *self, GError **error);
KelvinRunComparison *kelvin_comparison_options_compare (const KelvinComparisonOptions *self,
                                                        const KelvinMeasuredRun *a,
                                                        const KelvinMeasuredRun *b, GError **error);

/* An exit status; blocking. */
int kelvin_comparison_write_junit (const KelvinRunComparison *comparison,
                                   const KelvinComparisonOptions *options);
/* FALSE where standard output has the JUnit document already. */
gboolean kelvin_comparison_wants_output (const KelvinComparisonOptions *options);
/* As text, or as Markdown where that was asked for. */
void kelvin_comparison_report_print (const KelvinRunComparison *comparison,
                                     const KelvinComparisonOptions *options);

G_END_DECLS
