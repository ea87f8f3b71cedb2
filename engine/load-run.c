#include "engine/load-private.h"

#include <math.h>

#include "engine/dispatch/account.h"

/* A frame of the window; it is told no oftener. */
#define TICK_NS (G_GINT64_CONSTANT (16) * 1000000)
/* Sent in one turn of the loop: answers are taken between, so that a generator that is behind
 * doesn't make the engine later still. */
#define MOST_IN_TURN 64
/* Until environments have ended, they are looked at this often. */
#define LOOK_AGAIN_NS (G_GINT64_CONSTANT (2) * 1000000)
/* The run's row is brought up to date this often. */
#define RUN_WRITTEN_NS (G_GINT64_CONSTANT (1000000000))
/* A plan is reached when at least this share of its rate was sent. */
#define REACHED 0.95

static void send_due (KelvinLoad *self);

static void
load_free (gpointer user_data)
{
  KelvinLoad *self = user_data;

  g_assert (self->events == NULL || g_hash_table_size (self->events) == 0);
  g_clear_pointer (&self->events, g_hash_table_unref);
  g_clear_pointer (&self->warm_ups, g_ptr_array_unref);
  g_clear_pointer (&self->open_at_doors, g_array_unref);
  g_clear_pointer (&self->count, kelvin_load_count_free);
  g_clear_pointer (&self->live, kelvin_load_live_free);
  g_clear_pointer (&self->result, kelvin_load_result_free);
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_clear_pointer (&self->target, kelvin_target_unref);
  g_clear_pointer (&self->plan, g_array_unref);
  g_clear_error (&self->error);
  g_bytes_unref (self->event);
  g_free (self->stopped_by);
  g_free (self->warning);
  g_free (self->function_dir);
  g_free (self->event_name);
  g_object_unref (self->engine);
  g_free (self);
}

static const char *
get_dir (KelvinLoad *self)
{
  return kelvin_function_get_dir (kelvin_version_get_function (self->target->version));
}

static const KelvinDoor *
first_door (KelvinLoad *self)
{
  GPtrArray *doors =
      kelvin_function_get_doors (kelvin_version_get_function (self->target->version));

  return doors->len > 0 ? g_ptr_array_index (doors, 0) : NULL;
}

/* What a play changed of the engine goes back. */
static void
end_play (KelvinLoad *self)
{
  if (self->run != NULL)
    kelvin_dispatcher_end_provisioned (self->engine->dispatcher, get_dir (self));
  if (self->play.step_ns > 0 && self->run != NULL)
    kelvin_clock_set_speed (self->engine->clock, 1.0);
  if (self->service == NULL)
    return;

  const char *dir = kelvin_function_get_dir (kelvin_version_get_function (self->target->version));
  const KelvinDoor *door = first_door (self);

  kelvin_door_keeper_set_faults (self->engine->doors, dir, door->name, NULL);
  kelvin_door_keeper_set_destination (self->engine->doors, dir, door->name, 0);
  g_clear_pointer (&self->service, kelvin_fake_service_free);
}

/* The last thing that the engine thread does with it. */
static void
done (KelvinLoad *self)
{
  end_play (self);
  g_clear_pointer (&self->stepping, kelvin_timer_cancel);
  g_clear_pointer (&self->sending, kelvin_timer_cancel);
  g_clear_pointer (&self->ticking, kelvin_timer_cancel);
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  g_ptr_array_remove_fast (self->engine->loads, self);
  g_object_unref (self->task);
}

static void
fail (KelvinLoad *self, GError *error)
{
  g_task_return_error (self->task, kelvin_engine_translate_error (error));
  done (self);
}

static gint64
now_ns (KelvinLoad *self)
{
  return kelvin_clock_now_ns (self->engine->clock);
}

static gboolean
is_closed_model (const KelvinLoad *self)
{
  return self->plan == NULL;
}

gint64
kelvin_load_get_passed_ns (KelvinLoad *self)
{
  return kelvin_clock_virtual_ns (self->engine->clock) - self->started_virtual_ns;
}

/* When the last event is due, from the beginning. */
static gint64
planned_ns (const KelvinLoad *self)
{
  if (self->request.pattern == KELVIN_PATTERN_TIMES && self->plan != NULL)
    return g_array_index (self->plan, gint64, self->plan->len - 1);
  return self->request.duration_ns;
}

/* --- what came of it --- */

