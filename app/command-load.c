#include <math.h>

#include "app/await.h"
#include "app/command.h"
#include "app/event-input.h"
#include "app/exit-status.h"
#include "app/function-operand.h"
#include "app/load-report.h"
#include "app/output.h"
#include "app/session.h"
#include "engine/analysis/money.h"
#include "engine/load.h"

static double rate = NAN;
static int concurrency = -1;
static double duration_s = NAN;
static char *pattern_word;
static char *times_file;
static char *event_file;
static char *event_json;
static gint64 seed = 1;
static int retries;
static char *backoff_word;
static int warm;
static double caller_timeout_s;
static double retry_budget;
static char *limits_word;
static double stop_error_rate;
static double stop_p99_ms;
static double stop_cost_usd;

static const GOptionEntry entries[] = {
  { "rate", 0, 0, G_OPTION_ARG_DOUBLE, &rate, "events a second, due whatever became of others",
    "R" },
  { "concurrency", 0, 0, G_OPTION_ARG_INT, &concurrency, "callers that wait for their answers",
    "C" },
  { "duration", 0, 0, G_OPTION_ARG_DOUBLE, &duration_s, "seconds", "S" },
  { "pattern", 0, 0, G_OPTION_ARG_STRING, &pattern_word,
    "steady (unless told), poisson, burst, ramp or daily", "P" },
  { "times", 0, 0, G_OPTION_ARG_FILENAME, &times_file,
    "a CSV of the seconds at which events are due, in place of --rate and --duration", "FILE" },
  { "seed", 0, 0, G_OPTION_ARG_INT64, &seed, "of all that is drawn; 1 unless told", "N" },
  { "event", 0, 0, G_OPTION_ARG_FILENAME, &event_file, "the event; - reads standard input",
    "FILE" },
  { "event-json", 0, 0, G_OPTION_ARG_FILENAME, &event_json, "the event itself, as JSON text",
    "TEXT" },
  { "caller-retries", 0, 0, G_OPTION_ARG_INT, &retries, "further tries of a caller; 0 unless told",
    "N" },
  { "backoff", 0, 0, G_OPTION_ARG_STRING, &backoff_word,
    "between tries: none (unless told), exponential or full-jitter", "B" },
  { "caller-timeout", 0, 0, G_OPTION_ARG_DOUBLE, &caller_timeout_s,
    "seconds after which a caller gives a try up; the handler goes on", "S" },
  { "retry-budget", 0, 0, G_OPTION_ARG_DOUBLE, &retry_budget,
    "further tries as a share of first ones: 0.1 allows one in ten", "SHARE" },
  { "limits", 0, 0, G_OPTION_ARG_STRING, &limits_word, "service (unless told), machine or free",
    "L" },
  { "warm", 0, 0, G_OPTION_ARG_INT, &warm,
    "environments that are made before the first event is due; 0 unless told", "N" },
  { "stop-error-rate", 0, 0, G_OPTION_ARG_DOUBLE, &stop_error_rate,
    "ends when more than this share of the last 100 events failed", "SHARE" },
  { "stop-p99", 0, 0, G_OPTION_ARG_DOUBLE, &stop_p99_ms,
    "ends when the last 1,000 successes have a p99 over this", "MS" },
  { "stop-cost", 0, 0, G_OPTION_ARG_DOUBLE, &stop_cost_usd,
    "ends when the estimated cost is over this", "USD" },
  { NULL },
};

static void
progress_cb (const KelvinLoadBatch *batch, gpointer user_data)
{
  const KelvinLoadCounts *counts = &batch->counts;
  g_autofree char *p50 =
      isnan (counts->p50_ms) ? g_strdup ("–") : g_strdup_printf ("%.1f", counts->p50_ms);
  g_autofree char *p99 =
      isnan (counts->p99_ms) ? g_strdup ("–") : g_strdup_printf ("%.1f", counts->p99_ms);

  kelvin_show_progress (
      "%.1f of %.1f s: %" G_GUINT64_FORMAT " due, %" G_GUINT64_FORMAT " done, %" G_GUINT64_FORMAT
      " failed, %" G_GUINT64_FORMAT " throttled, %" G_GUINT64_FORMAT " waiting; p50 %s, p99 %s ms",
      (double) batch->now_ns / 1e9, (double) batch->planned_ns / 1e9, counts->due,
      counts->completed, counts->function_errors, counts->throttled, counts->waiting, p50, p99);
}

static void
print_text (const KelvinLoadResult *result)
{
  g_autofree char *name = kelvin_styled (KELVIN_STYLE_TITLE, result->run->function_name);

  kelvin_print ("%s  version %.12s\n\n", name, result->run->version);
  kelvin_load_report_print (result);
  kelvin_print ("\nshown again by: kelvin history show %s\n", result->run->id);
}

