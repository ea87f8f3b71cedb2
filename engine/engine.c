#include "engine/engine-private.h"

#include "engine/environment/examine.h"
#include "engine/environment/git-checkout.h"
#include "engine/environment/limit-mechanisms.h"
#include "engine/install-paths.h"
#include "engine/process-folder.h"

#include <errno.h>
#include <sys/resource.h>

typedef struct {
  KelvinEngine *engine;
  GTask *task;
  KelvinEngineFunc func;
} Job;

/* How long an answer to the last function is waited for at a time. */
#define BUSY_NS (G_GINT64_CONSTANT (1) * 1000000)

G_DEFINE_FINAL_TYPE (KelvinEngine, kelvin_engine, G_TYPE_OBJECT)
G_DEFINE_QUARK (kelvin - engine - error - quark, kelvin_engine_error)

/* --- jobs for the engine thread --- */

static void
job_free (Job *job)
{
  g_object_unref (job->engine);
  g_clear_object (&job->task);
  g_free (job);
}

static void
job_run (Job *job)
{
  KelvinEngine *self = job->engine;

  if (self->open_error != NULL)
    g_task_return_error (job->task, g_error_copy (self->open_error));
  else if (self->closing)
    g_task_return_new_error (job->task, G_IO_ERROR, G_IO_ERROR_CLOSED, "Kelvin is closing");
  else
    job->func (self, job->task);
  job_free (job);
}

static gboolean
job_cb (gpointer user_data)
{
  Job *job = user_data;

  if (job->engine->opened)
    job_run (job);
  else
    g_queue_push_tail (&job->engine->waiting, job);
  return G_SOURCE_REMOVE;
}

void
kelvin_engine_call (KelvinEngine *self, GTask *task, KelvinEngineFunc func)
{
  Job *job = g_new0 (Job, 1);

  job->engine = g_object_ref (self);
  job->task = task;
  job->func = func;
  g_main_context_invoke (self->context, job_cb, job);
}

GError *
kelvin_engine_translate_error (GError *error)
{
  KelvinEngineError code = KELVIN_ENGINE_ERROR_CANNOT_RUN;
  GError *translated;

  if (error->domain == KELVIN_ENGINE_ERROR ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return error;
  if (error->domain == KELVIN_FUNCTION_ERROR || error->domain == KELVIN_INTERPRETER_ERROR ||
      g_error_matches (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_TOO_LARGE) ||
      g_error_matches (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_GONE) ||
      g_error_matches (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_NO_WORK_TREE) ||
      g_error_matches (error, KELVIN_GIT_ERROR, KELVIN_GIT_ERROR_NO_SUCH_REF) ||
      g_error_matches (error, KELVIN_PRICE_ERROR, KELVIN_PRICE_ERROR_INVALID))
    code = KELVIN_ENGINE_ERROR_BAD_INPUT;
  translated = g_error_new_literal (KELVIN_ENGINE_ERROR, code, error->message);
  g_error_free (error);

  return translated;
}

/* --- opening --- */

static KelvinPriceTable *
load_prices (KelvinEngine *self, GError **error)
{
  g_autofree char *own = g_build_filename (self->data_dir, "prices.json", NULL);
  g_autofree char *shipped = g_build_filename (kelvin_path_data (), "prices.json", NULL);

  return kelvin_price_table_load (g_file_test (own, G_FILE_TEST_EXISTS) ? own : shipped, error);
}

typedef struct {
  KelvinStore *store;
  KelvinPriceTable *prices;
} Opened;

static void
opened_free (Opened *opened)
{
  g_clear_object (&opened->store);
  g_clear_pointer (&opened->prices, kelvin_price_table_free);
  g_free (opened);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opened, opened_free)

static void
open_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KelvinEngine *self = source; /* data_dir and payloads alone: they don't change */
  g_autoptr (Opened) opened = g_new0 (Opened, 1);
  GError *error = NULL;

  opened->prices = load_prices (self, &error);
  if (opened->prices != NULL)
    opened->store = kelvin_store_open (self->data_dir, self->payloads, &error);
  if (opened->store != NULL)
    kelvin_process_folder_sweep (self->data_dir);
  if (opened->store == NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&opened), (GDestroyNotify) opened_free);
}

static void
run_waiting (KelvinEngine *self)
{
  Job *job;

  while ((job = g_queue_pop_head (&self->waiting)) != NULL)
    job_run (job);
}

