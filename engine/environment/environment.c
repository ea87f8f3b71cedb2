#include "engine/environment/environment-private.h"

#include <signal.h>

#include "engine/environment/fault.h"
#include "engine/environment/platform-log.h"
#include "engine/environment/variables.h"
#include "engine/fd.h"

/* The service's limit for init on demand (reference, section 4.1). */
#define INIT_LIMIT_S 10
/* Memory is looked at this often while code runs; more seldom where so many run at once that
 * looking would take a fifth of a core and more: a look takes about 0.1 ms. */
#define SAMPLING_NS (5 * NS_PER_MS)
#define SAMPLING_EACH_NS (NS_PER_MS / 2)
/* How long the last reading is waited for. */
#define LAST_USAGE_NS (20 * NS_PER_MS)
/* How long killed processes may take to be gone, before the sandbox is given up. */
#define CLEARING_NS (1000 * NS_PER_MS)

static const KelvinExit killed = { .signalled = TRUE, .code = SIGKILL };

static void
move_at (KelvinEnvironment *self, KelvinState to, const char *reason, gint64 at_ns)
{
  KelvinTransition transition = {
    .environment = self->number,
    .from = self->state,
    .to = to,
    .at_ns = at_ns,
    .reason = reason,
  };

  g_assert (kelvin_state_may_become (self->state, to));
  self->state = to;
  self->events.moved (self, &transition, self->user_data);
}

static gint64
now (KelvinEnvironment *self)
{
  return kelvin_clock_now_ns (self->host->clock);
}

static void
move (KelvinEnvironment *self, KelvinState to, const char *reason)
{
  move_at (self, to, reason, now (self));
}

static void
set_limit (KelvinEnvironment *self, gint64 delay_ns, KelvinTimerFunc func)
{
  g_clear_pointer (&self->limit, kelvin_timer_cancel);
  if (func != NULL)
    self->limit = kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC, delay_ns, func, self);
}

/* --- usage --- */

static void take_usage (KelvinEnvironment *self, const KelvinUsage *usage);

/* Control groups answer at once, pid 1 when its turn comes. */
static void
ask_usage (KelvinEnvironment *self, KelvinReading reading)
{
  KelvinUsage usage;

  self->usage.asked++;
  if (kelvin_sandbox_read_usage (self->sandbox, reading, &usage))
    take_usage (self, &usage);
  else
    kelvin_sandbox_ask_usage (self->sandbox, reading);
}

/* Of all engines of this process. */
static int n_sampled;

static void
sample_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->sampling = NULL;
  g_atomic_int_add (&n_sampled, -1);
  if (self->ending == ENDING_NONE)
    ask_usage (self, KELVIN_READING_WITHIN);
}

static void
begin_sampling (KelvinEnvironment *self)
{
  if (self->sampling != NULL)
    return;

  gint64 fair_ns = (g_atomic_int_add (&n_sampled, 1) + 1) * SAMPLING_EACH_NS;
  self->sampling = kelvin_clock_add (self->host->clock, KELVIN_TIME_MONOTONIC,
                                     MAX (SAMPLING_NS, fair_ns), sample_cb, self);
}

static void
end_sampling (KelvinEnvironment *self)
{
  if (self->sampling == NULL)
    return;
  g_clear_pointer (&self->sampling, kelvin_timer_cancel);
  g_atomic_int_add (&n_sampled, -1);
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
  if (self->output != NULL)
    kelvin_output_capture_drain (self->output);
  kelvin_timeline_note_phases (&self->timeline, delivery);
  self->events.responded (self, delivery, self->user_data);
}

static void
kill_sandbox (KelvinEnvironment *self, const char *reason)
{
  end_sampling (self);
  set_limit (self, 0, NULL);
  if (self->state != KELVIN_STATE_STOPPING && self->state != KELVIN_STATE_DEAD)
    move (self, KELVIN_STATE_STOPPING, reason);
  self->is_killed = TRUE;
  kelvin_sandbox_kill (self->sandbox);
}

