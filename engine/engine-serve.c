#include "engine/engine-private.h"

#include <string.h>

#include "engine/dispatch/account.h"
#include "engine/dispatch/tally.h"
#include "engine/environment/variables.h"
#include "engine/events/endpoint.h"

typedef struct _Serve Serve;

/* A function that is served: its target is made anew when its files change. */
typedef struct {
  Serve *serve;
  char *dir;
  KelvinTarget *target; /* NULL until the first one stands */
  KelvinCodeWatch *watch;
  gboolean stale; /* files changed since the target was asked for */
  gboolean preparing;
  GError *error;  /* why there is no target */
  GQueue waiting; /* of KelvinEndpointCall: came while the target was being made */
} Served;

/* The data of its task, which is referred to from `begin` to `done`. */
struct _Serve {
  KelvinEngine *engine;
  GTask *task;
  char **dirs;
  char *host;
  guint port;
  KelvinServeReadyFunc ready;
  gpointer ready_data;
  GMainContext *caller;

  GPtrArray *served;   /* in the order of the command line */
  GHashTable *by_name; /* name → Served, not owned */
  KelvinEndpoint *endpoint;
  KelvinRun *run;
  KelvinTally *tally;
  GSource *cancel;
  gboolean draining;
  gboolean ending;       /* drained; only the history is waited for */
  KelvinTimer *patience; /* with callers that don't take their answers; NULL: not needed */
  gboolean patience_over;
  guint in_flight;
  guint64 number;
  gint64 run_written_ns;
};

/* An Invoke call on its way through an environment. */
typedef struct {
  Served *served;
  KelvinTarget *target;
  KelvinEndpointCall *call; /* NULL once answered */
} Invocation;

/* The run's row is brought up to date this often while it serves. */
#define RUN_WRITTEN_NS (G_GINT64_CONSTANT (1000000000))
/* A caller that doesn't take its answer can't hold up the end for longer. */
#define PATIENCE_NS (G_GINT64_CONSTANT (5) * 1000000000)

static void prepare (Served *served);

static void
served_free (Served *served)
{
  g_assert (g_queue_is_empty (&served->waiting));
  g_clear_object (&served->watch);
  g_clear_pointer (&served->target, kelvin_target_unref);
  g_clear_error (&served->error);
  g_free (served->dir);
  g_free (served);
}

static void
serve_free (gpointer user_data)
{
  Serve *self = user_data;

  g_clear_pointer (&self->tally, kelvin_tally_free);
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_main_context_unref (self->caller);
  g_strfreev (self->dirs);
  g_free (self->host);
  g_object_unref (self->engine);
  g_free (self);
}

/* The last thing that the engine thread does with it. */
static void
done (Serve *self)
{
  if (self->cancel != NULL)
    g_source_destroy (self->cancel);
  g_clear_pointer (&self->cancel, g_source_unref);
  g_clear_pointer (&self->patience, kelvin_timer_cancel);
  if (self->endpoint != NULL)
    kelvin_door_keeper_set_endpoint (self->engine->doors, NULL);
  g_clear_pointer (&self->endpoint, kelvin_endpoint_free);
  g_clear_pointer (&self->by_name, g_hash_table_unref);
  g_clear_pointer (&self->served, g_ptr_array_unref);
  g_object_unref (self->task);
}

static void
fail (Serve *self, GError *error)
{
  g_task_return_error (self->task, kelvin_engine_translate_error (error));
  done (self);
}

/* --- the end --- */

static void
flushed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Serve *self = user_data;
  GError *error = NULL;

  if (!kelvin_store_flush_finish (KELVIN_STORE (source), result, &error))
    {
      fail (self, error);
      return;
    }
  g_task_return_boolean (self->task, TRUE);
  done (self);
}

static void end_if_drained (Serve *self);

static void
patience_over_cb (gpointer user_data)
{
  Serve *self = user_data;

  self->patience = NULL;
  self->patience_over = TRUE;
  end_if_drained (self);
}

static void
wait_for_answers (Serve *self)
{
  if (self->patience == NULL)
    self->patience = kelvin_clock_add (self->engine->clock, KELVIN_TIME_MONOTONIC, PATIENCE_NS,
                                       patience_over_cb, self);
}

