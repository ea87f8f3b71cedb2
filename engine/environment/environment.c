#include "engine/environment/environment.h"

#include <signal.h>
#include <string.h>

#include "engine/environment/doors.h"
#include "engine/environment/fault.h"
#include "engine/environment/platform-log.h"
#include "engine/environment/variables.h"
#include "engine/fd.h"
#include "engine/model/run.h"
#include "engine/runtime/output-capture.h"
#include "engine/runtime/runtime-api.h"

/* Why an attempt ends otherwise than by its response. */
typedef enum {
  ENDING_NONE,
  ENDING_SETTLE_IDLE, /* the runtime asked for the next event: the normal way */
  ENDING_SETTLE_STOP, /* the environment can't go on */
} Ending;

struct _KelvinEnvironment {
  const KelvinEnvironmentHost *host;
  KelvinTarget *target;
  guint64 number;
  char *log_stream;
  KelvinEnvironmentEvents events;
  gpointer user_data;

  KelvinState state;
  KelvinSandbox *sandbox;
  KelvinRuntimeApi *api;
  KelvinOutputCapture *output;
  KelvinDoors *doors; /* NULL before the sandbox is ready */

  KelvinDelivery *delivery; /* the owner's; NULL while idle */
  KelvinTimer *limit;       /* of init, of the handler, or of waiting for the last usage */
  KelvinTimer *sampling;
  Ending ending;
  const char *stop_reason;
  GError *start_error; /* no sandbox could be asked for */

  guint64 usages_asked; /* readings; their answers keep the order */
  guint64 usages_answered;
  guint64 init_usage; /* the number of the reading at the end of init */
  gint64 asked_ns;
  gint64 ready_ns;        /* -1 before */
  gint64 init_started_ns; /* -1: the runtime gave no mark */
  gint64 initialised_ns;  /* first `next`, or the end of a failed init; -1 before */
  gint64 ended_ns;        /* end of the attempt */
  /* Readings, up to the end of the attempt before. */
  gint64 cpu_before_us;
  gint64 throttled_before_us;
  gint64 memory_before_bytes;

  gint64 attempt_peak_bytes; /* of memory, in the attempt under way */
  gint64 memory_peak_bytes;  /* ever */
};

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
#define NS_PER_MS G_GINT64_CONSTANT (1000000)

/* The service's limit for init on demand (reference, section 4.1). */
#define INIT_LIMIT_S 10
/* Memory is looked at this often while code runs. */
#define SAMPLING_NS (5 * NS_PER_MS)
/* How long the last reading of a sandbox that is about to be killed is waited for. */
#define LAST_USAGE_NS (20 * NS_PER_MS)

static const char *const allowed_moves[] = {
  [KELVIN_STATE_PARKED] = "starting dead",
  [KELVIN_STATE_STARTING] = "initialising stopping dead",
  [KELVIN_STATE_INITIALISING] = "idle stopping dead",
  [KELVIN_STATE_IDLE] = "busy stopping dead",
  [KELVIN_STATE_BUSY] = "idle stopping dead",
  [KELVIN_STATE_STOPPING] = "dead",
  [KELVIN_STATE_DEAD] = "",
};

static void
move (KelvinEnvironment *self, KelvinState to, const char *reason)
{
  KelvinTransition transition = {
    .environment = self->number,
    .from = self->state,
    .to = to,
    .at_ns = kelvin_clock_now_ns (self->host->clock),
    .reason = reason,
  };

  g_assert (strstr (allowed_moves[self->state], kelvin_state_to_string (to)) != NULL);
  self->state = to;
  self->events.moved (self, &transition, self->user_data);
}

static void
set_limit (KelvinEnvironment *self, gint64 delay_ns, KelvinTimerFunc func)
{
  g_clear_pointer (&self->limit, kelvin_timer_cancel);
  if (func != NULL)
    self->limit = kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, delay_ns, func, self);
}

static KelvinFunction *
get_function (KelvinEnvironment *self)
{
  return kelvin_version_get_function (self->target->version);
}

static gint64
memory_limit_bytes (KelvinEnvironment *self)
{
  return (gint64) kelvin_function_get_memory_size_mb (get_function (self)) * 1024 * 1024;
}

