#include "engine/sequence.h"

#include <string.h>

#include "engine/advising.h"
#include "engine/dispatch/account.h"
#include "engine/dispatch/tally.h"
#include "engine/environment/git-checkout.h"
#include "engine/import-measurement.h"
#include "engine/profile.h"
#include "engine/progress-teller.h"

/* A run under way: the data of its task, which is referred to from `begin` to `done`. A profile
 * against another has two, which take turns: the one that was asked for leads. */
typedef struct _Sequence Sequence;
struct _Sequence {
  KelvinEngine *engine;
  Sequence *lead;    /* NULL: it leads itself */
  Sequence *against; /* nullable; of a leading one, which owns it */
  char *against_name;
  char *commit; /* nullable: that the folder was taken from */
  GRand *order; /* both of a pair draw the same */
  GRand *turns; /* who is first in a round; the leading one's */
  guint turn;   /* 0: a round begins */
  gboolean first_is_against;
  guint total_warm;
  GTask *task; /* whose data this is */
  char *function_dir;
  GBytes *event;
  KelvinRunKind kind;
  guint cold_left;
  guint total_cold;
  guint warm_left;
  guint total;
  KelvinProgressTeller *progress; /* the lead's */

  KelvinTarget *target;
  KelvinRun *run;
  KelvinTally *tally;
  KelvinProfile *profile;
  KelvinImportMeasurement *imports; /* nullable */
  KelvinAdvising *advising;         /* while it goes on */
  guint advise;
  KelvinCall *call;
  GSource *cancel;
  gboolean cancelled;
  guint64 number;
  guint next_cold_look; /* at so many the interval is looked at again */
  guint next_warm_look;
  guint tried;    /* starts of the advices */
  guint recorded; /* starts for the imports alone */
  GError *error;  /* Kelvin could not run it */
};

/* Below it an interval says little. */
#define FIRST_LOOK 10

/* A profile measures starts, a thousand one after the other too: no limit is its subject. */
static const KelvinAdmissionRules unlimited = { .admission = KELVIN_ADMISSION_FREE,
                                                .reserved = -1 };

static void next_step (Sequence *self);
static void end (Sequence *self);

static Sequence *
get_lead (Sequence *self)
{
  return self->lead != NULL ? self->lead : self;
}

static void
sequence_free (gpointer user_data)
{
  Sequence *self = user_data;

  g_clear_pointer (&self->against, sequence_free);
  g_free (self->against_name);
  g_free (self->commit);
  g_rand_free (self->order);
  g_rand_free (self->turns);
  g_clear_pointer (&self->tally, kelvin_tally_free);
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_clear_pointer (&self->profile, kelvin_profile_free);
  g_clear_pointer (&self->imports, kelvin_import_measurement_free);
  g_clear_pointer (&self->target, kelvin_target_unref);
  g_clear_error (&self->error);
  g_clear_pointer (&self->progress, kelvin_progress_teller_free);
  g_bytes_unref (self->event);
  g_free (self->function_dir);
  g_object_unref (self->engine);
  g_free (self);
}

/* The last thing that the engine thread does with it. */
static void
done (Sequence *self)
{
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  g_object_unref (self->task);
}

static void
fail (Sequence *self, GError *error)
{
  g_task_return_error (self->task, kelvin_engine_translate_error (error));
  done (self);
}

static void
tell_progress (Sequence *self, KelvinInvocation *last)
{
  KelvinProgress progress = { .last = last };

  self = get_lead (self);
  progress.done = (guint) self->number + self->recorded + self->tried;
  if (self->against != NULL)
    progress.done += (guint) self->against->number + self->against->recorded;
  progress.total = self->total;
  kelvin_progress_teller_tell (self->progress, kelvin_clock_now_ns (self->engine->clock),
                               &progress);
}