static void
end_if_drained (Serve *self)
{
  if (!self->draining || self->ending || self->in_flight > 0 ||
      kelvin_endpoint_has_calls (self->endpoint))
    return;
  if (!self->patience_over && kelvin_endpoint_has_answers (self->endpoint))
    {
      wait_for_answers (self);
      return;
    }
  self->ending = TRUE;
  kelvin_tally_end_run (self->tally, kelvin_clock_real_us (self->engine->clock));
  kelvin_store_put_run (self->engine->store, self->run);
  kelvin_store_flush_async (self->engine->store, flushed_cb, self);
}

static void
eased_cb (gpointer user_data)
{
  end_if_drained (user_data);
}

static gboolean
cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  Serve *self = user_data;

  if (self->draining)
    return G_SOURCE_REMOVE;
  self->draining = TRUE;
  kelvin_endpoint_stop (self->endpoint, eased_cb);
  end_if_drained (self);

  return G_SOURCE_REMOVE;
}

/* --- invocations --- */

static void
keep_record (Invocation *invocation, const KelvinDelivery *delivery, guint64 environment)
{
  Serve *self = invocation->served->serve;
  KelvinEngine *engine = self->engine;
  gint64 now_ns = kelvin_clock_now_ns (engine->clock);
  g_autoptr (KelvinInvocation) record = kelvin_account_new_invocation (
      delivery, self->run, invocation->target, environment, ++self->number, engine->prices,
      kelvin_clock_real_us (engine->clock), now_ns);

  kelvin_tally_add (self->tally, record);
  kelvin_store_put_invocation (engine->store, record);
  if (now_ns - self->run_written_ns < RUN_WRITTEN_NS)
    return;
  self->run_written_ns = now_ns;
  kelvin_store_put_run (engine->store, self->run);
}

/* NULL for @log where the caller didn't ask. */
static void
answer (Invocation *invocation, const KelvinDelivery *delivery, const char *log)
{
  KelvinEndpointCall *call = g_steal_pointer (&invocation->call);

  if (delivery->error != NULL)
    kelvin_endpoint_call_refuse (call, 500, "ServiceException", delivery->error->message);
  else if (delivery->status == KELVIN_STATUS_THROTTLED)
    kelvin_endpoint_call_answer_throttled (call, delivery->id_text, delivery->payload);
  else if (delivery->payload == NULL)
    kelvin_endpoint_call_refuse (call, 500, "ServiceException", "Kelvin is ending");
  else
    kelvin_endpoint_call_answer (call, delivery->id_text, delivery->trace_id, delivery->payload,
                                 delivery->function_error, log);
}

/* A log that was asked for is whole only when the attempt has settled. */
static void
responded_cb (KelvinCall *call, const KelvinDelivery *delivery, gpointer user_data)
{
  Invocation *invocation = user_data;

  if (!kelvin_endpoint_call_wants_log (invocation->call))
    answer (invocation, delivery, NULL);
}

static void
settled_cb (KelvinCall *call, const KelvinDelivery *delivery, guint64 environment,
            gpointer user_data)
{
  Invocation *invocation = user_data;
  Serve *self = invocation->served->serve;

  if (invocation->call != NULL)
    {
      g_autofree char *log = kelvin_attempt_log_to_text (delivery->log);

      answer (invocation, delivery, log);
    }
  if (delivery->error == NULL)
    keep_record (invocation, delivery, environment);
  kelvin_target_unref (invocation->target);
  g_free (invocation);
  self->in_flight--;
  end_if_drained (self);
}

static const KelvinCallEvents call_events = {
  .responded = responded_cb,
  .settled = settled_cb,
};

static void
invoke (Served *served, KelvinEndpointCall *call)
{
  Serve *self = served->serve;
  Invocation *invocation = g_new0 (Invocation, 1);
  KelvinCallRequest request = {
    .target = served->target,
    .run_id = self->run->id,
    .event = kelvin_endpoint_call_get_event (call),
    .client_context = kelvin_endpoint_call_get_client_context (call),
    .trace_id = kelvin_endpoint_call_get_trace_id (call),
  };

  invocation->served = served;
  invocation->target = kelvin_target_ref (served->target);
  invocation->call = call;
  self->in_flight++;
  kelvin_dispatcher_invoke (self->engine->dispatcher, &request, &call_events, invocation);
}

static void
refuse_unknown (KelvinEndpointCall *call)
{
  const char *qualifier = kelvin_endpoint_call_get_qualifier (call);
  g_autofree char *message =
      g_strdup_printf ("Function not found: arn:aws:lambda:%s:" KELVIN_ACCOUNT_ID ":function:%s:%s",
                       kelvin_region (), kelvin_endpoint_call_get_function (call),
                       qualifier != NULL ? qualifier : "$LATEST");

  kelvin_endpoint_call_refuse (call, 404, "ResourceNotFoundException", message);
}

