#include "engine/load-private.h"

#include "engine/dispatch/account.h"

typedef struct _Try Try;

/* One event on its way to an outcome, through one try or several. */
struct _KelvinLoadEvent {
  KelvinLoad *load;
  guint64 number;           /* in the run */
  gint64 due_ns;            /* monotonic */
  guint tries;              /* sent so far */
  GPtrArray *under_way;     /* of Try; more than one where the caller lost its patience */
  gboolean waits;           /* for its next try */
  KelvinTimer *backoff;     /* until then; NULL in planned time, and where it doesn't wait */
  gint64 planned_ns;        /* planned time: when that is, from the beginning */
  gint64 next_due_ns;       /* of that try */
  KelvinInvocation *record; /* of its first try, with the outcome of the last; NULL before */
  KelvinLoadAttempt last;   /* the try whose outcome is the event's so far */
  gboolean decided;         /* no further try */
};

struct _Try {
  KelvinLoadEvent *event;
  guint number;
  KelvinCall *call;
  gint64 due_ns;
  gint64 sent_ns;
  KelvinTimer *patience;
  gboolean given_up;
};

static void send_try (KelvinLoadEvent *event, gint64 due_ns);

static void
event_free (KelvinLoadEvent *event)
{
  g_assert (event->under_way->len == 0 && event->backoff == NULL);
  g_ptr_array_unref (event->under_way);
  g_clear_pointer (&event->record, kelvin_invocation_unref);
  g_free (event);
}

static gint64
from_beginning (KelvinLoad *load, gint64 at_ns)
{
  return at_ns - load->started_ns;
}

/* --- the record --- */

static void
replace_text (char **text, const char *with)
{
  g_free (*text);
  *text = g_strdup (with);
}

static void
take_outcome (KelvinInvocation *record, KelvinInvocation *from)
{
  record->status = from->status;
  record->status_code = from->status_code;
  record->cost_pico_usd += from->cost_pico_usd;
  record->billed_duration_ms += from->billed_duration_ms;
  replace_text (&record->function_error, from->function_error);
  replace_text (&record->error_type, from->error_type);
  g_clear_pointer (&record->payload, g_bytes_unref);
  record->payload = from->payload != NULL ? g_bytes_ref (from->payload) : NULL;

  char *log = g_strconcat (record->log, from->log, NULL);

  g_free (record->log);
  record->log = log;
}

/* The first try makes the record; each further one is an attempt in it. */
static void
keep_try (KelvinLoadEvent *event, const Try *try, KelvinInvocation *record)
{
  KelvinAttempt attempt = {
    .number = try->number,
    .start = record->start,
    .status = record->status,
    .started_at_us = record->started_at_us,
    .phases = record->phases,
  };

  if (event->record == NULL)
    {
      event->record = kelvin_invocation_ref (record);
      return;
    }
  if (event->record->attempts == NULL)
    event->record->attempts = g_array_new (FALSE, FALSE, sizeof (KelvinAttempt));
  g_array_append_val (event->record->attempts, attempt);
  if (event->record->environment == NULL)
    event->record->environment = g_strdup (record->environment);
  if (!try->given_up)
    take_outcome (event->record, record);
}

/* The caller of this event had no patience left: that is its outcome, whatever the handler did. */
static void
mark_given_up (KelvinLoadEvent *event)
{
  if (event->record == NULL || !event->last.given_up)
    return;
  event->record->status = KELVIN_STATUS_TIMEOUT;
  replace_text (&event->record->error_type, "Kelvin.CallerTimeout");
}

/* --- the outcome --- */

static void
end_event (KelvinLoadEvent *event)
{
  KelvinLoad *load = event->load;

  if (!event->decided || event->under_way->len > 0)
    return;
  g_hash_table_remove (load->events, event);
  mark_given_up (event);
  if (event->record != NULL)
    kelvin_store_put_invocation (load->engine->store, event->record);
  event_free (event);
  kelvin_load_event_ended (load);
}

static gboolean
may_try_again (const KelvinLoadEvent *event)
{
  const KelvinLoad *load = event->load;
  const KelvinCaller *caller = &load->request.caller;

  if (load->stopped && load->stopped_by != NULL)
    return FALSE;
  if (load->cancelled || event->tries > caller->retries)
    return FALSE;
  return caller->retry_budget == 0.0 ||
         (double) load->count->retries < caller->retry_budget * (double) load->count->started;
}

static void
backoff_over_cb (gpointer user_data)
{
  KelvinLoadEvent *event = user_data;

  event->backoff = NULL;
  event->waits = FALSE;
  send_try (event, MIN (event->next_due_ns, kelvin_clock_now_ns (event->load->engine->clock)));
}