static void
describe_rate (KelvinLoad *self, KelvinLoadResult *result)
{
  double sent_s = (double) result->duration_ns / 1e9;
  double planned_s = (double) planned_ns (self) / 1e9;

  result->planned_rate = NAN;
  result->reached_rate = sent_s > 0.0 ? (double) self->number / sent_s : NAN;
  if (is_closed_model (self) || planned_s <= 0.0)
    return;
  result->planned_rate = (double) self->plan->len / planned_s;
  if (self->cancelled || self->stopped_by != NULL ||
      result->reached_rate >= REACHED * result->planned_rate)
    return;
  g_free (result->warning);
  result->warning = g_strdup_printf ("%.1f events a second were asked for; this machine sent %.1f "
                                     "a second, the last of them %.1f s "
                                     "after it was due",
                                     result->planned_rate, result->reached_rate,
                                     MAX (0.0, (double) self->count->lateness_max_ns / 1e9));
}

static KelvinLoadResult *
make_result (KelvinLoad *self)
{
  KelvinLoadResult *result = g_new0 (KelvinLoadResult, 1);
  gint64 sent_ns = self->last_sent_ns > 0 ? self->last_sent_ns - self->started_ns : 0;
  gint64 passed_ns = now_ns (self) - self->started_ns;

  kelvin_load_count_fill (self->count, result);
  result->run = kelvin_run_ref (self->run);
  result->pattern = g_strdup (
      is_closed_model (self) ? "closed" : kelvin_pattern_to_string (self->request.pattern));
  result->seed = self->request.seed;
  result->started_ns = self->started_ns;
  /* A plan lasts as long as it says, though its last event is due a little earlier. */
  result->duration_ns = self->cancelled || self->stopped_by != NULL
                            ? MIN (passed_ns, MAX (planned_ns (self), sent_ns))
                            : MAX (planned_ns (self), sent_ns);
  result->engine_cpu_ns = kelvin_clock_thread_cpu_ns () - self->started_cpu_ns;
  result->planned_last_ns = self->last_due_ns;
  result->planned_drain_ns = MAX (kelvin_load_get_passed_ns (self) - self->last_due_ns, 0);
  result->drain_ns = MAX (passed_ns - result->duration_ns, 0);
  result->stopped_by = g_strdup (self->stopped_by);
  result->warning = g_strdup (self->warning);
  describe_rate (self, result);

  return result;
}

static gint64
whole_us (double ms)
{
  return isnan (ms) ? -1 : (gint64) round (ms * 1000.0);
}

static void
update_run (KelvinLoad *self)
{
  const KelvinLoadCounts *counts = &self->count->counts;
  KelvinRun *run = self->run;

  run->invocations = (gint64) (self->count->settled + self->count->cancelled);
  run->errors = (gint64) (counts->function_errors + counts->throttled);
  run->cold_starts = (gint64) counts->cold_starts;
  run->cost_pico_usd = counts->cost_pico_usd;
}

static void
end_run (KelvinLoad *self, const KelvinLoadResult *result)
{
  KelvinRun *run = self->run;
  g_autoptr (JsonNode) document = NULL;

  update_run (self);
  run->p50_us = whole_us (result->latency.p50);
  run->p99_us = whole_us (result->latency.p99);
  run->cold_p50_us = whole_us (result->cold_latency.p50);
  run->warm_p50_us = whole_us (result->warm_latency.p50);
  run->ended_at_us = kelvin_clock_real_us (self->engine->clock);
  if (self->cancelled)
    run->status = KELVIN_STATUS_CANCELLED;
  else if (self->error != NULL || result->function_errors > 0)
    run->status = KELVIN_STATUS_ERROR;
  else
    run->status = KELVIN_STATUS_OK; /* throttles are what a load is for */
  document = kelvin_load_result_to_json (result);
  run->details_json = json_to_string (document, FALSE);
}

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KelvinLoad *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_store_flush_finish (KELVIN_STORE (source), result, &error) && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (self->error != NULL)
    {
      fail (self, g_steal_pointer (&self->error));
      return;
    }
  g_task_return_pointer (self->task, g_steal_pointer (&self->result),
                         (GDestroyNotify) kelvin_load_result_free);
  done (self);
}

static void
finish_counts (KelvinLoad *self)
{
  KelvinLoadCounts *counts = &self->count->counts;

  kelvin_load_count_refresh (self->count);
  counts->due = is_closed_model (self) ? self->number : self->due_told;
  counts->waiting = counts->due - MIN (counts->due, self->count->settled + self->count->cancelled);
  counts->lateness_max_ns = self->count->lateness_max_ns;
}