/* Of the store and of the launcher. */
static void
end_opening (KelvinEngine *self)
{
  if (--self->openings > 0)
    return;
  self->opened = TRUE;
  run_waiting (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  KelvinEngine *self = KELVIN_ENGINE (source);
  GError *error = NULL;
  g_autoptr (Opened) opened = g_task_propagate_pointer (G_TASK (result), &error);

  if (opened == NULL)
    {
      self->open_error = kelvin_engine_translate_error (error);
    }
  else
    {
      self->prices = g_steal_pointer (&opened->prices);
      self->process_folder =
          kelvin_process_folder_name (self->data_dir, kelvin_store_get_engine_id (opened->store));
      self->host.process_folder = self->process_folder;
      g_atomic_pointer_set (&self->store, g_steal_pointer (&opened->store));
    }
  end_opening (self);
}

static void
set_limits (KelvinEngine *self)
{
  self->host.limits =
      kelvin_limit_mechanisms (kelvin_launcher_get_limits (self->launcher), self->host.isolation);
}

static void
gained_groups_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinEngine) self = user_data;

  kelvin_launcher_gain_groups_finish (result);
  set_limits (self);
  end_opening (self);
}

static gboolean
open_cb (gpointer user_data)
{
  KelvinEngine *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, opened_cb, NULL);

  self->openings = 1;
  g_task_run_in_thread (task, open_in_thread);
  if (self->launcher != NULL)
    {
      self->openings++;
      kelvin_launcher_gain_groups_async (self->launcher, gained_groups_cb, g_object_ref (self));
    }
  return G_SOURCE_REMOVE;
}

static gpointer
engine_thread (gpointer user_data)
{
  KelvinEngine *self = user_data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

/* Four descriptors an environment: a thousand of them pass the soft limit of most sessions. */
static void
raise_descriptor_limit (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur == limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) < 0)
    g_debug ("the limit of descriptors stays as it is: %s", g_strerror (errno));
}

static void
environment_moved_cb (const char *run_id, const KelvinTransition *transition, gpointer user_data)
{
  KelvinEngine *self = user_data;

  kelvin_store_put_transitions (self->store, run_id, transition, 1);
  kelvin_engine_tell_loads (self, run_id, transition);
}

KelvinEngine *
kelvin_engine_new (const KelvinEngineOptions *options)
{
  KelvinEngine *self = g_object_new (KELVIN_TYPE_ENGINE, NULL);

  self->data_dir = kelvin_path_user_data (options->data_dir);
  self->payloads = options->payloads;
  raise_descriptor_limit ();

  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->poller = kelvin_poller_new (self->context);
  self->clock = kelvin_clock_new (self->context, KELVIN_CLOCK_REAL);
  /* Early, while there are few threads and little memory to copy. */
  self->launcher =
      kelvin_launcher_new (kelvin_path_launcher (), self->poller, &self->launcher_error);
  self->doors = kelvin_door_keeper_new ();
  self->own_endpoint = kelvin_own_endpoint_new (self->doors);
  self->host = (KelvinEnvironmentHost){
    .poller = self->poller,
    .clock = self->clock,
    .launcher = self->launcher,
    .doors = self->doors,
    .isolation = options->isolation,
  };
  self->dispatcher = kelvin_dispatcher_new (&self->host, environment_moved_cb, self);
  self->code_store = kelvin_code_store_new (self->data_dir);
  self->loads = g_ptr_array_new ();

  self->thread = g_thread_new ("kelvin-engine", engine_thread, self);
  g_main_context_invoke (self->context, open_cb, self);

  return self;
}

static void
wait_open (KelvinEngine *self, GTask *task)
{
  g_task_return_boolean (task, TRUE);
}

void
kelvin_engine_wait_open_async (KelvinEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, kelvin_engine_wait_open_async);
  kelvin_engine_call (self, task, wait_open);
}

gboolean
kelvin_engine_wait_open_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

KelvinStore *
kelvin_engine_get_store (KelvinEngine *self)
{
  return g_atomic_pointer_get (&self->store);
}

/* Set before the store is, and never again. */
KelvinPriceTable *
kelvin_engine_get_prices (KelvinEngine *self)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (self), NULL);

  return kelvin_engine_get_store (self) != NULL ? self->prices : NULL;
}

/* --- closing --- */

