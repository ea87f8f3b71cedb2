#include "app/advice-report.h"
#include <string.h>

#include "app/await.h"
#include "app/command.h"
#include "app/comparison-report.h"
#include "app/event-input.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/import-report.h"
#include "app/output.h"
#include "app/phase-bars.h"
#include "app/profile-file.h"
#include "app/profile-report.h"
#include "app/session.h"

#define MOST 100000
#define BASELINE_PREFIX "baseline:"
#define MOST_TRIES 1000
#define LARGEST_UNTIL 50

static int cold_starts = 20;
static int warm_invokes = 100;
static char *event_file;
static char *event_json;
static gboolean imports;
static gboolean advise;
static int tries = 20;
static char *timeline_file;
static char *timeline_format;

static char *against;
static char *save_baseline;
static gint64 seed;
static char *until_text;
static double until_percent;
static KelvinComparisonOptions comparing = KELVIN_COMPARISON_OPTIONS;

static const GOptionEntry entries[] = {
  { "cold", 0, 0, G_OPTION_ARG_INT, &cold_starts, "cold starts; 20 unless told", "N" },
  { "warm", 0, 0, G_OPTION_ARG_INT, &warm_invokes, "warm invokes; 100 unless told", "N" },
  { "event", 0, 0, G_OPTION_ARG_FILENAME, &event_file, "the event; - reads standard input",
    "FILE" },
  { "event-json", 0, 0, G_OPTION_ARG_FILENAME, &event_json, "the event itself, as JSON text",
    "TEXT" },
  { "imports", 0, 0, G_OPTION_ARG_NONE, &imports,
    "what init imports, module by module, from cold starts beside the others", NULL },
  { "advise", 0, 0, G_OPTION_ARG_NONE, &advise,
    "what would help, each tried against the function as it is (with --imports)", NULL },
  { "tries", 0, 0, G_OPTION_ARG_INT, &tries, "of each advice; 20 unless told", "N" },
  { "against", 0, 0, G_OPTION_ARG_FILENAME, &against,
    "measures another folder, or the function as it was in a commit, in turns with it and compares",
    "DIR|GITREF" },
  { "save-baseline", 0, 0, G_OPTION_ARG_FILENAME, &save_baseline,
    "keeps the figures in the function's folder; --against baseline:NAME compares with them",
    "NAME" },
  { "threshold", 0, 0, G_OPTION_ARG_STRING, &comparing.threshold,
    "what it may be worse by, 5% unless told (with --against)", "PERCENT" },
  { "gate", 0, 0, G_OPTION_ARG_STRING, &comparing.gates,
    "the metrics that decide; cold.totalMs,warm.totalMs,memory.peakMB unless told", "LIST" },
  { "markdown", 0, 0, G_OPTION_ARG_NONE, &comparing.markdown,
    "print the comparison for a pull request", NULL },
  { "junit", 0, 0, G_OPTION_ARG_FILENAME, &comparing.junit_file,
    "write a test case for each gate to FILE; - is standard output", "FILE" },
  { "until", 0, 0, G_OPTION_ARG_STRING, &until_text,
    "end cold, and warm, once the median's 95 % interval is within this much of it, as in 2%",
    "PERCENT" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "of the order; one is chosen unless told", "N" },
  { "timeline", 0, 0, G_OPTION_ARG_FILENAME, &timeline_file,
    "writes one recorded cold start, phases and imports, for other programs; - is standard output "
    "(with --imports)",
    "FILE" },
  { "format", 0, 0, G_OPTION_ARG_STRING, &timeline_format,
    "of the timeline: speedscope (unless told), chrome or collapsed", "F" },
  { NULL },
};

static void
progress_cb (const KelvinProgress *progress, gpointer user_data)
{
  const gint64 *started_us = user_data;
  gint64 passed_us = g_get_monotonic_time () - *started_us;
  gint64 left_s = progress->done > 0 ? passed_us * (progress->total - progress->done) /
                                           progress->done / G_USEC_PER_SEC
                                     : 0;

  kelvin_show_progress ("start or invoke %u of %u, about %" G_GINT64_FORMAT " s left",
                        progress->done + 1, progress->total, left_s);
}

/* Means of phases add up to no start that there was: a start whose time is nearest to the median
 * does. */