static void
end_if_drained (KelvinLoad *self)
{
  if (self->ended || !self->stopped || g_hash_table_size (self->events) > 0 ||
      self->warm_ups->len > 0)
    return;
  self->ended = TRUE;
  g_clear_pointer (&self->sending, kelvin_timer_cancel);
  g_clear_pointer (&self->ticking, kelvin_timer_cancel);
  finish_counts (self);
  kelvin_load_live_tell (self->live, self->run->id, now_ns (self) - self->started_ns,
                         planned_ns (self), &self->count->counts, KELVIN_LOAD_LIVE_LAST);
  self->result = make_result (self);
  end_run (self, self->result);
  kelvin_store_put_run (self->engine->store, self->run);
  kelvin_store_flush_async (self->engine->store, flushed_cb, self);
}

static void
stop_sending (KelvinLoad *self)
{
  self->stopped = TRUE;
  g_clear_pointer (&self->sending, kelvin_timer_cancel);
}

static void
cancel (KelvinLoad *self)
{
  if (self->ended || self->cancelled)
    return;
  self->cancelled = TRUE;
  stop_sending (self);
  kelvin_load_cancel_warm_ups (self);
  kelvin_load_events_cancel (self);
  end_if_drained (self);
}

static void
stop_by (KelvinLoad *self, char *condition)
{
  self->stopped_by = condition;
  stop_sending (self);
  kelvin_load_events_stop_retries (self);
}

/* --- while it runs --- */

void
kelvin_load_event_ended (KelvinLoad *self)
{
  if (self->stopped || self->cancelled)
    {
      end_if_drained (self);
      return;
    }
  if (self->error != NULL)
    {
      stop_sending (self);
      end_if_drained (self);
      return;
    }
  if (!is_closed_model (self))
    return;
  if (now_ns (self) - self->started_ns >= self->request.duration_ns)
    stop_sending (self);
  else
    send_due (self);
  end_if_drained (self);
}

static void
tell_due (KelvinLoad *self, gint64 passed_virtual_ns)
{
  if (is_closed_model (self))
    return;
  for (; self->due_told < self->plan->len; self->due_told++)
    {
      gint64 due_ns = g_array_index (self->plan, gint64, self->due_told);

      if (due_ns > passed_virtual_ns)
        break;
      kelvin_load_live_add_due (self->live, due_ns);
    }
}

/* A record for each door whose connections changed since the last one. */
static void
tell_doors (KelvinLoad *self)
{
  GPtrArray *doors =
      kelvin_function_get_doors (kelvin_version_get_function (self->target->version));

  g_array_set_size (self->open_at_doors, doors->len);
  for (guint i = 0; i < doors->len; i++)
    {
      const KelvinDoor *door = g_ptr_array_index (doors, i);
      guint *told = &g_array_index (self->open_at_doors, guint, i);
      KelvinLoadDoor record = {
        .door = i,
        .open = kelvin_door_keeper_count (self->engine->doors, get_dir (self), door->name),
        .refused = (guint) self->count->refused_connections,
        .at_ns = now_ns (self) - self->started_ns,
      };

      if (record.open == *told)
        continue;
      *told = record.open;
      kelvin_load_live_add_door (self->live, &record);
    }
}

static void
write_run (KelvinLoad *self)
{
  if (now_ns (self) - self->run_written_ns < RUN_WRITTEN_NS)
    return;
  self->run_written_ns = now_ns (self);
  update_run (self);
  kelvin_store_put_run (self->engine->store, self->run);
}

static void
tick_cb (gpointer user_data)
{
  KelvinLoad *self = user_data;
  KelvinEngine *engine = self->engine;
  char *condition = NULL;

  self->ticking = kelvin_clock_add (engine->clock, KELVIN_TIME_MONOTONIC, TICK_NS, tick_cb, self);
  if (engine->closing)
    {
      cancel (self);
      return;
    }
  tell_due (self, kelvin_clock_virtual_ns (engine->clock) - self->started_virtual_ns);
  if (kelvin_load_live_is_watched (self->live))
    {
      finish_counts (self);
      tell_doors (self);
      kelvin_load_live_tell (self->live, self->run->id, now_ns (self) - self->started_ns,
                             planned_ns (self), &self->count->counts, KELVIN_LOAD_LIVE_MORE);
    }
  write_run (self);
  if (self->play.step_ns > 0)
    return; /* looked at when a step is over */
  condition = self->stopped ? NULL : kelvin_load_count_check (self->count, &self->request.stop);
  if (condition != NULL)
    stop_by (self, condition);
  /* A closed load whose every call takes longer than what is left ends here. */
  if (is_closed_model (self) && now_ns (self) - self->started_ns >= self->request.duration_ns)
    stop_sending (self);
  end_if_drained (self);
}