static gint64
round_up (gint64 ns, gint64 step_ns)
{
  return MAX ((ns + step_ns - 1) / step_ns, 1) * step_ns;
}

static void
wait_for_next_try (KelvinLoadEvent *event, const KelvinLoadAttempt *attempt)
{
  KelvinLoad *load = event->load;
  gint64 wait_ns = kelvin_caller_backoff_ns (&load->request.caller, event->tries + 1,
                                             load->request.seed, event->number);

  event->waits = TRUE;
  if (load->play.step_ns > 0)
    {
      event->planned_ns = kelvin_load_get_passed_ns (load) + round_up (wait_ns, load->play.step_ns);
      return;
    }
  event->next_due_ns = load->started_ns + attempt->ended_ns + wait_ns;
  event->backoff =
      kelvin_clock_add (load->engine->clock, KELVIN_TIME_VIRTUAL, wait_ns, backoff_over_cb, event);
}

/* Its caller knows how the try went: it tries again, or takes that for the outcome. */
static void
decide (KelvinLoadEvent *event, KelvinLoadAttempt *attempt)
{
  KelvinLoad *load = event->load;
  gboolean good = attempt->status == KELVIN_STATUS_OK && !attempt->given_up;

  event->last = *attempt;
  if (!good && attempt->status != KELVIN_STATUS_CANCELLED && may_try_again (event))
    {
      wait_for_next_try (event, attempt);
      return;
    }
  event->decided = TRUE;
  attempt->last = TRUE;
  kelvin_load_count_event (load->count, attempt,
                           attempt->ended_ns - from_beginning (load, event->due_ns));
}

static KelvinLoadAttempt
describe_try (const Try *try, gint64 ended_ns)
{
  KelvinLoad *load = try->event->load;

  return (KelvinLoadAttempt){
    .event = try->event->number,
    .attempt = try->number,
    .status = KELVIN_STATUS_TIMEOUT,
    .event_due_ns = from_beginning (load, try->event->due_ns),
    .due_ns = from_beginning (load, try->due_ns),
    .sent_ns = from_beginning (load, try->sent_ns),
    .ended_ns = from_beginning (load, ended_ns),
    .phases = KELVIN_PHASES_NONE,
    .given_up = try->given_up,
  };
}

static void
patience_over_cb (gpointer user_data)
{
  Try *try = user_data;
  KelvinLoadAttempt attempt;

  try->patience = NULL;
  try->given_up = TRUE;
  attempt = describe_try (try, kelvin_clock_now_ns (try->event->load->engine->clock));
  decide (try->event, &attempt);
}

static void
fail_load (KelvinLoad *load, const GError *error)
{
  if (load->error == NULL)
    load->error = g_error_copy (error);
}

static void
admitted_cb (KelvinCall *call, gpointer user_data)
{
  kelvin_load_count_reached (((Try *) user_data)->event->load->count);
}

