#include "engine/dispatch/account.h"
#include "engine/dispatch/tally.h"
#include "engine/model/function.h"
#include "engine/progress-teller.h"
#include "engine/tune-private.h"

/* A size, and the version that has it. */
typedef struct {
  KelvinTarget *target;
  KelvinTunePoint *point; /* the tune's */
  guint left;             /* invokes that are still to be made, the first one besides */
  guint failed_in_a_row;
} Size;

/* A tuning under way: the data of its task, which is referred to from `begin` to `done`. */
typedef struct {
  KelvinEngine *engine;
  GTask *task; /* whose data this is */
  char *function_dir;
  GBytes *event;
  KelvinProgressTeller *progress;
  guint total;

  KelvinTarget *target; /* as function.json has it */
  KelvinTune *tune;
  GArray *sizes;    /* of Size */
  GPtrArray *round; /* of Size: those of this round whose turn is to come */
  KelvinTally *tally;
  Size *current;
  KelvinCall *call;
  GSource *cancel;
  gboolean cancelled;
  guint64 number;
  GError *error; /* Kelvin could not run it */
} Tuning;

/* One that fails this often in a row won't succeed, and each try may take its whole timeout. */
#define MOST_FAILURES_IN_A_ROW 3

/* A tuning measures sizes beside each other: no limit of an account is its subject. */
static const KelvinAdmissionRules unlimited = { .admission = KELVIN_ADMISSION_FREE,
                                                .reserved = -1 };

static void next_step (Tuning *self);

static void
size_clear (gpointer data)
{
  Size *size = data;

  kelvin_target_unref (size->target);
}

static void
tuning_free (gpointer user_data)
{
  Tuning *self = user_data;

  g_clear_pointer (&self->tally, kelvin_tally_free);
  g_clear_pointer (&self->tune, kelvin_tune_free);
  g_clear_pointer (&self->target, kelvin_target_unref);
  g_clear_error (&self->error);
  kelvin_progress_teller_free (self->progress);
  g_array_unref (self->sizes);
  g_ptr_array_unref (self->round);
  g_bytes_unref (self->event);
  g_free (self->function_dir);
  g_object_unref (self->engine);
  g_free (self);
}

/* The last thing that the engine thread does with it. */
static void
done (Tuning *self)
{
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  g_object_unref (self->task);
}

static void
fail (Tuning *self, GError *error)
{
  g_task_return_error (self->task, kelvin_engine_translate_error (error));
  done (self);
}

/* --- the end --- */

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tuning *self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_store_flush_finish (KELVIN_STORE (source), result, &error) && self->error == NULL)
    self->error = g_steal_pointer (&error);
  if (self->error != NULL)
    {
      fail (self, g_steal_pointer (&self->error));
      return;
    }
  g_task_return_pointer (self->task, g_steal_pointer (&self->tune),
                         (GDestroyNotify) kelvin_tune_free);
  done (self);
}

static void
finish (Tuning *self)
{
  KelvinEngine *engine = self->engine;
  KelvinRun *run = self->tune->run;
  KelvinFunction *function = kelvin_version_get_function (self->target->version);
  g_autoptr (JsonNode) document = NULL;

  /* Their memory sizes are nobody else's. */
  kelvin_dispatcher_retire (engine->dispatcher, kelvin_function_get_dir (function),
                            kelvin_version_get_hash (self->target->version), "tuned");
  kelvin_tune_conclude (self->tune, engine->prices, function);
  /* A size that is too small is what a tuning looks for, not a failure of the run. */
  if (run->status != KELVIN_STATUS_RUNNING && self->tune->fastest > 0)
    run->status = KELVIN_STATUS_RUNNING;
  if (self->cancelled)
    run->status = KELVIN_STATUS_CANCELLED;
  else if (self->error != NULL)
    run->status = KELVIN_STATUS_ERROR;
  kelvin_tally_end_run (self->tally, kelvin_clock_real_us (engine->clock));
  document = kelvin_tune_to_json (self->tune);
  run->details_json = json_to_string (document, FALSE);
  kelvin_store_put_run (engine->store, run);
  kelvin_store_flush_async (engine->store, flushed_cb, self);
}

/* --- the invokes --- */

/* What init inside the invoke took isn't the handler's. */
static gboolean
is_warm (const KelvinInvocation *record)
{
  return record->start == KELVIN_START_WARM && record->phases.us[KELVIN_PHASE_RUNTIME] < 0;
}