static void
sending_cb (gpointer user_data)
{
  KelvinLoad *self = user_data;

  self->sending = NULL;
  send_due (self);
}

static void
wait_to_send (KelvinLoad *self, gint64 delay_ns)
{
  self->sending =
      kelvin_clock_add (self->engine->clock, KELVIN_TIME_VIRTUAL, delay_ns, sending_cb, self);
}

static void
send_planned (KelvinLoad *self)
{
  gint64 passed_ns = kelvin_clock_virtual_ns (self->engine->clock) - self->started_virtual_ns;

  for (guint sent = 0; self->next < self->plan->len; sent++)
    {
      gint64 due_ns = g_array_index (self->plan, gint64, self->next);

      if (due_ns > passed_ns || (sent == MOST_IN_TURN && self->play.step_ns == 0))
        {
          if (self->play.step_ns == 0)
            wait_to_send (self, MAX (due_ns - passed_ns, 0));
          return;
        }
      self->next++;
      self->last_due_ns = due_ns;
      kelvin_load_event_start (self, now_ns (self) - (passed_ns - due_ns));
    }
  stop_sending (self);
}

static void
send_due (KelvinLoad *self)
{
  if (!is_closed_model (self))
    {
      send_planned (self);
      return;
    }
  while (g_hash_table_size (self->events) < self->request.concurrency &&
         self->number < KELVIN_LOAD_MOST_EVENTS)
    kelvin_load_event_start (self, now_ns (self));
}

/* --- planned time --- */

static void
begin_step (KelvinLoad *self)
{
  kelvin_load_events_send_planned (self);
  if (!self->stopped)
    send_due (self);
  if (self->tries_under_way == 0)
    kelvin_load_step_is_over (self);
}

static void
step_cb (gpointer user_data)
{
  KelvinLoad *self = user_data;

  self->stepping = NULL;
  kelvin_clock_step (self->engine->clock, self->play.step_ns);
  begin_step (self);
}

void
kelvin_load_step_is_over (KelvinLoad *self)
{
  char *condition;

  if (self->play.step_ns == 0 || self->ended || self->stepping != NULL)
    return;
  condition = self->stopped ? NULL : kelvin_load_count_check (self->count, &self->request.stop);
  if (condition != NULL)
    stop_by (self, condition);
  end_if_drained (self);
  if (!self->ended)
    self->stepping =
        kelvin_clock_add (self->engine->clock, KELVIN_TIME_MONOTONIC, 0, step_cb, self);
}

void
kelvin_engine_tell_loads (KelvinEngine *self, const char *run_id,
                          const KelvinTransition *transition)
{
  for (guint i = 0; i < self->loads->len; i++)
    {
      KelvinLoad *load = g_ptr_array_index (self->loads, i);
      KelvinLoadTransition record = {
        .environment = transition->environment,
        .from = transition->from,
        .to = transition->to,
        .at_ns = transition->at_ns - load->started_ns,
      };

      if (load->run != NULL && g_str_equal (load->run->id, run_id))
        kelvin_load_live_add_transition (load->live, &record);
    }
}

/* --- the beginning --- */

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (KelvinLoad *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (cancellable == NULL)
    return;
  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancel, self->engine->context);
}

/* What this machine can carry is known before it is asked for more. */
static void
set_rules (KelvinLoad *self)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  KelvinMemoryReading memory = kelvin_memory_read (NULL);
  guint memory_mb = kelvin_function_get_memory_size_mb (function);
  guint carries = kelvin_memory_carries (&memory, memory_mb);

  self->rules.admission = self->request.admission;
  self->rules.machine_concurrency = carries;
  self->rules.reserved = self->request.reserved_concurrency >= 0
                             ? self->request.reserved_concurrency
                             : kelvin_function_get_reserved_concurrency (function);
  if (memory.available_bytes < 0 || self->request.concurrency <= carries)
    return;
  self->warning = g_strdup_printf (
      "%u callers at once were asked for; the %" G_GINT64_FORMAT
      " MB of memory that this machine has free carry %u environments of %u MB at once, on %u "
      "processors",
      self->request.concurrency, memory.available_bytes / (1024 * 1024), carries, memory_mb,
      g_get_num_processors ());
}