/* --- phases and log of the attempt under way --- */

static void
note_phase (KelvinEnvironment *self, KelvinPhase phase, gint64 from_ns, gint64 to_ns)
{
  self->delivery->phases.us[phase] = MAX (to_ns - from_ns, 0) / 1000;
}

static void
note_init_phases (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;

  if (delivery->start != KELVIN_START_COLD || self->initialised_ns < 0)
    return;
  if (self->init_started_ns < 0)
    {
      note_phase (self, KELVIN_PHASE_RUNTIME, self->ready_ns, self->initialised_ns);
    }
  else
    {
      note_phase (self, KELVIN_PHASE_RUNTIME, self->ready_ns, self->init_started_ns);
      note_phase (self, KELVIN_PHASE_INIT, self->init_started_ns, self->initialised_ns);
    }
  delivery->init_duration_us = (self->initialised_ns - self->ready_ns) / 1000;
}

/* --- the end of an attempt --- */

static void
respond (KelvinEnvironment *self, KelvinStatus status, GBytes *payload, gint64 at_ns)
{
  KelvinDelivery *delivery = self->delivery;

  delivery->status = status;
  delivery->function_error = status != KELVIN_STATUS_OK && delivery->error == NULL;
  delivery->payload = payload;
  delivery->responded_ns = at_ns;
  if (delivery->delivered_ns >= 0)
    note_phase (self, KELVIN_PHASE_HANDLER, delivery->delivered_ns, at_ns);
  if (self->output != NULL)
    kelvin_output_capture_drain (self->output);
  note_init_phases (self);
  self->events.responded (self, delivery, self->user_data);
}

static void
complete_record (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;

  /* Read again: the mark of the init's start comes by another descriptor than the response. */
  note_init_phases (self);
  if (delivery->delivered_ns >= 0)
    delivery->duration_us = MAX (self->ended_ns - delivery->delivered_ns, 0) / 1000;
  if (delivery->status == KELVIN_STATUS_TIMEOUT && delivery->delivered_ns >= 0)
    delivery->duration_us =
        (gint64) kelvin_function_get_timeout_s (get_function (self)) * G_USEC_PER_SEC;
  delivery->memory_peak_bytes = self->attempt_peak_bytes;
  delivery->environment_memory_peak_bytes = self->memory_peak_bytes;
  if (self->doors != NULL)
    kelvin_doors_take_records (self->doors, delivery, self->ending != ENDING_SETTLE_IDLE);
  kelvin_platform_log_end (delivery, kelvin_function_get_memory_size_mb (get_function (self)));
}

static void
kill_sandbox (KelvinEnvironment *self, const char *reason)
{
  g_clear_pointer (&self->sampling, kelvin_timer_cancel);
  set_limit (self, 0, NULL);
  if (self->state != KELVIN_STATE_STOPPING && self->state != KELVIN_STATE_DEAD)
    move (self, KELVIN_STATE_STOPPING, reason);
  kelvin_sandbox_kill (self->sandbox);
}

static void
take_report (KelvinEnvironment *self)
{
  if (self->delivery->recording == KELVIN_RECORD_NOTHING)
    return;
  self->delivery->report = kelvin_sandbox_take_report (self->sandbox);
}

/* The last step of every attempt, whichever way it went. */
static void
settle (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;
  Ending ending = self->ending;

  set_limit (self, 0, NULL);
  g_clear_pointer (&self->sampling, kelvin_timer_cancel);
  kelvin_output_capture_set_log (self->output, NULL);
  complete_record (self);
  take_report (self);
  self->ending = ENDING_NONE;
  self->delivery = NULL;
  if (ending == ENDING_SETTLE_IDLE)
    {
      move (self, KELVIN_STATE_IDLE, "");
      kelvin_sandbox_freeze (self->sandbox);
    }
  else
    kill_sandbox (self, self->stop_reason);
  self->events.settled (self, delivery, self->user_data);
}

static void
last_usage_late_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->limit = NULL;
  settle (self);
}

static void take_usage (KelvinEnvironment *self, const KelvinUsage *usage);