/* The last step of every attempt, whichever way it went. */
static void
settle (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;
  Ending ending = self->ending;

  set_limit (self, 0, NULL);
  end_sampling (self);
  kelvin_output_capture_set_log (self->output, NULL);
  kelvin_environment_complete_record (self);
  self->ending = ENDING_NONE;
  self->delivery = NULL;
  self->is_inside_invoke = FALSE;
  if (ending == ENDING_SETTLE_IDLE)
    {
      move (self, KELVIN_STATE_IDLE, "");
      kelvin_sandbox_freeze (self->sandbox);
    }
  else if (ending == ENDING_RESET)
    move (self, KELVIN_STATE_IDLE, "reset");
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

/* Asks for the reading that closes the account; its answer settles. */
static void
begin_settling (KelvinEnvironment *self, gint64 at_ns)
{
  self->ending = ENDING_SETTLE_IDLE;
  self->ended_ns = at_ns;
  set_limit (self, LAST_USAGE_NS, last_usage_late_cb);
  ask_usage (self, KELVIN_READING_BOUNDARY);
}

/* The attempt has failed. Takes @payload. */
static void
fail (KelvinEnvironment *self, KelvinStatus status, const char *error_type, GBytes *payload,
      gint64 at_ns)
{
  self->ended_ns = at_ns;
  kelvin_timeline_end_start (&self->timeline, at_ns);
  if (self->delivery->error_type == NULL)
    self->delivery->error_type = g_strdup (error_type);
  if (self->delivery->responded_ns < 0)
    respond (self, status, payload, at_ns);
  else
    g_clear_pointer (&payload, g_bytes_unref);
}

/* --- all processes end, the sandbox stays --- */

static void
clearing_late_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->limit = NULL;
  self->stop_reason = "its processes didn't end";
  if (self->delivery == NULL)
    {
      kill_sandbox (self, self->stop_reason);
      return;
    }
  if (self->ending == ENDING_REPEAT)
    fail (self, KELVIN_STATUS_ERROR, "Sandbox.Failure",
          kelvin_fault_payload ("Sandbox.Failure", self->stop_reason), now (self));
  self->ending = ENDING_SETTLE_STOP;
  settle (self);
}

/* What pid 1 is asked, it answers in order: first the reading. */
static void
begin_clearing (KelvinEnvironment *self, Ending ending, const char *reason)
{
  self->ending = ending;
  end_sampling (self);
  move (self, KELVIN_STATE_STOPPING, reason);
  ask_usage (self, KELVIN_READING_BOUNDARY);
  kelvin_sandbox_clear (self->sandbox);
  set_limit (self, CLEARING_NS, clearing_late_cb);
}

/* What went wrong ends the attempt, unless it was in the init phase: that is repeated inside the
 * invoke (reference, section 4.2). Takes @payload. */
static void
end_badly (KelvinEnvironment *self, KelvinStatus status, const char *error_type, GBytes *payload,
           const char *reason, gint64 at_ns)
{
  gboolean is_init = self->state == KELVIN_STATE_INITIALISING;
  KelvinInitPhase phase =
      self->is_inside_invoke ? KELVIN_INIT_PHASE_INVOKE : KELVIN_INIT_PHASE_INIT;

  if (self->output != NULL)
    kelvin_output_capture_drain (self->output);
  if (is_init)
    {
      kelvin_timeline_end_start (&self->timeline, at_ns);
      kelvin_platform_log_init_failed (self->delivery, phase,
                                       kelvin_timeline_get_start_us (&self->timeline), status,
                                       error_type);
    }
  if (is_init && phase == KELVIN_INIT_PHASE_INIT)
    {
      g_bytes_unref (payload);
      begin_clearing (self, ENDING_REPEAT, reason);
      return;
    }
  fail (self, status, error_type, payload, at_ns);
  begin_clearing (self, ENDING_RESET, reason);
}

/* --- limits --- */

