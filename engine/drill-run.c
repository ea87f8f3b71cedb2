#include "engine/drills/drill.h"

/* A drill under way, on its caller's thread: one play after the other. */
typedef struct {
  const KelvinDrill *drill;
  char *function_dir;
  GBytes *event;
  gboolean with_fix;
  KelvinLoadFunc func;
  gpointer func_data;
  KelvinDrillPlan plan; /* of the play under way */
  KelvinDrillReport *report;
} Drilling;

static void
step_free (gpointer data)
{
  KelvinDrillStep *step = data;

  g_free (step->what);
  g_free (step);
}

static void
plan_clear (KelvinDrillPlan *plan)
{
  g_clear_pointer (&plan->request.times_ns, g_array_unref);
  g_clear_pointer (&plan->steps, g_ptr_array_unref);
}

static void
play_free (KelvinDrillPlay *play)
{
  g_ptr_array_unref (play->steps);
  kelvin_load_result_free (play->load);
  g_free (play->cause);
  g_free (play);
}

void
kelvin_drill_report_free (KelvinDrillReport *self)
{
  g_clear_pointer (&self->first, play_free);
  g_clear_pointer (&self->fixed, play_free);
  g_free (self);
}

static void
drilling_free (gpointer data)
{
  Drilling *self = data;

  plan_clear (&self->plan);
  g_clear_pointer (&self->report, kelvin_drill_report_free);
  g_clear_pointer (&self->event, g_bytes_unref);
  g_free (self->function_dir);
  g_free (self);
}

static void
make_plan (Drilling *self, KelvinDrillVariant variant)
{
  KelvinDrillPlan *plan = &self->plan;

  plan_clear (plan);
  *plan = (KelvinDrillPlan){
    .request = { .function_dir = self->function_dir,
                 .event = self->event,
                 .pattern = KELVIN_PATTERN_TIMES,
                 .times_ns = g_array_new (FALSE, FALSE, sizeof (gint64)),
                 .seed = self->report->seed,
                 .reserved_concurrency = -1 },
    .play = { .kind = KELVIN_RUN_DRILL, .fresh = TRUE, .step_ns = self->drill->step_ms * 1000000 },
    .steps = g_ptr_array_new_with_free_func (step_free),
  };
  self->drill->plan (plan, variant);
}

static int
compare_steps (gconstpointer a, gconstpointer b)
{
  const KelvinDrillStep *left = *(KelvinDrillStep *const *) a;
  const KelvinDrillStep *right = *(KelvinDrillStep *const *) b;

  return (left->at_ms > right->at_ms) - (left->at_ms < right->at_ms);
}

/* Takes @load. */
static KelvinDrillPlay *
judge (Drilling *self, KelvinLoadResult *load)
{
  KelvinDrillPlay *play = g_new0 (KelvinDrillPlay, 1);

  play->load = load;
  play->harmed = self->drill->is_harmed (load);
  play->cause = self->drill->explain (load);
  if (load->stopped_by != NULL)
    kelvin_drill_plan_say (&self->plan, load->planned_last_ns / 1000000, "it is stopped: %s",
                           load->stopped_by);
  kelvin_drill_plan_say (&self->plan, (load->planned_last_ns + load->planned_drain_ns) / 1000000,
                         "the last event is settled");
  play->steps = g_steal_pointer (&self->plan.steps);
  g_ptr_array_sort (play->steps, compare_steps);

  return play;
}

static void played_cb (GObject *source, GAsyncResult *result, gpointer user_data);

/* Takes @task. */
static void
begin_playing (GTask *task, KelvinDrillVariant variant)
{
  Drilling *self = g_task_get_task_data (task);

  make_plan (self, variant);
  kelvin_load_start (g_task_get_source_object (task), &self->plan.request, &self->plan.play,
                     g_task_get_cancellable (task), self->func, self->func_data, played_cb, task);
}

static void
played_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Drilling *self = g_task_get_task_data (task);
  GError *error = NULL;
  KelvinLoadResult *load = kelvin_engine_load_finish (KELVIN_ENGINE (source), result, &error);

  if (load == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (load->run->status == KELVIN_STATUS_CANCELLED)
    {
      kelvin_load_result_free (load);
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                               "interrupted; what was played is in the history");
      return;
    }
  if (self->report->first == NULL)
    self->report->first = judge (self, load);
  else
    self->report->fixed = judge (self, load);
  if (self->with_fix && self->report->fixed == NULL)
    begin_playing (g_steal_pointer (&task), KELVIN_DRILL_WITH_FIX);
  else
    g_task_return_pointer (task, g_steal_pointer (&self->report),
                           (GDestroyNotify) kelvin_drill_report_free);
}

void
kelvin_engine_drill_async (KelvinEngine *engine, const KelvinDrillRequest *request,
                           GCancellable *cancellable, KelvinLoadFunc func, gpointer func_data,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (engine));

  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, user_data);
  const KelvinDrill *drill = kelvin_drill_find (request->name);
  Drilling *self;

  g_task_set_source_tag (task, kelvin_engine_drill_async);
  if (drill == NULL)
    {
      g_task_return_new_error (task, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT,
                               "there is no drill “%s”; kelvin drill lists them", request->name);
      return;
    }
  self = g_new0 (Drilling, 1);
  self->drill = drill;
  self->function_dir = g_strdup (request->function_dir);
  self->event = request->event != NULL ? g_bytes_ref (request->event) : NULL;
  self->with_fix = request->with_fix;
  self->func = func;
  self->func_data = func_data;
  self->report = g_new0 (KelvinDrillReport, 1);
  self->report->drill = &drill->info;
  self->report->seed = request->seed;
  self->report->step_ms = drill->step_ms;
  g_task_set_task_data (task, self, drilling_free);
  begin_playing (g_steal_pointer (&task), KELVIN_DRILL_AS_IT_IS);
}

KelvinDrillReport *
kelvin_engine_drill_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