/* Control groups answer at once, pid 1 when its turn comes. */
static void
ask_usage (KelvinEnvironment *self, KelvinReading reading)
{
  KelvinUsage usage;

  self->usages_asked++;
  if (kelvin_sandbox_read_usage (self->sandbox, reading, &usage))
    take_usage (self, &usage);
  else
    kelvin_sandbox_ask_usage (self->sandbox, reading);
}

/* Asks for the reading that closes the account; its answer settles. */
static void
begin_ending (KelvinEnvironment *self, Ending ending, gint64 at_ns)
{
  self->ending = ending;
  self->ended_ns = at_ns;
  set_limit (self, LAST_USAGE_NS, last_usage_late_cb);
  ask_usage (self, KELVIN_READING_BOUNDARY);
}

/* The attempt fails now, and the environment with it. Takes @payload. */
static void
fail (KelvinEnvironment *self, KelvinStatus status, const char *error_type, GBytes *payload,
      const char *reason, gint64 at_ns)
{
  gboolean answered = self->delivery->responded_ns >= 0;

  self->stop_reason = reason;
  if (self->initialised_ns < 0 && self->ready_ns >= 0)
    self->initialised_ns = at_ns;
  if (self->delivery->error_type == NULL)
    self->delivery->error_type = g_strdup (error_type);
  if (answered)
    g_bytes_unref (payload);
  else
    respond (self, status, payload, at_ns);
}

static void
log_fault (KelvinEnvironment *self, const char *message, const char *error_type)
{
  if (self->output != NULL)
    kelvin_output_capture_drain (self->output);
  kelvin_attempt_log_add_format (self->delivery->log, "%s\n%s", message, error_type);
}

/* --- limits --- */

static void
handler_timed_out_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  KelvinDelivery *delivery = self->delivery;
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);
  guint timeout_s = kelvin_function_get_timeout_s (get_function (self));
  g_autofree char *instant = kelvin_format_instant (kelvin_clock_real_us (self->host->clock));
  g_autofree char *message = g_strdup_printf (
      "RequestId: %s Error: Task timed out after %u.00 seconds", delivery->id_text, timeout_s);

  self->limit = NULL;
  kelvin_output_capture_drain (self->output);
  kelvin_attempt_log_add_format (delivery->log, "%s %s Task timed out after %u.00 seconds\n",
                                 instant, delivery->id_text, timeout_s);
  delivery->status = KELVIN_STATUS_TIMEOUT;
  fail (self, KELVIN_STATUS_TIMEOUT, NULL, kelvin_fault_payload ("Sandbox.Timedout", message),
        "timeout", now_ns);
  begin_ending (self, ENDING_SETTLE_STOP, now_ns);
}

static void
init_timed_out_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);
  g_autofree char *message =
      g_strdup_printf ("RequestId: %s Error: Init timed out after %d.00 seconds: the runtime never "
                       "asked for an event",
                       self->delivery->id_text, INIT_LIMIT_S);

  self->limit = NULL;
  fail (self, KELVIN_STATUS_TIMEOUT, NULL, kelvin_fault_payload ("Sandbox.Timedout", message),
        "init timeout", now_ns);
  begin_ending (self, ENDING_SETTLE_STOP, now_ns);
}

static void
run_out_of_memory (KelvinEnvironment *self)
{
  static const KelvinExit killed = { .signalled = TRUE, .code = SIGKILL };
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);
  g_autofree char *message = kelvin_fault_exit_message (self->delivery->id_text, &killed);
  KelvinUsage usage;

  if (kelvin_sandbox_read_usage (self->sandbox, KELVIN_READING_BOUNDARY, &usage))
    self->delivery->cgroup_peak_bytes = usage.cgroup_peak_bytes;
  /* After a kill for memory the peak is the limit: what was seen beyond it came too late. */
  self->attempt_peak_bytes = self->memory_peak_bytes = memory_limit_bytes (self);
  log_fault (self, message, "Runtime.ExitError");
  fail (self, KELVIN_STATUS_OUT_OF_MEMORY, "Runtime.OutOfMemory",
        kelvin_fault_payload ("Runtime.ExitError", message), "out of memory", now_ns);
  self->ending = ENDING_SETTLE_STOP;
  self->ended_ns = now_ns;
  settle (self);
}

static void sample_cb (gpointer user_data);