static void
invoke_timed_out_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  KelvinDelivery *delivery = self->delivery;
  guint timeout_s = self->timeout_s;
  g_autofree char *message = kelvin_fault_timeout_message (delivery->id_text, timeout_s);

  self->limit = NULL;
  kelvin_output_capture_drain (self->output);
  kelvin_platform_log_timeout (delivery, timeout_s, kelvin_clock_real_us (self->host->clock));
  delivery->status = KELVIN_STATUS_TIMEOUT;
  end_badly (self, KELVIN_STATUS_TIMEOUT, NULL, kelvin_fault_payload ("Sandbox.Timedout", message),
             "timeout", now (self));
}

static void
init_timed_out_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  self->limit = NULL;
  end_badly (self, KELVIN_STATUS_TIMEOUT, NULL, g_bytes_new_static ("", 0), "init timeout",
             now (self));
}

static void
run_out_of_memory (KelvinEnvironment *self)
{
  end_badly (self, KELVIN_STATUS_OUT_OF_MEMORY, "Runtime.OutOfMemory",
             kelvin_environment_log_exit (self, &killed), "out of memory", now (self));
  /* After a kill for memory the peak is the limit. */
  self->usage.attempt_peak_bytes = self->usage.peak_bytes =
      kelvin_environment_memory_limit_bytes (self);
}

static void
take_usage (KelvinEnvironment *self, const KelvinUsage *usage)
{
  kelvin_usage_account_take (&self->usage, usage, self->delivery);
  if (self->delivery == NULL || self->is_killed)
    return;
  self->delivery->temporary_peak_bytes = MAX (self->delivery->temporary_peak_bytes,
                                              kelvin_sandbox_get_temporary_bytes (self->sandbox));
  if (self->ending == ENDING_SETTLE_IDLE)
    {
      /* One that was asked for before the attempt's end doesn't close its account. */
      if (!kelvin_usage_account_is_complete (&self->usage))
        return;
      kelvin_usage_account_close (&self->usage, usage);
      settle (self);
    }
  else if (self->ending == ENDING_NONE &&
           usage->memory_bytes > kelvin_environment_memory_limit_bytes (self))
    run_out_of_memory (self);
  else if (self->ending == ENDING_NONE)
    begin_sampling (self);
}

/* --- the Runtime API --- */

static gint64
deadline_ms (KelvinEnvironment *self)
{
  gint64 left_ns = kelvin_environment_timeout_ns (self) -
                   (self->delivery->delivered_ns - self->delivery->invoke_ns);

  return kelvin_clock_real_us (self->host->clock) / 1000 + left_ns / NS_PER_MS;
}

static void
begin_invoke (KelvinEnvironment *self)
{
  self->delivery->invoke_ns = now (self);
  set_limit (self, kelvin_environment_timeout_ns (self), invoke_timed_out_cb);
}

static void
deliver (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;
  g_autofree char *arn = kelvin_function_arn (kelvin_version_get_function (self->target->version));

  move (self, KELVIN_STATE_BUSY, "");
  kelvin_output_capture_set_log (self->output, delivery->log);
  kelvin_platform_log_start (delivery);
  if (!self->is_inside_invoke)
    begin_invoke (self);
  begin_sampling (self);
  delivery->delivered_ns = now (self);

  KelvinRuntimeEvent event = {
    .request_id = delivery->id_text,
    .deadline_ms = deadline_ms (self),
    .function_arn = arn,
    .trace_id = delivery->trace_id,
    .client_context = delivery->client_context,
    .body = delivery->event,
  };
  kelvin_runtime_api_deliver (self->api, &event);
}

/* But writing the report of a recording is no work of the function's. */
static void
share_cpu (KelvinEnvironment *self)
{
  if (self->delivery->recording == KELVIN_RECORD_NOTHING)
    kelvin_sandbox_share_cpu (self->sandbox, self->memory_size_mb);
}