static void
print_median_start (const KelvinProfile *profile)
{
  g_autoptr (GArray) totals = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GPtrArray) good = g_ptr_array_new ();

  for (guint i = 0; i < profile->cold->len; i++)
    {
      KelvinInvocation *invocation = g_ptr_array_index (profile->cold, i);
      double ms = kelvin_us_to_ms (kelvin_phases_get_total_us (&invocation->phases));

      if (invocation->status != KELVIN_STATUS_OK)
        continue;
      g_array_append_val (totals, ms);
      g_ptr_array_add (good, invocation);
    }
  if (good->len == 0)
    return;

  gsize nearest = kelvin_median_index ((const double *) (const void *) totals->data, totals->len);
  const KelvinInvocation *invocation = g_ptr_array_index (good, nearest);
  g_autofree char *title = kelvin_styled (KELVIN_STYLE_TITLE, "a real median start");
  kelvin_print ("\n%s, invocation %" G_GUINT64_FORMAT " of the run\n", title, invocation->number);
  kelvin_phase_bars_print (&invocation->phases, 2);
}

static void
print_text (const KelvinProfile *profile, JsonNode *document)
{
  g_autofree char *name = kelvin_styled (KELVIN_STYLE_TITLE, profile->run->function_name);

  kelvin_print ("%s  version %.12s\n\n", name, profile->run->version);
  kelvin_profile_report_print (json_node_get_object (document));
  print_median_start (profile);
  kelvin_import_report_print (json_node_get_object (document));
  kelvin_advice_report_print (json_node_get_object (document));
  kelvin_print ("\nshown again by: kelvin history show %s\n", profile->run->id);
}

static void
say_interrupted (const KelvinProfile *profile)
{
  if (kelvin_exit_status_of (profile->run->status) == KELVIN_EXIT_INTERRUPTED)
    kelvin_say_error ("interrupted; %u cold and %u warm invocations were kept", profile->cold->len,
                      profile->warm->len);
}

/* The message of a first failed invocation is more use than a count. */
static void
say_first_failure (GPtrArray *invocations)
{
  for (guint i = 0; i < invocations->len; i++)
    {
      const KelvinInvocation *invocation = g_ptr_array_index (invocations, i);
      gsize length = 0;
      const char *payload = NULL;

      if (kelvin_exit_status_of (invocation->status) != KELVIN_EXIT_FUNCTION_FAILED)
        continue;
      if (invocation->payload != NULL)
        payload = g_bytes_get_data (invocation->payload, &length);
      kelvin_say_error ("invocation %" G_GUINT64_FORMAT " ended with %s: %.*s", invocation->number,
                        kelvin_status_to_string (invocation->status), (int) MIN (length, 500),
                        payload != NULL ? payload : "");
      return;
    }
}

/* Blocking: what there was to measure is measured. */
static int
write_timeline (const KelvinProfile *profile)
{
  g_autoptr (KelvinTimeline) timeline =
      profile->imports != NULL ? kelvin_timeline_new (profile->run->function_name, profile->imports)
                               : NULL;
  KelvinTimelineFormat format = KELVIN_TIMELINE_SPEEDSCOPE;
  g_autoptr (GError) error = NULL;

  if (timeline_file == NULL)
    return KELVIN_EXIT_OK;
  if (timeline == NULL)
    {
      kelvin_say_error ("%s wasn't written: no start told what it imported", timeline_file);
      return KELVIN_EXIT_FUNCTION_FAILED;
    }
  if (timeline_format != NULL)
    kelvin_timeline_format_from_string (timeline_format, &format);
  g_autofree char *text = kelvin_timeline_export (timeline, format);
  if (g_str_equal (timeline_file, "-"))
    kelvin_print ("%s%s", text, g_str_has_suffix (text, "\n") ? "" : "\n");
  else if (!g_file_set_contents (timeline_file, text, -1, &error))
    {
      kelvin_say_error ("%s can't be written: %s", timeline_file, error->message);
      return KELVIN_EXIT_CANNOT;
    }
  return KELVIN_EXIT_OK;
}

static void
print_comparison (const KelvinCommandLine *line, const KelvinRunComparison *comparison,
                  JsonNode *document, JsonNode *other)
{
  JsonObject *object = json_node_get_object (document);

  if (!line->json)
    {
      kelvin_comparison_report_print (comparison, &comparing);
      return;
    }
  json_object_set_member (object, "against", json_node_copy (other));
  json_object_set_member (object, "comparison", kelvin_run_comparison_to_json (comparison));
  kelvin_print_json (document);
}

/* NULL: what is compared with is no baseline. */
static const char *
get_baseline_name (void)
{
  return against != NULL && g_str_has_prefix (against, BASELINE_PREFIX)
             ? against + strlen (BASELINE_PREFIX)
             : NULL;
}

static JsonNode *
read_baseline (const char *dir, GError **error)
{
  g_autofree char *path = kelvin_baseline_get_path (dir, get_baseline_name (), error);

  return path != NULL ? kelvin_profile_file_read (path, error) : NULL;
}