/* --- the end --- */

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sequence *self = user_data;
  Sequence *lead = get_lead (self);
  g_autoptr (GError) error = NULL;

  if (!kelvin_store_flush_finish (KELVIN_STORE (source), result, &error) && lead->error == NULL)
    lead->error = g_steal_pointer (&error);
  if (lead->error != NULL && self == lead)
    {
      fail (self, g_steal_pointer (&self->error));
      return;
    }
  self->profile->run = kelvin_run_ref (self->run);
  if (self != lead)
    {
      lead->profile->against = g_steal_pointer (&self->profile);
      end (lead);
      return;
    }
  g_task_return_pointer (self->task, g_steal_pointer (&self->profile),
                         (GDestroyNotify) kelvin_profile_free);
  done (self);
}

static void
keep_profile_document (Sequence *self)
{
  g_autoptr (JsonNode) document = NULL;

  self->profile->run = kelvin_run_ref (self->run);
  document = kelvin_profile_to_json (self->profile);
  g_clear_pointer (&self->profile->run, kelvin_run_unref);
  self->run->details_json = json_to_string (document, FALSE);
}

static void
finish (Sequence *self)
{
  KelvinEngine *engine = self->engine;

  self->profile->noise_after = kelvin_machine_noise_read (g_get_monotonic_time ());
  if (self->cancelled)
    self->run->status = KELVIN_STATUS_CANCELLED;
  else if (get_lead (self)->error != NULL)
    self->run->status = KELVIN_STATUS_ERROR;
  kelvin_tally_end_run (self->tally, kelvin_clock_real_us (engine->clock));
  if (self->kind == KELVIN_RUN_PROFILE)
    keep_profile_document (self);
  kelvin_store_put_run (engine->store, self->run);
  kelvin_store_flush_async (engine->store, flushed_cb, self);
}

/* The other one of a pair ends first: the answer is the leading one's. */
static void
end_all (Sequence *lead)
{
  end (lead->against != NULL ? lead->against : lead);
}

static void
give_up (Sequence *self, const GError *error)
{
  Sequence *lead = get_lead (self);

  lead->error = g_error_copy (error);
  end_all (lead);
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

/* --- the imports: starts of their own, which are in no other figure --- */

/* --- what would help: likewise --- */

static void
advising_progressed_cb (guint n_done, guint n_total, gpointer user_data)
{
  Sequence *self = user_data;

  if (self->tried == 0)
    self->total += n_total;
  self->tried = n_done;
  tell_progress (self, NULL);
}

static void
advising_ended_cb (GPtrArray *advice, const KelvinColdWorth *worth, const GError *error,
                   gpointer user_data)
{
  Sequence *self = user_data;

  self->advising = NULL;
  self->profile->advice = advice;
  self->profile->worth = *worth;
  if (error != NULL && self->error == NULL)
    self->error = g_error_copy (error);
  finish (self);
}

static void
advise (Sequence *self)
{
  static const KelvinAdvisingEvents events = { .progressed = advising_progressed_cb,
                                               .ended = advising_ended_cb };
  const KelvinAdvisingOptions options = {
    .engine = self->engine,
    .run = self->run,
    .event = self->event,
    .target = self->target,
    .imports = self->profile->imports,
    .rounds = self->advise,
  };

  self->advising = kelvin_advising_start (&options, &events, self);
}

static void
evaluated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sequence *self = user_data;

  self->profile->imports = kelvin_import_measurement_evaluate_finish (result, NULL);
  if (self->advise > 0 && !self->cancelled && self->profile->imports->start != NULL)
    advise (self);
  else
    finish (self);
}

static void
recorded_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
             gpointer user_data)
{
  Sequence *self = user_data;

  self->call = NULL;
  if (delivery->error != NULL)
    {
      give_up (self, delivery->error);
      return;
    }
  self->recorded++;
  kelvin_import_measurement_add (self->imports, delivery);
  tell_progress (self, NULL);
  next_step (self);
}

static const KelvinCallEvents recorded_events = {
  .responded = responded_cb,
  .settled = recorded_cb,
};