static void
close_store_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  KelvinEngine *self = source;

  if (self->process_folder != NULL)
    kelvin_process_folder_remove (self->process_folder);
  if (self->store != NULL)
    kelvin_store_close (self->store);
  g_task_return_boolean (task, TRUE);
}

static void
all_dead_cb (gpointer user_data)
{
  KelvinEngine *self = user_data;

  if (kelvin_own_endpoint_is_busy (self->own_endpoint))
    {
      kelvin_clock_add (self->clock, KELVIN_TIME_MONOTONIC, BUSY_NS, all_dead_cb, self);
      return;
    }
  g_clear_pointer (&self->own_endpoint, kelvin_own_endpoint_free);
  g_autoptr (GTask) task = g_steal_pointer (&self->close_task);

  g_task_run_in_thread (task, close_store_in_thread);
}

static gboolean
close_cb (gpointer user_data)
{
  KelvinEngine *self = user_data;

  self->closing = TRUE;
  kelvin_dispatcher_close (self->dispatcher, all_dead_cb, self);
  return G_SOURCE_REMOVE;
}

void
kelvin_engine_close_async (KelvinEngine *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (self));
  g_return_if_fail (self->close_task == NULL);

  self->close_task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->close_task, kelvin_engine_close_async);
  g_main_context_invoke (self->context, close_cb, self);
}

gboolean
kelvin_engine_close_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
quit_cb (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
kelvin_engine_finalize (GObject *object)
{
  KelvinEngine *self = KELVIN_ENGINE (object);

  g_main_context_invoke (self->context, quit_cb, self->loop);
  /* The last reference may be dropped by the thread itself, which can't wait for its own end. */
  if (g_thread_self () == self->thread)
    g_thread_unref (self->thread);
  else
    g_thread_join (self->thread);
  kelvin_dispatcher_free (self->dispatcher);
  g_clear_pointer (&self->own_endpoint, kelvin_own_endpoint_free);
  kelvin_door_keeper_free (self->doors);
  g_clear_pointer (&self->launcher, kelvin_launcher_free);
  g_clear_error (&self->launcher_error);
  g_clear_object (&self->code_store);
  g_clear_pointer (&self->loads, g_ptr_array_unref);
  g_clear_pointer (&self->prices, kelvin_price_table_free);
  g_clear_object (&self->store);
  kelvin_clock_free (self->clock);
  kelvin_poller_free (self->poller);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_clear_error (&self->open_error);
  g_free (self->process_folder);
  g_free (self->data_dir);

  G_OBJECT_CLASS (kelvin_engine_parent_class)->finalize (object);
}

static void
kelvin_engine_class_init (KelvinEngineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_engine_finalize;
}

static void
kelvin_engine_init (KelvinEngine *self)
{
  g_queue_init (&self->waiting);
}

/* --- doctor --- */

static void
examine_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, kelvin_examine_machine (kelvin_path_launcher (), cancellable),
                         (GDestroyNotify) kelvin_machine_free);
}

void
kelvin_engine_examine_async (KelvinEngine *self, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, kelvin_engine_examine_async);
  g_task_run_in_thread (task, examine_in_thread);
}

KelvinMachine *
kelvin_engine_examine_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- changes --- */

/* A file that was touched and is the same makes no new version: that one's environments stay. */
static void
changed_version_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  KelvinEngine *self = g_task_get_source_object (task);
  g_autoptr (KelvinTarget) target = kelvin_target_prepare_finish (result, NULL);

  /* Where none can be made, the next invoke says why. */
  if (target != NULL && !self->closing)
    kelvin_dispatcher_retire (
        self->dispatcher, kelvin_function_get_dir (kelvin_version_get_function (target->version)),
        kelvin_version_get_hash (target->version), "files changed");
  g_task_return_boolean (task, TRUE);
}

static void
function_changed (KelvinEngine *self, GTask *task)
{
  kelvin_target_prepare_async (self->code_store, g_task_get_task_data (task), NULL,
                               changed_version_cb, g_object_ref (task));
}

void
kelvin_engine_function_changed (KelvinEngine *self, const char *function_dir)
{
  GTask *task = g_task_new (self, NULL, NULL, NULL);

  g_task_set_source_tag (task, kelvin_engine_function_changed);
  g_task_set_task_data (task, g_strdup (function_dir), g_free);
  kelvin_engine_call (self, task, function_changed);
}