/* An exit status. A run that was stopped is no measure for others. */
static int
keep_baseline (const KelvinProfile *profile, const char *dir, JsonNode *document)
{
  g_autoptr (GError) error = NULL;

  if (save_baseline == NULL || profile->run->status != KELVIN_STATUS_OK)
    return KELVIN_EXIT_OK;
  g_autofree char *path = kelvin_baseline_get_path (dir, save_baseline, &error);
  if (path == NULL || !kelvin_baseline_save (path, document, &error))
    return kelvin_fail (error);
  return KELVIN_EXIT_OK;
}

/* Both in one answer: what was measured, and how they differ. An exit status. */
static int
report_comparison (const KelvinCommandLine *line, KelvinProfile *profile)
{
  g_autoptr (JsonNode) document = kelvin_profile_to_json (profile);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) other = profile->against != NULL ? kelvin_profile_to_json (profile->against)
                                                        : read_baseline (line->operands[0], &error);
  g_autoptr (KelvinMeasuredRun) a =
      other != NULL ? kelvin_measured_run_read (other, against, &error) : NULL;
  g_autoptr (KelvinMeasuredRun) b =
      a != NULL ? kelvin_measured_run_read (document, line->operands[0], &error) : NULL;
  KelvinStatus status = profile->run->status;

  if (b == NULL)
    return kelvin_fail (error);
  if (profile->against != NULL)
    {
      /* Who names both knows that a copy is called otherwise. */
      g_free (a->function_name);
      a->function_name = g_strdup (b->function_name);
    }
  if (profile->against_note != NULL)
    kelvin_say_warning ("%s", profile->against_note);
  g_autoptr (KelvinRunComparison) comparison =
      kelvin_comparison_options_compare (&comparing, a, b, &error);
  if (comparison == NULL)
    return kelvin_fail (error);
  int written = MAX (kelvin_comparison_write_junit (comparison, &comparing),
                     keep_baseline (profile, line->operands[0], document));
  if (kelvin_comparison_wants_output (&comparing))
    print_comparison (line, comparison, document, other);
  kelvin_output_flush ();
  say_interrupted (profile);
  say_first_failure (profile->cold->len > 0 ? profile->cold : profile->warm);
  if (status != KELVIN_STATUS_OK)
    return kelvin_exit_status_of (status);
  return comparison->failed ? KELVIN_EXIT_FUNCTION_FAILED : written;
}

static int
measure (const KelvinCommandLine *line, GBytes *event)
{
  KelvinSession *session = kelvin_session_open (line);
  g_autofree char *name = kelvin_event_input_get_name (event_file, line->operands[0]);
  gint64 started_us = g_get_monotonic_time ();
  const KelvinProfileRequest request = {
    .function_dir = line->operands[0],
    .event = event,
    .event_name = name,
    .cold = (guint) cold_starts,
    .warm = (guint) warm_invokes,
    .imports = imports,
    .advise = advise ? (guint) tries : 0,
    .against = get_baseline_name () == NULL ? against : NULL,
    .seed = (guint32) seed,
    .until_percent = until_percent,
  };
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_profile_async (kelvin_session_get_engine (session), &request,
                               kelvin_session_get_cancellable (session), progress_cb, &started_us,
                               kelvin_await_cb, &result);
  kelvin_await (&result);
  g_autoptr (KelvinProfile) profile =
      kelvin_engine_profile_finish (kelvin_session_get_engine (session), result, &error);
  if (profile == NULL)
    return kelvin_session_close (session, kelvin_fail (error));

  if (against != NULL)
    return kelvin_session_close (session, report_comparison (line, profile));
  g_autoptr (JsonNode) document = kelvin_profile_to_json (profile);
  if (profile->run->note != NULL)
    kelvin_say_warning ("%s", profile->run->note);
  gboolean timeline_alone = g_strcmp0 (timeline_file, "-") == 0;
  if (line->json && !timeline_alone)
    kelvin_print_json (document);
  else if (!timeline_alone)
    print_text (profile, document);
  int written =
      MAX (write_timeline (profile), keep_baseline (profile, line->operands[0], document));
  kelvin_output_flush ();
  say_interrupted (profile);
  say_first_failure (profile->cold->len > 0 ? profile->cold : profile->warm);
  int status = kelvin_exit_status_of (profile->run->status);
  return kelvin_session_close (session, status != KELVIN_EXIT_OK ? status : written);
}