static void
endpoint_cb (KelvinEndpointCall *call, gpointer user_data)
{
  Serve *self = user_data;
  const char *qualifier = kelvin_endpoint_call_get_qualifier (call);
  Served *served = g_hash_table_lookup (self->by_name, kelvin_endpoint_call_get_function (call));

  if (served == NULL || (qualifier != NULL && strcmp (qualifier, "$LATEST") != 0))
    {
      refuse_unknown (call);
      return;
    }
  if (kelvin_endpoint_call_get_invocation_type (call) == KELVIN_INVOCATION_DRY_RUN)
    {
      kelvin_endpoint_call_answer_dry_run (call);
      return;
    }
  if (!served->stale && !served->preparing)
    {
      invoke (served, call);
      return;
    }
  self->in_flight++;
  g_queue_push_tail (&served->waiting, call);
  prepare (served);
}

/* --- targets --- */

static void
take_waiting (Served *served)
{
  KelvinEndpointCall *call;

  while ((call = g_queue_pop_head (&served->waiting)) != NULL)
    {
      served->serve->in_flight--;
      if (served->error == NULL)
        invoke (served, call);
      else
        kelvin_endpoint_call_refuse (call, 502, "InvalidRuntimeException", served->error->message);
    }
  end_if_drained (served->serve);
}

/* What stands in Kelvin.ProvisionedConcurrentExecutions, of the version that is served now. */
static void
provision (Served *served)
{
  Serve *self = served->serve;
  KelvinFunction *function = kelvin_version_get_function (served->target->version);

  kelvin_dispatcher_provision (self->engine->dispatcher, served->target, self->run->id,
                               kelvin_function_get_provisioned_concurrency (function));
}

static void
prepared_again_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Served *served = user_data;
  KelvinEngine *engine = served->serve->engine;
  KelvinTarget *target;

  served->preparing = FALSE;
  g_clear_error (&served->error);
  target = kelvin_target_prepare_finish (result, &served->error);
  if (target == NULL)
    {
      served->stale = TRUE;
    }
  else
    {
      kelvin_target_unref (served->target);
      served->target = target;
      kelvin_dispatcher_retire (engine->dispatcher, served->dir,
                                kelvin_version_get_hash (target->version), "new version");
      if (!served->serve->draining)
        provision (served);
    }
  served->serve->in_flight--;
  take_waiting (served);
}

static void
prepare (Served *served)
{
  if (served->preparing)
    return;
  served->preparing = TRUE;
  served->stale = FALSE;
  served->serve->in_flight++;
  kelvin_target_prepare_async (served->serve->engine->code_store, served->dir, NULL,
                               prepared_again_cb, served);
}

static void
changed_cb (KelvinCodeWatch *watch, gpointer user_data)
{
  Served *served = user_data;

  served->stale = TRUE;
}

/* --- the beginning --- */

typedef struct {
  GTask *task; /* keeps the caller's data */
  KelvinServeReadyFunc ready;
  gpointer user_data;
  char *url;
} Telling;

static gboolean
tell_ready_cb (gpointer user_data)
{
  Telling *telling = user_data;

  telling->ready (telling->url, telling->user_data);
  return G_SOURCE_REMOVE;
}

static void
telling_free (gpointer user_data)
{
  Telling *telling = user_data;

  g_object_unref (telling->task);
  g_free (telling->url);
  g_free (telling);
}

/* Takes @url. */
static void
tell_ready (Serve *self, char *url)
{
  Telling *telling = g_new0 (Telling, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  telling->task = g_object_ref (self->task);
  telling->ready = self->ready;
  telling->user_data = self->ready_data;
  telling->url = url;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_ready_cb, telling, telling_free);
  g_source_attach (source, self->caller);
}

/* One run for all that is served: it has the name and version of the function if there is only one.
 */
static void
begin_run (Serve *self)
{
  KelvinEngine *engine = self->engine;
  Served *first = g_ptr_array_index (self->served, 0);

  self->run = kelvin_account_new_run (KELVIN_RUN_SERVE, first->target, &engine->host,
                                      kelvin_store_get_engine_id (engine->store),
                                      kelvin_clock_real_us (engine->clock));
  if (self->served->len > 1)
    {
      g_free (self->run->function_name);
      g_free (self->run->version);
      self->run->function_name = g_strdup ("");
      self->run->version = g_strdup ("");
    }
  self->run->started_at_ns = kelvin_clock_now_ns (engine->clock);
  self->tally = kelvin_tally_new (self->run);
  kelvin_store_put_run (engine->store, self->run);
}