static void
released_cb (KelvinCall *call, gpointer user_data)
{
  kelvin_load_count_left (((Try *) user_data)->event->load->count);
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static KelvinInvocation *
make_record (const Try *try, const KelvinDelivery *delivery, guint64 environment)
{
  KelvinLoad *load = try->event->load;
  KelvinClock *clock = load->engine->clock;
  gint64 now_ns = kelvin_clock_now_ns (clock);

  return kelvin_account_new_invocation (delivery, load->run, load->target, environment,
                                        try->event->number, load->engine->prices,
                                        kelvin_clock_real_us (clock), now_ns);
}

/* In planned time an attempt costs what a step does, so that a cap ends one seed's load at one
 * place. */
static gint64
price_of (const KelvinLoad *load, const KelvinInvocation *record)
{
  if (load->play.step_ns > 0 && record->start != KELVIN_START_NONE)
    return load->attempt_pico_usd;
  return record->cost_pico_usd;
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  Try *try = user_data;
  KelvinLoadEvent *event = try->event;
  KelvinLoad *load = event->load;
  g_autoptr (KelvinInvocation) record = make_record (try, delivery, environment);
  gboolean last_of_step = load->tries_under_way == 1 && !load->ended;
  gint64 waited_us = kelvin_phases_get_total_us (&record->phases);
  KelvinLoadAttempt attempt = describe_try (try, try->due_ns + waited_us * 1000);

  g_clear_pointer (&try->patience, kelvin_timer_cancel);
  attempt.environment = environment;
  attempt.start = delivery->start;
  attempt.status = delivery->status;
  attempt.throttle = delivery->throttle;
  attempt.phases = record->phases;
  if (delivery->error != NULL)
    fail_load (load, delivery->error);
  keep_try (event, try, record);
  kelvin_load_count_doors (load->count, record);
  if (delivery->start == KELVIN_START_COLD &&
      kelvin_load_get_passed_ns (load) >= load->play.burst_from_ns)
    load->count->burst_cold_starts++;
  kelvin_load_count_attempt (load->count, &attempt, price_of (load, record));
  g_ptr_array_remove_fast (event->under_way, try);
  if (!try->given_up)
    decide (event, &attempt);
  kelvin_load_live_add_attempt (load->live, &attempt);
  g_free (try);
  load->tries_under_way--;
  end_event (event);
  if (last_of_step)
    kelvin_load_step_is_over (load);
}

static const KelvinCallEvents call_events = {
  .admitted = admitted_cb,
  .released = released_cb,
  .responded = responded_cb,
  .settled = settled_cb,
};

static KelvinAdmissionRules
get_rules (KelvinLoad *load)
{
  KelvinAdmissionRules rules = load->rules;
  gint64 passed_ns = kelvin_load_get_passed_ns (load);

  if (passed_ns >= load->play.pause_from_ns && passed_ns < load->play.pause_to_ns)
    rules.reserved = 0;
  return rules;
}

static void
send_try (KelvinLoadEvent *event, gint64 due_ns)
{
  KelvinLoad *load = event->load;
  KelvinEngine *engine = load->engine;
  Try *try = g_new0 (Try, 1);
  KelvinAdmissionRules rules = get_rules (load);
  KelvinCallRequest request = {
    .target = load->target,
    .run_id = load->run->id,
    .event = load->event,
    .rules = &rules,
    .due_ns = due_ns,
  };

  try->event = event;
  try->number = ++event->tries;
  try->due_ns = due_ns;
  try->sent_ns = kelvin_clock_now_ns (engine->clock);
  g_ptr_array_add (event->under_way, try);
  load->tries_under_way++;
  load->last_sent_ns = try->sent_ns;
  kelvin_load_count_sent (load->count, try->number, try->sent_ns - due_ns);
  try->call = kelvin_dispatcher_invoke (engine->dispatcher, &request, &call_events, try);
  if (load->request.caller.timeout_ns > 0)
    try->patience = kelvin_clock_add (engine->clock, KELVIN_TIME_MONOTONIC,
                                      due_ns + load->request.caller.timeout_ns - try->sent_ns,
                                      patience_over_cb, try);
}

void
kelvin_load_event_start (KelvinLoad *load, gint64 due_ns)
{
  KelvinLoadEvent *event = g_new0 (KelvinLoadEvent, 1);

  event->load = load;
  event->number = ++load->number;
  event->due_ns = due_ns;
  event->under_way = g_ptr_array_new ();
  g_hash_table_add (load->events, event);
  send_try (event, due_ns);
}

static int
compare_numbers (gconstpointer a, gconstpointer b)
{
  const KelvinLoadEvent *left = *(KelvinLoadEvent *const *) a;
  const KelvinLoadEvent *right = *(KelvinLoadEvent *const *) b;

  return (left->number > right->number) - (left->number < right->number);
}

void
kelvin_load_events_send_planned (KelvinLoad *load)
{
  g_autoptr (GPtrArray) due = g_ptr_array_new ();
  gint64 passed_ns = kelvin_load_get_passed_ns (load);
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, load->events);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      KelvinLoadEvent *event = key;

      if (event->waits && event->planned_ns <= passed_ns)
        g_ptr_array_add (due, event);
    }
  g_ptr_array_sort (due, compare_numbers);
  for (guint i = 0; i < due->len; i++)
    {
      KelvinLoadEvent *event = g_ptr_array_index (due, i);

      event->waits = FALSE;
      send_try (event, kelvin_clock_now_ns (load->engine->clock));
    }
}

/* --- the end of all --- */

static void
drop_backoff (KelvinLoadEvent *event)
{
  if (!event->waits)
    return;
  event->waits = FALSE;
  g_clear_pointer (&event->backoff, kelvin_timer_cancel);
  event->decided = TRUE;
  kelvin_load_count_event (event->load->count, &event->last,
                           event->last.ended_ns - from_beginning (event->load, event->due_ns));
  end_event (event);
}

void
kelvin_load_events_stop_retries (KelvinLoad *load)
{
  g_autoptr (GList) events = g_hash_table_get_keys (load->events);

  for (GList *at = events; at != NULL; at = at->next)
    drop_backoff (at->data);
}

void
kelvin_load_events_cancel (KelvinLoad *load)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer key;

  kelvin_load_events_stop_retries (load);
  g_hash_table_iter_init (&iter, load->events);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      KelvinLoadEvent *event = key;

      for (guint i = 0; i < event->under_way->len; i++)
        g_ptr_array_add (calls, ((Try *) g_ptr_array_index (event->under_way, i))->call);
    }
  for (guint i = 0; i < calls->len; i++)
    kelvin_call_cancel (g_ptr_array_index (calls, i));
}