static void
evaluate_imports (Sequence *self)
{
  kelvin_import_measurement_evaluate_async (self->imports, self->target,
                                            kelvin_profile_get_usual_init_ms (self->profile),
                                            evaluated_cb, self);
}

/* Spread among the cold starts that count, so that both see the same machine. */
static gboolean
is_record_due (Sequence *self)
{
  return self->imports != NULL &&
         kelvin_import_measurement_is_due (self->imports, self->total_cold - self->cold_left,
                                           self->total_cold);
}

static void
record_next (Sequence *self)
{
  KelvinCallRequest request = {
    .target = self->target,
    .run_id = self->run->id,
    .event = self->event,
    .flags = KELVIN_CALL_COLD | KELVIN_CALL_LAST,
    .recording = kelvin_import_measurement_next (self->imports),
    .rules = &unlimited,
  };

  self->call =
      kelvin_dispatcher_invoke (self->engine->dispatcher, &request, &recorded_events, self);
}

/* --- the invocations --- */

static KelvinInvocation *
make_record (Sequence *self, const KelvinDelivery *delivery, guint64 environment)
{
  KelvinClock *clock = self->engine->clock;
  gint64 now_ns = kelvin_clock_now_ns (clock);

  return kelvin_account_new_invocation (delivery, self->run, self->target, environment,
                                        ++self->number, self->engine->prices,
                                        kelvin_clock_real_us (clock), now_ns);
}

/* Few looks: each is a chance to stop at an interval that is narrow by luck. */
static gboolean
is_narrow (Sequence *self, GPtrArray *invocations, guint *next_look)
{
  if (self->profile->until_percent <= 0 || invocations->len < *next_look)
    return FALSE;
  *next_look = MAX (invocations->len + 5, invocations->len + invocations->len / 10);
  return kelvin_profile_get_uncertainty (invocations) <= self->profile->until_percent;
}

static void
stop_early (Sequence *self)
{
  guint left = self->cold_left + self->warm_left;

  if (is_narrow (self, self->profile->cold, &self->next_cold_look))
    self->cold_left = 0;
  if (is_narrow (self, self->profile->warm, &self->next_warm_look))
    self->warm_left = 0;
  self->profile->stopped_early |= self->cold_left + self->warm_left < left;
  self->total -= left - self->cold_left - self->warm_left;
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  Sequence *self = user_data;
  g_autoptr (KelvinInvocation) record = NULL;

  self->call = NULL;
  if (delivery->error != NULL)
    {
      give_up (self, delivery->error);
      return;
    }
  record = make_record (self, delivery, environment);
  kelvin_tally_add (self->tally, record);
  kelvin_store_put_invocation (self->engine->store, record);
  g_ptr_array_add (record->start == KELVIN_START_WARM ? self->profile->warm : self->profile->cold,
                   kelvin_invocation_ref (record));
  stop_early (self);
  tell_progress (self, record);
  next_step (self);
}

static const KelvinCallEvents call_events = {
  .responded = responded_cb,
  .settled = settled_cb,
};

static void
end (Sequence *self)
{
  if (self->imports != NULL && get_lead (self)->error == NULL)
    evaluate_imports (self);
  else
    finish (self);
}

/* A random one of the orders that are left: so cold and warm meet the same machine. The first is
 * cold, as the warm ones need its environment. */
static gboolean
draw_cold (Sequence *self)
{
  guint left = self->cold_left + self->warm_left;

  if (self->number == 0 || self->cold_left == 0 || self->warm_left == 0)
    return self->cold_left > 0;
  return (guint) g_rand_int_range (self->order, 0, (gint32) left) < self->cold_left;
}

static gboolean
is_over (Sequence *self)
{
  return self->cold_left + self->warm_left == 0 && !is_record_due (self);
}

/* Both of a pair, once a round, in random order: a machine that drifts is the same for both. */
static Sequence *
take_turn (Sequence *lead)
{
  if (lead->against == NULL)
    return lead;
  if (lead->turn == 0)
    lead->first_is_against = g_rand_boolean (lead->turns);
  gboolean against = lead->first_is_against == (lead->turn == 0);

  lead->turn = 1 - lead->turn;
  if (is_over (against ? lead->against : lead))
    against = !against;
  return against ? lead->against : lead;
}