static void
begin_sampling (KelvinEnvironment *self)
{
  if (self->sampling == NULL)
    self->sampling =
        kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, SAMPLING_NS, sample_cb, self);
}

static void
sample_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->sampling = NULL;
  if (self->ending == ENDING_NONE)
    ask_usage (self, KELVIN_READING_WITHIN);
}

/* --- the Runtime API --- */

static void
deliver (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;
  KelvinFunction *function = get_function (self);
  gint64 timeout_s = kelvin_function_get_timeout_s (function);
  g_autofree char *arn = kelvin_function_arn (function);
  KelvinRuntimeEvent event = {
    .request_id = delivery->id_text,
    .deadline_ms = kelvin_clock_real_us (self->host->clock) / 1000 + timeout_s * 1000,
    .function_arn = arn,
    .trace_id = delivery->trace_id,
    .client_context = delivery->client_context,
    .body = delivery->event,
  };

  move (self, KELVIN_STATE_BUSY, "");
  kelvin_output_capture_set_log (self->output, delivery->log);
  kelvin_platform_log_start (delivery);
  set_limit (self, timeout_s * NS_PER_SECOND, handler_timed_out_cb);
  begin_sampling (self);
  delivery->delivered_ns = kelvin_clock_now_ns (self->host->clock);
  if (delivery->start == KELVIN_START_WARM)
    note_phase (self, KELVIN_PHASE_QUEUE, delivery->arrived_ns, delivery->delivered_ns);
  kelvin_runtime_api_deliver (self->api, &event);
}

static void
next_cb (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->ending != ENDING_NONE)
    return;
  if (self->state == KELVIN_STATE_INITIALISING)
    {
      self->initialised_ns = at_ns;
      self->init_usage = self->usages_asked + 1;
      ask_usage (self, KELVIN_READING_BOUNDARY);
      if (self->state != KELVIN_STATE_INITIALISING)
        return; /* it took more memory than it may have */
      /* Writing the report is no work of the function's. */
      if (self->delivery->recording == KELVIN_RECORD_NOTHING)
        kelvin_sandbox_share_cpu (self->sandbox,
                                  kelvin_function_get_memory_size_mb (get_function (self)));
      move (self, KELVIN_STATE_IDLE, "");
      deliver (self);
    }
  else if (self->state == KELVIN_STATE_BUSY && self->delivery->responded_ns >= 0)
    begin_ending (self, ENDING_SETTLE_IDLE, at_ns);
}

static gboolean
takes_response (KelvinEnvironment *self)
{
  return self->state == KELVIN_STATE_BUSY && self->delivery->responded_ns < 0;
}

static void
response_cb (KelvinRuntimeApi *api, GBytes *body, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (takes_response (self))
    respond (self, KELVIN_STATUS_OK, g_bytes_ref (body), at_ns);
}

static void
error_cb (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
          gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (takes_response (self))
    respond (self, KELVIN_STATUS_ERROR, g_bytes_ref (body), at_ns);
}

static void
response_too_large_cb (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  g_autofree char *message =
      g_strdup_printf ("Response payload size exceeded maximum allowed payload size (%d bytes).",
                       KELVIN_LARGEST_PAYLOAD_BYTES);

  if (!takes_response (self))
    return;
  self->delivery->error_type = g_strdup ("Function.ResponseSizeTooLarge");
  respond (self, KELVIN_STATUS_ERROR,
           kelvin_fault_payload ("Function.ResponseSizeTooLarge", message), at_ns);
}

static void
init_error_cb (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
               gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->state != KELVIN_STATE_INITIALISING || self->ending != ENDING_NONE)
    return;

  g_autofree char *type = kelvin_fault_normalise_type (error_type);

  fail (self, KELVIN_STATUS_ERROR, type, g_bytes_ref (body), "init error", at_ns);
  begin_ending (self, ENDING_SETTLE_STOP, at_ns);
}

static const KelvinRuntimeApiEvents api_events = {
  .next = next_cb,
  .response = response_cb,
  .error = error_cb,
  .init_error = init_error_cb,
  .response_too_large = response_too_large_cb,
};

/* --- the sandbox --- */

