#include <string.h>

#include "app/await.h"
#include "app/command.h"
#include "app/comparison-report.h"
#include "app/exit-status.h"
#include "app/open-history.h"
#include "app/output.h"
#include "app/profile-file.h"

static KelvinComparisonOptions options = KELVIN_COMPARISON_OPTIONS;

static const GOptionEntry entries[] = {
  { "threshold", 0, 0, G_OPTION_ARG_STRING, &options.threshold,
    "what B may be worse by, 5% unless told", "PERCENT" },
  { "gate", 0, 0, G_OPTION_ARG_STRING, &options.gates,
    "the metrics that decide; cold.totalMs,warm.totalMs,memory.peakMB unless told", "LIST" },
  { "markdown", 0, 0, G_OPTION_ARG_NONE, &options.markdown, "print it for a pull request", NULL },
  { "junit", 0, 0, G_OPTION_ARG_FILENAME, &options.junit_file,
    "write a test case for each gate to FILE; - is standard output", "FILE" },
  { NULL },
};

/* What a run of the history has of a profile. */
static JsonNode *
read_run (KelvinStore *store, const char *id, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_store_get_run_async (store, id, NULL, kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (store, result, error);
  if (run == NULL)
    return NULL;
  if (run->kind != KELVIN_RUN_PROFILE || run->details_json == NULL)
    {
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                   "run %s is a run of kind %s that is %s; right is a profile that has ended", id,
                   kelvin_run_kind_to_string (run->kind), kelvin_status_to_string (run->status));
      return NULL;
    }
  return kelvin_profile_text_parse (run->details_json, strlen (run->details_json), id, error);
}

/* A file, where there is one of that name; else a run. The history is opened when it is asked. */
static KelvinMeasuredRun *
read_operand (const KelvinCommandLine *line, const char *operand, KelvinStore **store,
              GError **error)
{
  g_autoptr (JsonNode) document = NULL;

  if (g_file_test (operand, G_FILE_TEST_EXISTS))
    {
      document = kelvin_profile_file_read (operand, error);
    }
  else if (strchr (operand, '/') != NULL || g_str_has_suffix (operand, ".json"))
    {
      g_set_error (error, KELVIN_COMPARE_ERROR, KELVIN_COMPARE_ERROR_NOT_A_PROFILE,
                   "there is no file %s", operand);
    }
  else
    {
      if (*store == NULL)
        *store = kelvin_open_history (line, error);
      if (*store != NULL)
        document = read_run (*store, operand, error);
    }
  return document != NULL ? kelvin_measured_run_read (document, operand, error) : NULL;
}

static int
run (const KelvinCommandLine *line)
{
  g_autoptr (KelvinStore) store = NULL;
  g_autoptr (KelvinMeasuredRun) a = NULL;
  g_autoptr (KelvinMeasuredRun) b = NULL;
  g_autoptr (GError) error = NULL;

  if (!kelvin_comparison_options_check (&options, &error))
    return kelvin_fail (error);
  a = read_operand (line, line->operands[0], &store, &error);
  if (a != NULL)
    b = read_operand (line, line->operands[1], &store, &error);
  if (store != NULL)
    kelvin_store_close (store);
  if (b == NULL)
    return kelvin_fail (error);

  g_autoptr (KelvinRunComparison) comparison =
      kelvin_comparison_options_compare (&options, a, b, &error);
  if (comparison == NULL)
    return kelvin_fail (error);
  int written = kelvin_comparison_write_junit (comparison, &options);
  if (!kelvin_comparison_wants_output (&options))
    return comparison->failed ? KELVIN_EXIT_FUNCTION_FAILED : written;
  if (line->json)
    {
      g_autoptr (JsonNode) document = kelvin_run_comparison_to_json (comparison);
      kelvin_print_json (document);
    }
  else
    {
      kelvin_comparison_report_print (comparison, &options);
    }
  return written != KELVIN_EXIT_OK ? written
         : comparison->failed      ? KELVIN_EXIT_FUNCTION_FAILED
                                   : KELVIN_EXIT_OK;
}

const KelvinCommand kelvin_command_compare = {
  .name = "compare",
  .operands = "A B",
  .summary = "say whether run B is slower than run A, and by how much",
  .description =
      "A and B are profiles: ids of the history, or files that `kelvin profile --json` wrote.\n"
      "A metric fails where its whole interval lies beyond the threshold, corrected for the "
      "number\n"
      "of metrics that decide; then the exit status is 1.",
  .entries = entries,
  .min_operands = 2,
  .max_operands = 2,
  .run = run,
};