static void measure (Sequence *self);

static void
next_step (Sequence *self)
{
  Sequence *lead = get_lead (self);

  lead->cancelled |= lead->engine->closing;
  if (lead->against != NULL)
    lead->against->cancelled = lead->cancelled;
  if (lead->cancelled || (is_over (lead) && (lead->against == NULL || is_over (lead->against))))
    end_all (lead);
  else
    measure (take_turn (lead));
}

static void
measure (Sequence *self)
{
  if (is_record_due (self))
    {
      record_next (self);
      return;
    }

  gboolean cold = draw_cold (self);
  KelvinCallRequest request = {
    .target = self->target,
    .run_id = self->run->id,
    .event = self->event,
    .flags = cold ? KELVIN_CALL_COLD : KELVIN_CALL_ANY,
    .rules = self->kind == KELVIN_RUN_PROFILE ? &unlimited : NULL,
  };

  if (cold)
    self->cold_left--;
  else
    self->warm_left--;
  /* The first cold one serves the warm ones; a single invoke's stays for the next. */
  if (cold && (self->number > 0 || self->total_warm == 0) && self->kind == KELVIN_RUN_PROFILE)
    request.flags |= KELVIN_CALL_LAST;
  self->call = kelvin_dispatcher_invoke (self->engine->dispatcher, &request, &call_events, self);
}

/* --- the beginning --- */

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Sequence *self = user_data;

  self->cancelled = TRUE;
  if (self->call != NULL)
    kelvin_call_cancel (self->call);
  if (self->against != NULL && self->against->call != NULL)
    kelvin_call_cancel (self->against->call);
  if (self->advising != NULL)
    kelvin_advising_cancel (self->advising);
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (Sequence *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (cancellable == NULL)
    return;
  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancel, self->engine->context);
}

static void
describe_runtime (Sequence *self)
{
  const KelvinInterpreter *interpreter = self->target->interpreter;
  KelvinFunction *function = kelvin_version_get_function (self->target->version);

  self->profile->runtime_asked = g_strdup (kelvin_function_get_runtime (function));
  if (interpreter == NULL)
    return;
  self->profile->runtime_found = g_strdup (interpreter->version);
  self->profile->runtime_path = g_strdup (interpreter->path);
}

static void
set_up (Sequence *self)
{
  KelvinEngine *engine = self->engine;

  kelvin_dispatcher_retire (
      engine->dispatcher,
      kelvin_function_get_dir (kelvin_version_get_function (self->target->version)),
      kelvin_version_get_hash (self->target->version), "new version");
  self->run = kelvin_account_new_run (self->kind, self->target, &engine->host,
                                      kelvin_store_get_engine_id (engine->store),
                                      kelvin_clock_real_us (engine->clock));
  self->run->started_at_ns = kelvin_clock_now_ns (engine->clock);
  if (self->commit != NULL)
    {
      g_free (self->run->git_commit);
      self->run->git_commit = g_strdup (self->commit);
      self->run->git_clean = TRUE;
    }
  self->tally = kelvin_tally_new (self->run);
  describe_runtime (self);
  self->profile->memory_size_mb =
      kelvin_function_get_memory_size_mb (kelvin_version_get_function (self->target->version));
  self->profile->noise_before = kelvin_machine_noise_read (g_get_monotonic_time ());
  if (self->imports != NULL && self->target->interpreter == NULL)
    kelvin_import_measurement_skip (self->imports);
  kelvin_store_put_run (engine->store, self->run);
}