/* It was made ahead: nothing is delivered, so nothing is answered. */
static void
settle_provisioned (KelvinEnvironment *self)
{
  KelvinDelivery *delivery = self->delivery;

  set_limit (self, 0, NULL);
  end_sampling (self);
  kelvin_output_capture_set_log (self->output, NULL);
  delivery->status = KELVIN_STATUS_OK;
  self->delivery = NULL;
  kelvin_sandbox_freeze (self->sandbox);
  self->events.settled (self, delivery, self->user_data);
}

static void
end_init (KelvinEnvironment *self, gint64 at_ns)
{
  kelvin_timeline_end_start (&self->timeline, at_ns);
  self->usage.init = self->usage.asked + 1;
  ask_usage (self, KELVIN_READING_BOUNDARY);
  if (self->state != KELVIN_STATE_INITIALISING)
    return; /* it took more memory than it may have */
  share_cpu (self);
  move (self, KELVIN_STATE_IDLE, "");
  if (self->delivery->provisions)
    settle_provisioned (self);
  else
    deliver (self);
}

static void
next_cb (KelvinRuntimeApi *api, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->ending != ENDING_NONE)
    return;
  if (self->state == KELVIN_STATE_INITIALISING)
    end_init (self, at_ns);
  else if (self->state == KELVIN_STATE_BUSY && self->delivery->responded_ns >= 0)
    begin_settling (self, at_ns);
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

  if (!takes_response (self))
    return;
  self->delivery->error_type = g_strdup ("Function.ResponseSizeTooLarge");
  respond (self, KELVIN_STATUS_ERROR, kelvin_fault_too_large_payload (KELVIN_LARGEST_PAYLOAD_BYTES),
           at_ns);
}

static void
init_error_cb (KelvinRuntimeApi *api, GBytes *body, const char *error_type, gint64 at_ns,
               gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->state != KELVIN_STATE_INITIALISING || self->ending != ENDING_NONE)
    return;

  g_autofree char *type = kelvin_fault_normalise_type (error_type);

  end_badly (self, KELVIN_STATUS_ERROR, type, g_bytes_ref (body), "init error", at_ns);
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
sandbox_ready_cb (KelvinSandbox *sandbox, int api_fd, gint64 ready_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  g_auto (KelvinFd) fd = api_fd;

  if (self->state != KELVIN_STATE_STARTING || self->ending != ENDING_NONE)
    return;
  kelvin_timeline_begin_start (&self->timeline, ready_ns);
  move (self, KELVIN_STATE_INITIALISING, "");
  kelvin_environment_open_api (self, kelvin_fd_steal (&fd), &api_events);
  set_limit (self, INIT_LIMIT_S * NS_PER_SECOND, init_timed_out_cb);
  begin_sampling (self);
}

/* Init counts as part of the invoke: the function's timeout holds for both, and its CPU share. */
static void
begin_init_inside_invoke (KelvinEnvironment *self)
{
  move (self, KELVIN_STATE_INITIALISING, "inside the invoke");
  self->is_empty = FALSE;
  self->is_inside_invoke = TRUE;
  begin_invoke (self);
  share_cpu (self);
  /* Its end tells what happened. */
  if (!kelvin_sandbox_start_again (self->sandbox, &self->start_error))
    kelvin_sandbox_kill (self->sandbox);
}

static void
sandbox_started_again_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->state != KELVIN_STATE_INITIALISING || self->ending != ENDING_NONE)
    return;
  kelvin_timeline_begin_start (&self->timeline, at_ns);
  begin_sampling (self);
}

static void
sandbox_cleared_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->is_killed || self->state != KELVIN_STATE_STOPPING)
    return;
  set_limit (self, 0, NULL);
  kelvin_output_capture_drain (self->output);
  kelvin_runtime_api_reset (self->api);
  self->is_empty = TRUE;
  if (self->delivery == NULL)
    {
      self->ending = ENDING_NONE;
      move (self, KELVIN_STATE_IDLE, "reset");
    }
  else if (self->ending == ENDING_REPEAT)
    {
      self->ending = ENDING_NONE;
      begin_init_inside_invoke (self);
    }
  else
    settle (self);
  /* What was used until now is no later attempt's. */
  ask_usage (self, KELVIN_READING_BOUNDARY);
}