static void
open_doors (KelvinEnvironment *self)
{
  int fds[KELVIN_DOORS_MOST_LISTENERS];
  guint n_fds = kelvin_sandbox_take_listeners (self->sandbox, fds);

  if (n_fds > 0)
    self->doors = kelvin_doors_new (self->host->poller, self->host->clock, self->host->doors,
                                    get_function (self), self->number, fds, n_fds);
}

static void
sandbox_ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  g_auto (KelvinFd) fd = api_fd;

  if (self->state != KELVIN_STATE_STARTING || self->ending != ENDING_NONE)
    return;
  self->ready_ns = ready_ns;
  note_phase (self, KELVIN_PHASE_SANDBOX, self->asked_ns, ready_ns);
  move (self, KELVIN_STATE_INITIALISING, "");
  self->api = kelvin_runtime_api_new (self->host->poller, kelvin_fd_steal (&fd), &api_events, self);
  open_doors (self);
  set_limit (self, INIT_LIMIT_S * NS_PER_SECOND, init_timed_out_cb);
  begin_sampling (self);
}

static void
sandbox_init_started_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->init_started_ns = at_ns;
}

/* An executable that can't be run is the function's fault and answered as the service does;
 * everything else is Kelvin's. */
static void
fail_to_start (KelvinEnvironment *self, const GError *error, gint64 at_ns)
{
  if (!g_error_matches (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC))
    {
      self->delivery->error = g_error_copy (error);
      fail (self, KELVIN_STATUS_ERROR, NULL, NULL, "sandbox failed", at_ns);
      return;
    }

  g_autofree char *message =
      g_strdup_printf ("RequestId: %s Error: %s", self->delivery->id_text, error->message);

  log_fault (self, message, "Runtime.InvalidEntrypoint");
  fail (self, KELVIN_STATUS_ERROR, "Runtime.InvalidEntrypoint",
        kelvin_fault_payload ("Runtime.InvalidEntrypoint", message), "invalid entrypoint", at_ns);
}

static void
sandbox_failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);

  if (self->delivery == NULL || self->ending != ENDING_NONE)
    return;
  fail_to_start (self, error, now_ns);
  self->ending = ENDING_SETTLE_STOP;
  self->ended_ns = now_ns;
  settle (self);
}

static void
end_with_exit (KelvinEnvironment *self, const KelvinExit *how)
{
  if (how->signalled && how->code == SIGKILL &&
      kelvin_sandbox_was_killed_for_memory (self->sandbox))
    {
      run_out_of_memory (self);
      return;
    }

  g_autofree char *message = kelvin_fault_exit_message (self->delivery->id_text, how);
  gint64 at_ns = MAX (how->at_ns, self->delivery->delivered_ns);

  log_fault (self, message, "Runtime.ExitError");
  fail (self, KELVIN_STATUS_ERROR, "Runtime.ExitError",
        kelvin_fault_payload ("Runtime.ExitError", message), "runtime exited", at_ns);
  begin_ending (self, ENDING_SETTLE_STOP, at_ns);
}

static void
sandbox_exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->delivery == NULL)
    {
      if (self->state == KELVIN_STATE_IDLE)
        kill_sandbox (self, "runtime exited while idle");
    }
  else if (self->ending == ENDING_SETTLE_IDLE)
    {
      self->ending = ENDING_SETTLE_STOP;
      self->stop_reason = "runtime exited";
    }
  else if (self->ending == ENDING_NONE)
    end_with_exit (self, how);
}

static void
note_usage (KelvinEnvironment *self, const KelvinUsage *usage)
{
  KelvinDelivery *delivery = self->delivery;

  delivery->cpu_us = usage->cpu_us - self->cpu_before_us;
  if (usage->throttled_us >= 0)
    delivery->throttled_us = usage->throttled_us - self->throttled_before_us;
  delivery->cgroup_peak_bytes = MAX (delivery->cgroup_peak_bytes, usage->cgroup_peak_bytes);
  delivery->temporary_peak_bytes =
      MAX (delivery->temporary_peak_bytes, kelvin_sandbox_get_temporary_bytes (self->sandbox));
}