/* What all times of its records count from. */
static void
begin_time (KelvinLoad *self)
{
  KelvinEngine *engine = self->engine;

  self->started_cpu_ns = kelvin_clock_thread_cpu_ns ();
  self->started_ns = now_ns (self);
  self->started_virtual_ns = kelvin_clock_virtual_ns (engine->clock);
}

static void
begin_run (KelvinLoad *self)
{
  KelvinEngine *engine = self->engine;

  self->run = kelvin_account_new_run (self->play.kind, self->target, &engine->host,
                                      kelvin_store_get_engine_id (engine->store),
                                      kelvin_clock_real_us (engine->clock));
  begin_time (self);
  self->run->started_at_ns = self->started_ns;
  self->run_written_ns = self->started_ns;
  kelvin_store_put_run (engine->store, self->run);
}

static gboolean
open_door (KelvinLoad *self, GError **error)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  const KelvinDoor *door = first_door (self);

  if (door == NULL)
    {
      g_set_error (error, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT,
                   "%s/function.json has no door, so nothing can go wrong behind one; right is a "
                   "function with Kelvin.Doors, such as examples/door",
                   kelvin_function_get_dir (function));
      return FALSE;
    }
  self->service = kelvin_fake_service_new (error);
  if (self->service == NULL)
    return FALSE;
  kelvin_door_keeper_set_faults (self->engine->doors, kelvin_function_get_dir (function),
                                 door->name, &self->play.door_faults);
  kelvin_door_keeper_set_destination (self->engine->doors, kelvin_function_get_dir (function),
                                      door->name, kelvin_fake_service_get_port (self->service));
  return TRUE;
}

static void
price_step (KelvinLoad *self)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  KelvinUse use = {
    .init_us = -1,
    .duration_us = self->play.step_ns / 1000,
    .memory_mb = kelvin_function_get_memory_size_mb (function),
    .ephemeral_mb = kelvin_function_get_ephemeral_storage_mb (function),
    .architecture = kelvin_function_get_architecture (function),
  };

  self->attempt_pico_usd = kelvin_price_table_cost (self->engine->prices, &use).total_pico_usd;
}

static gboolean
begin_play (KelvinLoad *self, GError **error)
{
  if (self->play.needs_door && !open_door (self, error))
    return FALSE;
  if (self->play.step_ns == 0)
    return TRUE;
  price_step (self);
  if (self->play.cap_attempts > 0)
    self->request.stop.cost_pico_usd = self->play.cap_attempts * self->attempt_pico_usd;
  kelvin_clock_set_speed (self->engine->clock, 0.0);
  return TRUE;
}

/* A drill begins without environments of any kind. */
static void
provision (KelvinLoad *self)
{
  KelvinFunction *function = kelvin_version_get_function (self->target->version);

  if (!self->play.fresh)
    kelvin_dispatcher_provision (self->engine->dispatcher, self->target, self->run->id,
                                 kelvin_function_get_provisioned_concurrency (function));
}

static void wait_for_provisioned (KelvinLoad *self);

static void
provisioned_yet_cb (gpointer user_data)
{
  KelvinLoad *self = user_data;

  self->stepping = NULL;
  wait_for_provisioned (self);
}

static void
wait_for_provisioned (KelvinLoad *self)
{
  KelvinEngine *engine = self->engine;

  if (!self->cancelled && !engine->closing &&
      kelvin_dispatcher_is_provisioning (engine->dispatcher, get_dir (self)))
    self->stepping = kelvin_clock_add (engine->clock, KELVIN_TIME_MONOTONIC, LOOK_AGAIN_NS,
                                       provisioned_yet_cb, self);
  else
    kelvin_load_warm_up (self);
}

static void
begin_sending (KelvinLoad *self)
{
  set_rules (self);
  begin_run (self);
  watch_cancel (self);
  provision (self);
  wait_for_provisioned (self);
}

void
kelvin_load_is_warm (KelvinLoad *self)
{
  if (self->ended)
    return;
  begin_time (self);
  tick_cb (self);
  if (self->play.step_ns > 0 && !self->ended)
    begin_step (self);
  else if (!self->stopped)
    send_due (self);
  end_if_drained (self);
}

static void begin_when_fresh (KelvinLoad *self);