/* Where functions reach what is served, by their AWS_ENDPOINT_URL. */
static void
lead_functions_here (Serve *self, const char *url)
{
  g_autoptr (GString) address = g_string_new (url + strlen ("http://"));

  /* What listens on all addresses listens on the machine's own. */
  g_string_replace (address, "0.0.0.0:", "127.0.0.1:", 1);
  g_string_replace (address, "[::]:", "[::1]:", 1);
  kelvin_door_keeper_set_endpoint (self->engine->doors, address->str);
}

static void
listen_now (Serve *self)
{
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  GError *error = NULL;
  char *url = NULL;

  self->endpoint = kelvin_endpoint_new (endpoint_cb, self);
  if (!kelvin_endpoint_listen (self->endpoint, self->host, self->port, &url, &error))
    {
      fail (self, error);
      return;
    }
  lead_functions_here (self, url);
  begin_run (self);
  for (guint i = 0; i < self->served->len; i++)
    provision (g_ptr_array_index (self->served, i));
  tell_ready (self, url);
  if (cancellable == NULL)
    return;
  self->cancel = g_cancellable_source_new (cancellable);
  g_source_set_callback (self->cancel, G_SOURCE_FUNC (cancelled_cb), self, NULL);
  g_source_attach (self->cancel, self->engine->context);
}

static void prepare_next (Serve *self);

static gboolean
add_served (Serve *self, Served *served, GError **error)
{
  KelvinFunction *function = kelvin_version_get_function (served->target->version);
  const char *name = kelvin_function_get_name (function);
  Served *other = g_hash_table_lookup (self->by_name, name);

  if (other != NULL)
    {
      g_set_error (error, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT,
                   "%s and %s are both named %s: give one of them another FunctionName", other->dir,
                   served->dir, name);
      return FALSE;
    }
  g_free (served->dir);
  served->dir = g_strdup (kelvin_function_get_dir (function));
  served->watch = kelvin_code_watch_new (served->dir);
  g_signal_connect (served->watch, "changed", G_CALLBACK (changed_cb), served);
  g_hash_table_insert (self->by_name, g_strdup (name), served);

  return TRUE;
}

static void
prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Served *served = user_data;
  Serve *self = served->serve;
  GError *error = NULL;

  served->target = kelvin_target_prepare_finish (result, &error);
  if (served->target == NULL || !add_served (self, served, &error))
    fail (self, error);
  else
    prepare_next (self);
}

static void
prepare_next (Serve *self)
{
  const char *dir = self->dirs[self->served->len];

  if (dir == NULL)
    {
      listen_now (self);
      return;
    }

  Served *served = g_new0 (Served, 1);

  served->serve = self;
  served->dir = g_strdup (dir);
  g_queue_init (&served->waiting);
  g_ptr_array_add (self->served, served);
  kelvin_target_prepare_async (self->engine->code_store, dir, g_task_get_cancellable (self->task),
                               prepared_cb, served);
}

static void
begin (KelvinEngine *engine, GTask *task)
{
  Serve *self = g_task_get_task_data (task);

  g_object_ref (task);
  if (engine->launcher == NULL)
    fail (self, g_error_copy (engine->launcher_error));
  else
    prepare_next (self);
}

void
kelvin_engine_serve_async (KelvinEngine *engine, const char *const *function_dirs, const char *host,
                           guint port, GCancellable *cancellable, KelvinServeReadyFunc ready,
                           gpointer ready_data, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (engine));
  g_return_if_fail (function_dirs != NULL && function_dirs[0] != NULL);

  Serve *self = g_new0 (Serve, 1);
  GTask *task = g_task_new (engine, cancellable, callback, user_data);

  self->engine = g_object_ref (engine);
  self->task = task;
  self->dirs = g_strdupv ((char **) function_dirs);
  self->host = g_strdup (host);
  self->port = port;
  self->ready = ready;
  self->ready_data = ready_data;
  self->caller = g_main_context_ref_thread_default ();
  self->served = g_ptr_array_new_with_free_func ((GDestroyNotify) served_free);
  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_task_set_source_tag (task, kelvin_engine_serve_async);
  g_task_set_task_data (task, self, serve_free);
  /* Cancelling is how serving ends well. */
  g_task_set_check_cancellable (task, FALSE);
  kelvin_engine_call (engine, task, begin);
}

gboolean
kelvin_engine_serve_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