static void
take_usage (KelvinEnvironment *self, const KelvinUsage *usage)
{
  self->usages_answered++;
  self->attempt_peak_bytes = MAX (self->attempt_peak_bytes, usage->memory_peak_bytes);
  self->memory_peak_bytes = MAX (self->memory_peak_bytes, usage->memory_peak_bytes);
  if (self->delivery == NULL || self->state == KELVIN_STATE_STOPPING)
    return;
  note_usage (self, usage);
  if (self->usages_answered == self->init_usage)
    self->delivery->init_memory_peak_bytes = self->attempt_peak_bytes;
  if (self->ending != ENDING_NONE)
    {
      /* One that was asked for before the attempt's end doesn't close its account. */
      if (self->usages_answered < self->usages_asked)
        return;
      self->cpu_before_us = usage->cpu_us;
      self->throttled_before_us = MAX (usage->throttled_us, self->throttled_before_us);
      self->memory_before_bytes = usage->memory_bytes;
      settle (self);
    }
  else if (usage->memory_bytes > memory_limit_bytes (self))
    {
      run_out_of_memory (self);
    }
  else
    {
      begin_sampling (self);
    }
}

static void
sandbox_usage_cb (KelvinSandbox *sandbox, const KelvinUsage *usage, gpointer user_data)
{
  take_usage (user_data, usage);
}

static void
release (KelvinEnvironment *self)
{
  g_clear_pointer (&self->limit, kelvin_timer_cancel);
  g_clear_pointer (&self->sampling, kelvin_timer_cancel);
  g_clear_pointer (&self->api, kelvin_runtime_api_free);
  g_clear_pointer (&self->doors, kelvin_doors_free);
  g_clear_pointer (&self->output, kelvin_output_capture_free);
  g_clear_pointer (&self->sandbox, kelvin_sandbox_free);
}

static void
sandbox_gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  static const KelvinExit killed = { .signalled = TRUE, .code = SIGKILL };
  KelvinEnvironment *self = user_data;

  /* Nobody here killed it: its pid 1 was killed from outside. */
  if (self->delivery != NULL && self->ending == ENDING_NONE)
    end_with_exit (self, &killed);
  if (self->delivery != NULL)
    {
      self->ending = ENDING_SETTLE_STOP;
      settle (self);
    }
  release (self);
  move (self, KELVIN_STATE_DEAD, self->state == KELVIN_STATE_STOPPING ? "" : "sandbox gone");
  self->events.dead (self, self->user_data);
}

static const KelvinSandboxEvents sandbox_events = {
  .ready = sandbox_ready_cb,
  .init_started = sandbox_init_started_cb,
  .failed = sandbox_failed_cb,
  .exited = sandbox_exited_cb,
  .usage = sandbox_usage_cb,
  .gone = sandbox_gone_cb,
};

/* --- public --- */

KelvinEnvironment *
kelvin_environment_new (const KelvinEnvironmentHost *host, KelvinTarget *target, guint64 number,
                        const KelvinEnvironmentEvents *events, gpointer user_data)
{
  KelvinEnvironment *self = g_new0 (KelvinEnvironment, 1);

  self->host = host;
  self->target = kelvin_target_ref (target);
  self->number = number;
  self->log_stream = kelvin_log_stream_name (kelvin_clock_real_us (host->clock));
  self->events = *events;
  self->user_data = user_data;
  self->state = KELVIN_STATE_PARKED;
  self->stop_reason = "";
  self->ready_ns = -1;
  self->init_started_ns = -1;
  self->initialised_ns = -1;
  self->attempt_peak_bytes = -1;
  self->memory_peak_bytes = -1;

  return self;
}

void
kelvin_environment_free (KelvinEnvironment *self)
{
  g_return_if_fail (self->state == KELVIN_STATE_DEAD || self->state == KELVIN_STATE_PARKED);

  kelvin_target_unref (self->target);
  g_clear_error (&self->start_error);
  g_free (self->log_stream);
  g_free (self);
}

KelvinState
kelvin_environment_get_state (KelvinEnvironment *self)
{
  return self->state;
}

KelvinTarget *
kelvin_environment_get_target (KelvinEnvironment *self)
{
  return self->target;
}

guint64
kelvin_environment_get_number (KelvinEnvironment *self)
{
  return self->number;
}