static void
say_warnings (const KelvinLoadResult *result)
{
  if (result->run->note != NULL)
    kelvin_say_warning ("%s", result->run->note);
  if (result->warning != NULL)
    kelvin_say_warning ("%s", result->warning);
  if (result->stopped_by != NULL)
    kelvin_say_error ("stopped: %s", result->stopped_by);
  if (result->run->status == KELVIN_STATUS_CANCELLED)
    kelvin_say_error ("interrupted; %" G_GUINT64_FORMAT " events were kept",
                      result->offered + result->cancelled);
}

static int
exit_status_of (const KelvinLoadResult *result)
{
  if (result->run->status != KELVIN_STATUS_CANCELLED && result->stopped_by != NULL)
    return KELVIN_EXIT_FUNCTION_FAILED;
  return kelvin_exit_status_of (result->run->status);
}

static int
measure (const KelvinCommandLine *line, const KelvinLoadRequest *request)
{
  KelvinSession *session = kelvin_session_open (line);
  KelvinEngine *engine = kelvin_session_get_engine (session);
  g_autoptr (GAsyncResult) awaited = NULL;
  g_autoptr (GError) error = NULL;

  kelvin_engine_load_async (engine, request, kelvin_session_get_cancellable (session), progress_cb,
                            NULL, kelvin_await_cb, &awaited);
  kelvin_await (&awaited);
  g_autoptr (KelvinLoadResult) result = kelvin_engine_load_finish (engine, awaited, &error);
  if (result == NULL)
    return kelvin_session_close (session, kelvin_fail (error));

  g_autoptr (JsonNode) document = kelvin_load_result_to_json (result);
  if (line->json)
    kelvin_print_json (document);
  else
    print_text (result);
  kelvin_output_flush ();
  say_warnings (result);
  return kelvin_session_close (session, exit_status_of (result));
}

/* --- from options to a request --- */

G_GNUC_PRINTF (1, 2)
static gboolean
refuse (const char *format, ...)
{
  va_list args;
  g_autofree char *message = NULL;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  kelvin_say_error ("%s", message);
  return FALSE;
}

static gboolean
read_words (KelvinLoadRequest *request)
{
  if (pattern_word != NULL && (!kelvin_pattern_from_string (pattern_word, &request->pattern) ||
                               request->pattern == KELVIN_PATTERN_TIMES))
    return refuse ("--pattern is “%s”; right is steady, poisson, burst, ramp or daily",
                   pattern_word);
  if (backoff_word != NULL && !kelvin_backoff_from_string (backoff_word, &request->caller.backoff))
    return refuse ("--backoff is “%s”; right is none, exponential or full-jitter", backoff_word);
  if (limits_word != NULL && !kelvin_admission_from_string (limits_word, &request->admission))
    return refuse ("--limits is “%s”; right is service, machine or free", limits_word);
  return TRUE;
}

static gboolean
read_times (KelvinLoadRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  gsize length = 0;
  gsize out_of_order = 0;

  if (!g_file_get_contents (times_file, &text, &length, &error))
    return refuse ("--times: %s", error->message);
  request->times_ns = kelvin_load_plan_read (text, length, &out_of_order, &error);
  if (request->times_ns == NULL)
    return refuse ("--times: %s: %s", times_file, error->message);
  if (out_of_order > 0)
    kelvin_say_warning ("%s: %" G_GSIZE_FORMAT " times stood before an earlier one; they were put "
                        "in order",
                        times_file, out_of_order);
  request->pattern = KELVIN_PATTERN_TIMES;
  return TRUE;
}

static gboolean
check_duration (void)
{
  double most_s = (double) KELVIN_LOAD_MOST_DURATION_NS / 1e9;

  if (isnan (duration_s))
    return refuse ("--duration is missing: for how many seconds");
  if (!(duration_s > 0.0 && duration_s <= most_s))
    return refuse ("--duration is %g; right is more than 0 and at most %.0f seconds", duration_s,
                   most_s);
  return TRUE;
}