static void
note_success (KelvinTunePoint *point, const KelvinInvocation *record)
{
  double ms = kelvin_us_to_ms (record->duration_us);
  double cpu_ms = kelvin_us_to_ms (record->cpu_us);

  if (!is_warm (record))
    return;
  g_array_append_val (point->samples_ms, ms);
  if (record->cpu_us >= 0)
    g_array_append_val (point->cpu_ms, cpu_ms);
}

static void
note (Tuning *self, Size *size, const KelvinInvocation *record)
{
  if (record->status == KELVIN_STATUS_OK)
    {
      size->failed_in_a_row = 0;
      note_success (size->point, record);
      return;
    }
  if (record->status == KELVIN_STATUS_CANCELLED)
    return;
  size->point->errors++;
  size->point->failure = record->status;
  if (++size->failed_in_a_row >= MOST_FAILURES_IN_A_ROW)
    {
      self->total -= size->left;
      size->left = 0;
    }
}

static void
tell_progress (Tuning *self, KelvinInvocation *last)
{
  const KelvinProgress progress = { (guint) self->number, self->total, last };

  kelvin_progress_teller_tell (self->progress, kelvin_clock_now_ns (self->engine->clock),
                               &progress);
}

static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  Tuning *self = user_data;
  KelvinClock *clock = self->engine->clock;
  g_autoptr (KelvinInvocation) record = NULL;

  self->call = NULL;
  if (delivery->error != NULL)
    {
      self->error = g_error_copy (delivery->error);
      finish (self);
      return;
    }
  record = kelvin_account_new_invocation (
      delivery, self->tune->run, self->current->target, environment, ++self->number,
      self->engine->prices, kelvin_clock_real_us (clock), kelvin_clock_now_ns (clock));
  kelvin_tally_add (self->tally, record);
  kelvin_store_put_invocation (self->engine->store, record);
  note (self, self->current, record);
  tell_progress (self, record);
  next_step (self);
}

static const KelvinCallEvents call_events = {
  .responded = responded_cb,
  .settled = settled_cb,
};

/* Fisher and Yates. */
static void
shuffle (GPtrArray *array)
{
  for (guint i = array->len; i > 1; i--)
    {
      guint other = (guint) g_random_int_range (0, (gint32) i);
      gpointer kept = array->pdata[i - 1];

      array->pdata[i - 1] = array->pdata[other];
      array->pdata[other] = kept;
    }
}

static void
begin_round (Tuning *self)
{
  for (guint i = 0; i < self->sizes->len; i++)
    {
      Size *size = &g_array_index (self->sizes, Size, i);

      if (size->left == 0)
        continue;
      size->left--;
      g_ptr_array_add (self->round, size);
    }
  shuffle (self->round);
}

static void
next_step (Tuning *self)
{
  KelvinCallRequest request = {
    .run_id = self->tune->run->id,
    .event = self->event,
    .rules = &unlimited,
  };

  self->cancelled |= self->engine->closing;
  if (!self->cancelled && self->round->len == 0)
    begin_round (self);
  if (self->cancelled || self->round->len == 0)
    {
      finish (self);
      return;
    }
  self->current = g_ptr_array_steal_index (self->round, self->round->len - 1);
  request.target = self->current->target;
  self->call = kelvin_dispatcher_invoke (self->engine->dispatcher, &request, &call_events, self);
}

/* --- the beginning --- */

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Tuning *self = user_data;

  self->cancelled = TRUE;
  if (self->call != NULL)
    kelvin_call_cancel (self->call);
  return G_SOURCE_REMOVE;
}

static void
watch_cancel (Tuning *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);

  if (cancellable == NULL)
    return;
  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancel, self->engine->context);
}

static KelvinTarget *
make_target (KelvinTarget *base, guint memory_mb, guint number, GError **error)
{
  g_autoptr (JsonNode) size = json_node_new (JSON_NODE_VALUE);

  json_node_set_int (size, memory_mb);

  g_autoptr (KelvinFunction) function =
      kelvin_function_edit (kelvin_version_get_function (base->version), "MemorySize", size, error);

  return function != NULL ? kelvin_target_new_variant (base, function, NULL, number) : NULL;
}