static void
sandbox_frozen_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->state == KELVIN_STATE_IDLE && self->delivery == NULL)
    move_at (self, KELVIN_STATE_IDLE, "frozen", at_ns);
}

static void
sandbox_init_started_cb (KelvinSandbox *sandbox, gint64 at_ns, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  kelvin_timeline_note_code (&self->timeline, at_ns);
}

/* An executable that can't be run is the function's fault and answered as the service does;
 * everything else is Kelvin's. */
static void
fail_to_start (KelvinEnvironment *self, const GError *error)
{
  if (!g_error_matches (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC))
    {
      self->delivery->error = g_error_copy (error);
      self->stop_reason = "sandbox failed";
      fail (self, KELVIN_STATUS_ERROR, NULL, NULL, now (self));
      return;
    }

  g_autofree char *message =
      g_strdup_printf ("RequestId: %s Error: %s", self->delivery->id_text, error->message);

  kelvin_environment_log_fault (self, message, "Runtime.InvalidEntrypoint");
  self->stop_reason = "invalid entrypoint";
  fail (self, KELVIN_STATUS_ERROR, "Runtime.InvalidEntrypoint",
        kelvin_fault_payload ("Runtime.InvalidEntrypoint", message), now (self));
}

static void
sandbox_failed_cb (KelvinSandbox *sandbox, const GError *error, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->delivery == NULL)
    return;
  if (self->ending == ENDING_NONE || self->ending == ENDING_REPEAT)
    fail_to_start (self, error);
  self->ending = ENDING_SETTLE_STOP;
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
  end_badly (self, KELVIN_STATUS_ERROR, "Runtime.ExitError",
             kelvin_environment_log_exit (self, how), "runtime exited",
             MAX (how->at_ns, self->delivery->delivered_ns));
}

static void
sandbox_exited_cb (KelvinSandbox *sandbox, const KelvinExit *how, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->delivery == NULL)
    {
      if (self->state == KELVIN_STATE_IDLE && !self->is_empty)
        begin_clearing (self, ENDING_NONE, "runtime exited while idle");
    }
  else if (self->ending == ENDING_SETTLE_IDLE)
    begin_clearing (self, ENDING_RESET, "runtime exited");
  else if (self->ending == ENDING_NONE)
    end_with_exit (self, how);
}

static void
sandbox_usage_cb (KelvinSandbox *sandbox, const KelvinUsage *usage, gpointer user_data)
{
  take_usage (user_data, usage);
}

/* Nobody here killed it: its pid 1 was killed from outside. */
static void
fail_without_sandbox (KelvinEnvironment *self)
{
  self->stop_reason = "sandbox gone";
  if (self->start_error != NULL)
    fail_to_start (self, self->start_error);
  else
    fail (self, KELVIN_STATUS_ERROR, "Runtime.ExitError",
          kelvin_environment_log_exit (self, &killed), now (self));
}

static void
sandbox_gone_cb (KelvinSandbox *sandbox, gpointer user_data)
{
  KelvinEnvironment *self = user_data;

  if (self->delivery != NULL && (self->ending == ENDING_NONE || self->ending == ENDING_REPEAT))
    fail_without_sandbox (self);
  if (self->delivery != NULL)
    {
      self->ending = ENDING_SETTLE_STOP;
      settle (self);
    }
  end_sampling (self);
  kelvin_environment_release_parts (self);
  move (self, KELVIN_STATE_DEAD, self->state == KELVIN_STATE_STOPPING ? "" : "sandbox gone");
  self->events.dead (self, self->user_data);
}