static gboolean
read_amount (KelvinLoadRequest *request)
{
  if ((times_file != NULL) + !isnan (rate) + (concurrency != -1) != 1)
    return refuse ("one of --rate, --concurrency and --times is needed, and not two of them");
  if (times_file != NULL)
    return pattern_word == NULL && isnan (duration_s)
               ? read_times (request)
               : refuse ("--times says when events are due: --duration and --pattern can't");
  if (!check_duration ())
    return FALSE;
  request->duration_ns = (gint64) (duration_s * 1e9);
  if (concurrency != -1 && (concurrency < 1 || concurrency > KELVIN_LOAD_MOST_CONCURRENCY))
    return refuse ("--concurrency is %d; right is a whole number from 1 to %d", concurrency,
                   KELVIN_LOAD_MOST_CONCURRENCY);
  if (concurrency != -1 && pattern_word != NULL)
    return refuse ("--pattern is for --rate: callers that wait follow no plan");
  if (concurrency != -1)
    request->concurrency = (guint) concurrency;
  else if (!(rate > 0.0 && rate <= KELVIN_LOAD_MOST_RATE))
    return refuse ("--rate is %g; right is more than 0 and at most %.0f events a second", rate,
                   KELVIN_LOAD_MOST_RATE);
  else
    request->rate = rate;
  return TRUE;
}

static gboolean
read_caller (KelvinLoadRequest *request)
{
  if (retries < 0 || retries > KELVIN_LOAD_MOST_RETRIES)
    return refuse ("--caller-retries is %d; right is a whole number from 0 to %d", retries,
                   KELVIN_LOAD_MOST_RETRIES);
  if (!(caller_timeout_s >= 0.0 && caller_timeout_s <= 86400.0))
    return refuse ("--caller-timeout is %g; right is 0 (none) to 86400 seconds", caller_timeout_s);
  if (!(retry_budget >= 0.0 && retry_budget <= 1000.0))
    return refuse ("--retry-budget is %g; right is a share from 0 (none) to 1000", retry_budget);
  if (warm < 0 || warm > KELVIN_LOAD_MOST_CONCURRENCY)
    return refuse ("--warm is %d; right is a whole number from 0 to %d", warm,
                   KELVIN_LOAD_MOST_CONCURRENCY);
  request->warm = (guint) warm;
  request->caller.retries = (guint) retries;
  request->caller.timeout_ns = (gint64) (caller_timeout_s * 1e9);
  request->caller.retry_budget = retry_budget;
  return TRUE;
}

static gboolean
read_stop (KelvinLoadRequest *request)
{
  if (!(stop_error_rate >= 0.0 && stop_error_rate <= 1.0))
    return refuse ("--stop-error-rate is %g; right is a share from 0 (never) to 1",
                   stop_error_rate);
  if (!(stop_p99_ms >= 0.0 && stop_p99_ms <= 1e9))
    return refuse ("--stop-p99 is %g; right is 0 (never) or more milliseconds", stop_p99_ms);
  if (!(stop_cost_usd >= 0.0 && stop_cost_usd <= 1e6))
    return refuse ("--stop-cost is %g; right is 0 (never) to 1000000 dollars", stop_cost_usd);
  request->stop.error_rate = stop_error_rate;
  request->stop.p99_ns = (gint64) (stop_p99_ms * 1e6);
  request->stop.cost_pico_usd = (gint64) (stop_cost_usd * 1e12);
  return TRUE;
}

static gboolean
read_request (KelvinLoadRequest *request)
{
  g_autofree char *wrong = NULL;

  request->seed = (guint64) seed;
  request->reserved_concurrency = -1;
  if (!read_words (request) || !read_amount (request) || !read_caller (request) ||
      !read_stop (request))
    return FALSE;
  wrong = kelvin_load_request_check (request);
  return wrong == NULL ? TRUE : refuse ("%s", wrong);
}

static int
run (const KelvinCommandLine *line)
{
  KelvinLoadRequest request = { .function_dir = line->operands[0] };
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) times = NULL;
  g_autoptr (GBytes) event = NULL;
  g_autofree char *name = kelvin_event_input_get_name (event_file, line->operands[0]);

  if (!read_request (&request))
    return KELVIN_EXIT_BAD_INPUT;
  times = request.times_ns;

  g_autoptr (KelvinFunction) function = kelvin_function_operand_load (line->operands[0], &error);
  if (function == NULL)
    return kelvin_fail (error);
  event = kelvin_event_input_read (event_file, event_json, &error);
  if (event == NULL)
    return kelvin_fail (error);
  request.event = event;
  request.event_name = name;
  return measure (line, &request);
}

const KelvinCommand kelvin_command_load = {
  .name = "load",
  .operands = "DIR",
  .summary = "send events by a plan or by callers that wait, and see what becomes of each",
  .description =
      "--rate fixes in advance when each event is due, and latency counts from then, so a slow\n"
      "function can't slow its own test down. Every event is accounted for: offered = completed +\n"
      "failed + throttled. Callers try again after failures and throttles as they are told.",
  .entries = entries,
  .min_operands = 1,
  .max_operands = 1,
  .run = run,
};