static gboolean
check_timeline (void)
{
  KelvinTimelineFormat format;

  if (timeline_format != NULL && !kelvin_timeline_format_from_string (timeline_format, &format))
    {
      kelvin_say_error ("--format is '%s'; right is speedscope, chrome or collapsed",
                        timeline_format);
      return FALSE;
    }
  if (timeline_format != NULL && timeline_file == NULL)
    {
      kelvin_say_error ("--format says what --timeline FILE is written in; there is no --timeline");
      return FALSE;
    }
  imports |= timeline_file != NULL || advise;
  return TRUE;
}

static gboolean
check_until (void)
{
  char *rest = NULL;

  if (until_text == NULL)
    return TRUE;
  until_percent = g_ascii_strtod (until_text, &rest);
  if (rest == until_text || (*rest != '\0' && !g_str_equal (rest, "%")) ||
      !(until_percent > 0 && until_percent <= LARGEST_UNTIL))
    kelvin_say_error ("--until is '%s'; right is a percentage over 0 and at most %d, as in 2%%",
                      until_text, LARGEST_UNTIL);
  else if (against != NULL && get_baseline_name () == NULL)
    kelvin_say_error ("--until ends each of two versions at another number; leave out --against, "
                      "or say how many by --cold and --warm");
  else
    return TRUE;
  return FALSE;
}

static gboolean
check_against (void)
{
  g_autoptr (GError) error = NULL;
  const char *dir = "."; /* only the names are looked at */
  g_autofree char *saved =
      save_baseline != NULL ? kelvin_baseline_get_path (dir, save_baseline, &error) : NULL;
  g_autofree char *read = get_baseline_name () != NULL && error == NULL
                              ? kelvin_baseline_get_path (dir, get_baseline_name (), &error)
                              : NULL;
  gboolean about_comparing = comparing.threshold != NULL || comparing.gates != NULL ||
                             comparing.markdown || comparing.junit_file != NULL;

  if (error != NULL)
    kelvin_say_error ("%s", error->message);
  else if (against == NULL && about_comparing)
    kelvin_say_error ("--threshold, --gate, --markdown and --junit say how --against compares; "
                      "there is no --against");
  else if (against != NULL && (advise || timeline_file != NULL))
    kelvin_say_error ("--advise and --timeline are of one function; leave out --against");
  else if (seed < 0 || seed > G_MAXUINT32)
    kelvin_say_error ("--seed is %" G_GINT64_FORMAT "; right is a whole number from 0 to %u", seed,
                      G_MAXUINT32);
  else if (kelvin_comparison_options_check (&comparing, &error))
    return TRUE;
  else
    kelvin_say_error ("%s", error->message);
  return FALSE;
}

static int
say_wrong_number (const char *option, int number)
{
  kelvin_say_error ("%s is %d; right is a whole number from 0 to %d", option, number, MOST);
  return KELVIN_EXIT_BAD_INPUT;
}

static int
run (const KelvinCommandLine *line)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) event = NULL;

  if (!check_timeline () || !check_against () || !check_until ())
    return KELVIN_EXIT_BAD_INPUT;
  if (cold_starts < 0 || cold_starts > MOST)
    return say_wrong_number ("--cold", cold_starts);
  if (tries < 1 || tries > MOST_TRIES)
    {
      kelvin_say_error ("--tries is %d; right is a whole number from 1 to %d", tries, MOST_TRIES);
      return KELVIN_EXIT_BAD_INPUT;
    }
  if (warm_invokes < 0 || warm_invokes > MOST)
    return say_wrong_number ("--warm", warm_invokes);
  if (cold_starts + warm_invokes == 0)
    {
      kelvin_say_error ("--cold and --warm are both 0; right is at least one invocation");
      return KELVIN_EXIT_BAD_INPUT;
    }

  g_autoptr (KelvinFunction) function = kelvin_function_operand_load (line->operands[0], &error);
  if (function == NULL)
    return kelvin_fail (error);
  if (get_baseline_name () != NULL)
    {
      g_autoptr (JsonNode) baseline = read_baseline (line->operands[0], &error);
      if (baseline == NULL)
        return kelvin_fail (error);
    }
  event = kelvin_event_input_read (event_file, event_json, &error);
  if (event == NULL)
    return kelvin_fail (error);
  return measure (line, event);
}

const KelvinCommand kelvin_command_profile = {
  .name = "profile",
  .operands = "DIR",
  .summary = "measure cold starts and warm invokes, phase by phase",
  .description =
      "A percentile is shown where there are enough samples for it: p90 needs 10, p95\n"
      "20, p99 100. The interval is the median's, with a confidence of 95 %.\n"
      "--imports records what init loads in some cold starts more, which are in no other\n"
      "figure; --advise starts the function with each change and as it is, alternately.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