static void prepare_against (Sequence *lead);

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sequence *self = user_data;
  Sequence *lead = get_lead (self);
  GError *error = NULL;

  self->target = kelvin_target_prepare_finish (result, &error);
  if (self->target == NULL)
    {
      fail (lead, error);
      return;
    }
  if (self == lead && lead->against != NULL)
    {
      prepare_against (lead);
      return;
    }
  if (lead->against != NULL)
    set_up (lead->against);
  set_up (lead);
  watch_cancel (lead);
  next_step (lead);
}

static void
prepare (Sequence *self)
{
  kelvin_target_prepare_async (self->engine->code_store, self->function_dir,
                               g_task_get_cancellable (self->task), prepared_cb, self);
}

static void
taken_out_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Sequence *lead = user_data;
  GError *error = NULL;
  g_autoptr (KelvinGitCheckout) checkout = kelvin_git_checkout_finish (result, &error);

  if (checkout == NULL)
    {
      fail (lead, error);
      return;
    }
  lead->against->function_dir = g_steal_pointer (&checkout->dir);
  lead->against->commit = g_steal_pointer (&checkout->commit);
  lead->profile->against_note = g_steal_pointer (&checkout->note);
  prepare (lead->against);
}

/* A folder, where there is one of that name; else a commit. */
static void
prepare_against (Sequence *lead)
{
  g_autofree char *parent = g_build_filename (lead->engine->data_dir, "checkouts", NULL);

  if (g_file_test (lead->against_name, G_FILE_TEST_IS_DIR))
    {
      lead->against->function_dir = g_strdup (lead->against_name);
      prepare (lead->against);
      return;
    }
  kelvin_git_checkout_async (lead->function_dir, lead->against_name, parent,
                             g_task_get_cancellable (lead->task), taken_out_cb, lead);
}

static void
begin (KelvinEngine *engine, GTask *task)
{
  Sequence *self = g_task_get_task_data (task);

  g_object_ref (task);
  if (engine->launcher == NULL)
    {
      fail (self, g_error_copy (engine->launcher_error));
      return;
    }
  prepare (self);
}

static Sequence *
sequence_new (KelvinEngine *engine, GTask *task, const KelvinSequenceOptions *options, guint32 seed)
{
  Sequence *self = g_new0 (Sequence, 1);

  self->engine = g_object_ref (engine);
  self->task = task;
  self->event =
      options->event != NULL ? g_bytes_ref (options->event) : g_bytes_new_static ("{}", 2);
  self->kind = options->kind;
  self->cold_left = options->cold;
  self->total_cold = options->cold;
  self->warm_left = options->warm;
  self->total_warm = options->warm;
  self->order = g_rand_new_with_seed (seed);
  self->turns = g_rand_new_with_seed (seed + 1);
  if (options->imports)
    self->imports = kelvin_import_measurement_new (options->cold);
  self->total = options->cold + options->warm;
  if (self->imports != NULL)
    self->total += kelvin_import_measurement_count_left (self->imports);
  self->profile = kelvin_profile_new ();
  self->profile->event_name = g_strdup (options->event_name);
  self->profile->event_hash = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, self->event);
  self->profile->seed = seed;
  self->profile->until_percent = options->until_percent;
  self->next_cold_look = FIRST_LOOK;
  self->next_warm_look = FIRST_LOOK;

  return self;
}

void
kelvin_sequence_start (KelvinEngine *engine, GTask *task, const KelvinSequenceOptions *options)
{
  guint32 seed = options->seed != 0 ? options->seed : MAX (g_random_int (), 1);
  Sequence *self = sequence_new (engine, task, options, seed);

  self->function_dir = g_strdup (options->function_dir);
  self->advise = options->advise;
  self->progress = kelvin_progress_teller_new (task, options->progress, options->progress_data);
  if (options->against != NULL)
    {
      self->against_name = g_strdup (options->against);
      self->against = sequence_new (engine, task, options, seed);
      self->against->lead = self;
      self->total *= 2;
    }
  g_task_set_task_data (task, self, sequence_free);
  /* What was measured before a cancel is returned, not lost. */
  g_task_set_check_cancellable (task, FALSE);
  kelvin_engine_call (engine, task, begin);
}