static void
look_again_cb (gpointer user_data)
{
  KelvinLoad *self = user_data;

  self->stepping = NULL;
  begin_when_fresh (self);
}

/* Environments that are ending still hold their connections. */
static void
begin_when_fresh (KelvinLoad *self)
{
  KelvinEngine *engine = self->engine;

  if (self->play.fresh && !engine->closing &&
      kelvin_dispatcher_count_of (engine->dispatcher, get_dir (self)) > 0)
    self->stepping =
        kelvin_clock_add (engine->clock, KELVIN_TIME_MONOTONIC, LOOK_AGAIN_NS, look_again_cb, self);
  else
    begin_sending (self);
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KelvinLoad *self = user_data;
  KelvinEngine *engine = self->engine;
  GError *error = NULL;

  self->target = kelvin_target_prepare_finish (result, &error);
  if (self->target == NULL)
    {
      fail (self, error);
      return;
    }
  kelvin_dispatcher_retire (
      engine->dispatcher,
      kelvin_function_get_dir (kelvin_version_get_function (self->target->version)),
      kelvin_version_get_hash (self->target->version), "new version");
  if (!begin_play (self, &error))
    {
      fail (self, error);
      return;
    }
  if (self->play.fresh)
    kelvin_dispatcher_retire (engine->dispatcher, get_dir (self), NULL,
                              "a drill begins without environments");
  begin_when_fresh (self);
}

static void
begin (KelvinEngine *engine, GTask *task)
{
  KelvinLoad *self = g_task_get_task_data (task);

  g_object_ref (task);
  g_ptr_array_add (engine->loads, self);
  if (engine->launcher == NULL)
    {
      fail (self, g_error_copy (engine->launcher_error));
      return;
    }
  kelvin_target_prepare_async (engine->code_store, self->function_dir,
                               g_task_get_cancellable (task), prepared_cb, self);
}

static GArray *
make_plan (const KelvinLoadRequest *request)
{
  if (request->concurrency > 0)
    return NULL;
  if (request->pattern == KELVIN_PATTERN_TIMES)
    return g_array_ref (request->times_ns);
  return kelvin_load_plan_new (request->pattern, request->rate, request->duration_ns,
                               request->seed);
}

static KelvinLoad *
load_new (KelvinEngine *engine, GTask *task, const KelvinLoadRequest *request,
          const KelvinLoadPlay *play)
{
  KelvinLoad *self = g_new0 (KelvinLoad, 1);

  self->engine = g_object_ref (engine);
  self->task = task;
  self->function_dir = g_strdup (request->function_dir);
  self->event_name = g_strdup (request->event_name);
  self->event =
      request->event != NULL ? g_bytes_ref (request->event) : g_bytes_new_static ("{}", 2);
  self->request = *request;
  self->play = play != NULL ? *play : (KelvinLoadPlay){ .kind = KELVIN_RUN_LOAD };
  self->plan = make_plan (request);
  self->count = kelvin_load_count_new ();
  self->events = g_hash_table_new (NULL, NULL);
  self->warm_ups = g_ptr_array_new ();
  self->open_at_doors = g_array_new (FALSE, TRUE, sizeof (guint));

  return self;
}

void
kelvin_engine_load_async (KelvinEngine *engine, const KelvinLoadRequest *request,
                          GCancellable *cancellable, KelvinLoadFunc func, gpointer func_data,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (engine));

  kelvin_load_start (engine, request, NULL, cancellable, func, func_data, callback, user_data);
}

void
kelvin_load_start (KelvinEngine *engine, const KelvinLoadRequest *request,
                   const KelvinLoadPlay *play, GCancellable *cancellable, KelvinLoadFunc func,
                   gpointer func_data, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (engine, cancellable, callback, user_data);
  g_autofree char *wrong = kelvin_load_request_check (request);
  KelvinLoad *self;

  g_task_set_source_tag (task, kelvin_engine_load_async);
  if (wrong != NULL)
    {
      g_task_return_new_error (task, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT, "%s",
                               wrong);
      g_object_unref (task);
      return;
    }
  self = load_new (engine, task, request, play);
  self->live = kelvin_load_live_new (task, func, func_data);
  g_task_set_task_data (task, self, load_free);
  /* What was measured before a cancel is returned, not lost. */
  g_task_set_check_cancellable (task, FALSE);
  kelvin_engine_call (engine, task, begin);
}

KelvinLoadResult *
kelvin_engine_load_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