static KelvinSandboxPlan *
make_plan (KelvinEnvironment *self, const char *const *variables, GError **error)
{
  const KelvinTarget *target = self->target;

  if (self->host->isolation == KELVIN_ISOLATION_NAMESPACES)
    return kelvin_sandbox_plan_new (target->version, target->interpreter, variables, error);

  g_autofree char *folder =
      g_strdup_printf ("%s/%" G_GUINT64_FORMAT, self->host->process_folder, self->number);
  return kelvin_sandbox_plan_new_process (target->version, target->interpreter, variables, folder,
                                          error);
}

static gboolean
start_sandbox (KelvinEnvironment *self, GError **error)
{
  KelvinRecording recording = self->delivery->recording;
  g_auto (GStrv) variables = kelvin_variables_new (self->target, self->log_stream);

  if (recording != KELVIN_RECORD_NOTHING)
    variables = g_environ_setenv (variables, "KELVIN_RECORD_IMPORTS",
                                  recording == KELVIN_RECORD_FILES ? "files" : "times", TRUE);
  g_autoptr (KelvinSandboxPlan) plan = make_plan (self, (const char *const *) variables, error);

  if (plan == NULL)
    return FALSE;
  self->asked_ns = kelvin_clock_now_ns (self->host->clock);
  self->sandbox = kelvin_sandbox_start (self->host->launcher, plan, &sandbox_events, self, error);
  if (self->sandbox == NULL)
    return FALSE;
  if (recording != KELVIN_RECORD_NOTHING)
    kelvin_sandbox_collect_report (self->sandbox);
  self->output =
      kelvin_output_capture_new (self->host->poller, kelvin_sandbox_get_stdout_fd (self->sandbox),
                                 kelvin_sandbox_get_stderr_fd (self->sandbox));

  return TRUE;
}

/* What `failed` does for a sandbox that could be asked for. In a turn of its own: no event comes
 * from inside a call. */
static void
not_started_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  KelvinDelivery *delivery = self->delivery;
  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);

  self->limit = NULL;
  fail_to_start (self, self->start_error, now_ns);
  self->ended_ns = now_ns;
  complete_record (self);
  self->delivery = NULL;
  release (self);
  move (self, KELVIN_STATE_DEAD, self->stop_reason);
  self->events.settled (self, delivery, self->user_data);
  self->events.dead (self, self->user_data);
}

static void
serve_cold (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;
  gboolean started = start_sandbox (self, &self->start_error);

  move (self, KELVIN_STATE_STARTING, "");
  if (!started)
    {
      set_limit (self, 0, not_started_cb);
      return;
    }
  delivery->start = KELVIN_START_COLD;
  note_phase (self, KELVIN_PHASE_QUEUE, delivery->arrived_ns, self->asked_ns);
  kelvin_output_capture_set_log (self->output, delivery->log);
  kelvin_platform_log_init_start (self->delivery, self->target);
}

void
kelvin_environment_serve (KelvinEnvironment *self, KelvinDelivery *delivery)
{
  g_return_if_fail (self->delivery == NULL);
  g_return_if_fail (self->state == KELVIN_STATE_PARKED || self->state == KELVIN_STATE_IDLE);

  self->delivery = delivery;
  if (self->state == KELVIN_STATE_PARKED)
    {
      serve_cold (self);
      return;
    }
  delivery->start = KELVIN_START_WARM;
  self->attempt_peak_bytes = self->memory_before_bytes;
  kelvin_sandbox_thaw (self->sandbox);
  deliver (self);
}

void
kelvin_environment_stop (KelvinEnvironment *self, const char *reason)
{
  if (self->sandbox == NULL || self->state == KELVIN_STATE_STOPPING)
    return;
  if (self->delivery == NULL)
    {
      kill_sandbox (self, reason);
      return;
    }

  gint64 now_ns = kelvin_clock_now_ns (self->host->clock);

  kelvin_sandbox_kill (self->sandbox);
  if (self->ending == ENDING_NONE)
    {
      fail (self, KELVIN_STATUS_CANCELLED, NULL, NULL, reason, now_ns);
      self->ended_ns = now_ns;
    }
  self->stop_reason = reason;
  self->ending = ENDING_SETTLE_STOP;
  settle (self);
}