static const KelvinSandboxEvents sandbox_events = {
  .ready = sandbox_ready_cb,
  .init_started = sandbox_init_started_cb,
  .failed = sandbox_failed_cb,
  .exited = sandbox_exited_cb,
  .frozen = sandbox_frozen_cb,
  .cleared = sandbox_cleared_cb,
  .started_again = sandbox_started_again_cb,
  .usage = sandbox_usage_cb,
  .gone = sandbox_gone_cb,
};

/* --- public --- */

KelvinEnvironment *
kelvin_environment_new (const KelvinEnvironmentHost *host, KelvinTarget *target, guint64 number,
                        const KelvinEnvironmentEvents *events, gpointer user_data)
{
  KelvinEnvironment *self = g_new0 (KelvinEnvironment, 1);
  KelvinFunction *function = kelvin_version_get_function (target->version);

  self->host = host;
  self->target = kelvin_target_ref (target);
  self->memory_size_mb = kelvin_function_get_memory_size_mb (function);
  self->timeout_s = kelvin_function_get_timeout_s (function);
  self->number = number;
  self->log_stream = kelvin_log_stream_name (kelvin_clock_real_us (host->clock));
  self->events = *events;
  self->user_data = user_data;
  self->state = KELVIN_STATE_PARKED;
  self->stop_reason = "";
  kelvin_usage_account_init (&self->usage);

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

/* What `failed` does for a sandbox that could be asked for. In a turn of its own: no event comes
 * from inside a call. */
static void
not_started_cb (gpointer user_data)
{
  KelvinEnvironment *self = user_data;
  KelvinDelivery *delivery = self->delivery;

  self->limit = NULL;
  fail_to_start (self, self->start_error);
  kelvin_environment_complete_record (self);
  self->delivery = NULL;
  end_sampling (self);
  kelvin_environment_release_parts (self);
  move (self, KELVIN_STATE_DEAD, self->stop_reason);
  self->events.settled (self, delivery, self->user_data);
  self->events.dead (self, self->user_data);
}

static void
serve_cold (KelvinEnvironment *self)
{
  gboolean started = kelvin_environment_start_sandbox (self, &sandbox_events, &self->start_error);

  move (self, KELVIN_STATE_STARTING, "");
  if (!started)
    {
      set_limit (self, 0, not_started_cb);
      return;
    }
  self->delivery->start = KELVIN_START_COLD;
  kelvin_output_capture_set_log (self->output, self->delivery->log);
  kelvin_platform_log_init_start (self->delivery, self->target);
}

/* The environment is the one that was, though its processes may be new: warm. */
static void
serve_warm (KelvinEnvironment *self)
{
  self->delivery->start = KELVIN_START_WARM;
  kelvin_usage_account_begin_attempt (&self->usage);
  kelvin_timeline_begin (&self->timeline, now (self));
  if (self->is_empty)
    {
      kelvin_output_capture_set_log (self->output, self->delivery->log);
      begin_init_inside_invoke (self);
      return;
    }
  /* In this order it finds the event when it wakes. */
  deliver (self);
  kelvin_sandbox_thaw (self->sandbox);
}

void
kelvin_environment_serve (KelvinEnvironment *self, KelvinDelivery *delivery)
{
  g_return_if_fail (self->delivery == NULL);
  g_return_if_fail (self->state == KELVIN_STATE_PARKED || self->state == KELVIN_STATE_IDLE);

  self->delivery = delivery;
  if (self->state == KELVIN_STATE_PARKED)
    serve_cold (self);
  else
    serve_warm (self);
}

void
kelvin_environment_stop (KelvinEnvironment *self, const char *reason)
{
  if (self->sandbox == NULL || self->is_killed)
    return;
  if (self->delivery == NULL)
    {
      kill_sandbox (self, reason);
      return;
    }

  kelvin_sandbox_kill (self->sandbox);
  if (self->ending == ENDING_NONE || self->ending == ENDING_REPEAT)
    fail (self, KELVIN_STATUS_CANCELLED, NULL, NULL, now (self));
  self->stop_reason = reason;
  self->ending = ENDING_SETTLE_STOP;
  settle (self);
}