static gboolean
make_sizes (Tuning *self, GError **error)
{
  GPtrArray *points = self->tune->points;

  for (guint i = 0; i < points->len; i++)
    {
      Size size = { .point = points->pdata[i], .left = self->tune->runs + 1 };

      size.target = make_target (self->target, size.point->memory_mb, i, error);
      if (size.target == NULL)
        return FALSE;
      g_array_append_val (self->sizes, size);
      self->total += size.left;
    }
  return TRUE;
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Tuning *self = user_data;
  KelvinEngine *engine = self->engine;
  KelvinRun *run;
  GError *error = NULL;

  self->target = kelvin_target_prepare_finish (result, &error);
  if (self->target == NULL || !make_sizes (self, &error))
    {
      fail (self, error);
      return;
    }
  run = kelvin_account_new_run (KELVIN_RUN_TUNE, self->target, &engine->host,
                                kelvin_store_get_engine_id (engine->store),
                                kelvin_clock_real_us (engine->clock));
  run->started_at_ns = kelvin_clock_now_ns (engine->clock);
  self->tune->run = run;
  self->tally = kelvin_tally_new (run);
  kelvin_store_put_run (engine->store, run);
  watch_cancel (self);
  next_step (self);
}

static void
begin (KelvinEngine *engine, GTask *task)
{
  Tuning *self = g_task_get_task_data (task);

  g_object_ref (task);
  if (engine->launcher == NULL)
    {
      fail (self, g_error_copy (engine->launcher_error));
      return;
    }
  kelvin_target_prepare_async (engine->code_store, self->function_dir,
                               g_task_get_cancellable (task), prepared_cb, self);
}

char *
kelvin_tune_request_check (const KelvinTuneRequest *request)
{
  guint n = request->memory_mb != NULL ? request->memory_mb->len : 1;

  if (request->runs < 1 || request->runs > KELVIN_TUNE_MOST_RUNS)
    return g_strdup_printf ("%u runs a memory size were asked for; right is from 1 to %d",
                            request->runs, KELVIN_TUNE_MOST_RUNS);
  if (n < 1 || n > KELVIN_TUNE_MOST_SIZES)
    return g_strdup_printf ("%u memory sizes were named; right is from 1 to %d", n,
                            KELVIN_TUNE_MOST_SIZES);
  for (guint i = 0; request->memory_mb != NULL && i < n; i++)
    {
      guint size = g_array_index (request->memory_mb, guint, i);

      if (size < 128 || size > 10240)
        return g_strdup_printf ("a memory size is %u MB; right is from 128 to 10240", size);
    }
  return NULL;
}

static Tuning *
tuning_new (KelvinEngine *engine, GTask *task, const KelvinTuneRequest *request)
{
  Tuning *self = g_new0 (Tuning, 1);

  self->engine = g_object_ref (engine);
  self->task = task;
  self->function_dir = g_strdup (request->function_dir);
  self->event =
      request->event != NULL ? g_bytes_ref (request->event) : g_bytes_new_static ("{}", 2);
  self->tune =
      request->memory_mb != NULL
          ? kelvin_tune_new ((const guint *) (void *) request->memory_mb->data,
                             request->memory_mb->len, request->runs)
          : kelvin_tune_new (kelvin_tune_usual_sizes, kelvin_tune_n_usual_sizes, request->runs);
  self->tune->event_name = g_strdup (request->event_name);
  self->sizes = g_array_new (FALSE, FALSE, sizeof (Size));
  g_array_set_clear_func (self->sizes, size_clear);
  self->round = g_ptr_array_new ();

  return self;
}

void
kelvin_engine_tune_async (KelvinEngine *engine, const KelvinTuneRequest *request,
                          GCancellable *cancellable, KelvinProgressFunc progress,
                          gpointer progress_data, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (engine));

  GTask *task = g_task_new (engine, cancellable, callback, user_data);
  g_autofree char *wrong = kelvin_tune_request_check (request);
  Tuning *self;

  g_task_set_source_tag (task, kelvin_engine_tune_async);
  if (wrong != NULL)
    {
      g_task_return_new_error (task, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT, "%s",
                               wrong);
      g_object_unref (task);
      return;
    }
  self = tuning_new (engine, task, request);
  self->progress = kelvin_progress_teller_new (task, progress, progress_data);
  g_task_set_task_data (task, self, tuning_free);
  /* What was measured before a cancel is returned, not lost. */
  g_task_set_check_cancellable (task, FALSE);
  kelvin_engine_call (engine, task, begin);
}

KelvinTune *
kelvin_engine_tune_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
