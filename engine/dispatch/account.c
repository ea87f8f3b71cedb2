#include "engine/dispatch/account.h"

/* With no more than this left hardly a file fits. */
#define STORAGE_LEFT_BYTES (64 * 1024)

#include "engine/model/transition.h"

KelvinRun *
kelvin_account_new_run (KelvinRunKind kind, const KelvinTarget *target,
                        const KelvinEnvironmentHost *host, const char *engine_id, gint64 now_us)
{
  KelvinRun *run = kelvin_run_new ();
  KelvinRequestId id = kelvin_request_id_new ();
  KelvinFunction *function = kelvin_version_get_function (target->version);

  run->id = kelvin_request_id_to_string (&id);
  run->engine_id = g_strdup (engine_id);
  run->kind = kind;
  run->status = KELVIN_STATUS_RUNNING;
  run->function_name = g_strdup (kelvin_function_get_name (function));
  run->version = g_strdup (kelvin_version_get_hash (target->version));
  run->git_commit = g_strdup (kelvin_version_get_git_commit (target->version));
  run->git_branch = g_strdup (kelvin_version_get_git_branch (target->version));
  run->git_clean = kelvin_version_is_git_clean (target->version);
  run->note = g_strdup (target->note);
  run->isolation = g_strdup (kelvin_isolation_to_string (host->isolation));
  run->limits = host->limits;
  run->started_at_us = now_us;
  run->ended_at_us = -1;

  return run;
}

static gint64
cost_of (const KelvinDelivery *delivery, KelvinFunction *function, KelvinPriceTable *prices)
{
  KelvinUse use = {
    .init_us = delivery->init_duration_us,
    .duration_us = delivery->duration_us,
    .memory_mb = kelvin_function_get_memory_size_mb (function),
    .ephemeral_mb = kelvin_function_get_ephemeral_storage_mb (function),
    .architecture = kelvin_function_get_architecture (function),
  };

  /* Throttled events aren't billed, nor what Kelvin itself could not run. */
  if (delivery->start == KELVIN_START_NONE || delivery->error != NULL)
    return 0;
  return kelvin_price_table_cost (prices, &use).total_pico_usd;
}

/* Does the answer speak of a module that isn't there? Python's and Node's words, whether raised in
 * init or in the handler. */
static gboolean
misses_a_module (const KelvinDelivery *delivery)
{
  static const char *const words[] = { "No module named", "Cannot find module",
                                       "Cannot find package" };

  if (delivery->status != KELVIN_STATUS_ERROR || delivery->payload == NULL)
    return FALSE;

  gsize length;
  const char *text = g_bytes_get_data (delivery->payload, &length);

  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strstr_len (text, (gssize) length, words[i]) != NULL)
      return TRUE;
  return FALSE;
}

/* Inside it was "No space left on device", which code may have hidden. */
static char *
describe_full_storage (const KelvinDelivery *delivery, const KelvinTarget *target)
{
  KelvinFunction *function = kelvin_version_get_function (target->version);
  guint size_mb = kelvin_function_get_ephemeral_storage_mb (function);

  if (delivery->temporary_peak_bytes + STORAGE_LEFT_BYTES < (gint64) size_mb * 1024 * 1024)
    return NULL;
  return g_strdup_printf ("it filled /tmp, which holds %u MB; a larger EphemeralStorage.Size in "
                          "function.json gives it more",
                          size_mb);
}

/* What a person should know beside the figures; NULL if nothing. */
static char *
make_note (const KelvinDelivery *delivery, const KelvinTarget *target, const char *isolation)
{
  GPtrArray *doors = kelvin_function_get_doors (kelvin_version_get_function (target->version));
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_free);
  char *full = describe_full_storage (delivery, target);

  if (target->note != NULL)
    g_ptr_array_add (notes, g_strdup (target->note));
  if (target->missing != NULL && target->missing[0] != NULL && misses_a_module (delivery))
    g_ptr_array_add (notes, g_strjoinv ("; ", target->missing));
  if (full != NULL)
    g_ptr_array_add (notes, full);
  if (doors->len > 0 && g_strcmp0 (isolation, "process") == 0)
    g_ptr_array_add (notes, g_strdup ("its doors aren't there: they need a sandbox"));
  if (notes->len == 0)
    return NULL;
  g_ptr_array_add (notes, NULL);
  return g_strjoinv ("; ", (char **) notes->pdata);
}

KelvinInvocation *
kelvin_account_new_invocation (const KelvinDelivery *delivery, const KelvinRun *run,
                               const KelvinTarget *target, guint64 environment, guint64 number,
                               KelvinPriceTable *prices, gint64 now_us, gint64 now_ns)
{
  KelvinInvocation *record = kelvin_invocation_new ();
  KelvinFunction *function = kelvin_version_get_function (target->version);

  record->run_id = g_strdup (run->id);
  record->number = number;
  record->request_id = delivery->id;
  record->function_name = g_strdup (kelvin_function_get_name (function));
  record->version = g_strdup (kelvin_version_get_hash (target->version));
  if (environment != 0)
    record->environment = kelvin_environment_format_name (environment);
  record->status = delivery->status;
  record->start = delivery->start;
  record->was_parked = delivery->was_parked;
  record->status_code = delivery->status == KELVIN_STATUS_THROTTLED ? 429 : 200;
  record->function_error = delivery->function_error ? g_strdup ("Unhandled") : NULL;
  record->error_type = g_strdup (delivery->error_type);
  record->started_at_us = now_us - (now_ns - delivery->arrived_ns) / 1000;
  record->phases = delivery->phases;
  record->init_duration_us = delivery->init_duration_us;
  record->duration_us = delivery->duration_us;
  record->billed_duration_ms = kelvin_delivery_get_billed_ms (delivery);
  record->cpu_us = delivery->cpu_us;
  record->memory_size_mb = kelvin_function_get_memory_size_mb (function);
  record->memory_peak_bytes = delivery->memory_peak_bytes;
  record->init_memory_peak_bytes = delivery->init_memory_peak_bytes;
  record->environment_memory_peak_bytes = delivery->environment_memory_peak_bytes;
  record->temporary_peak_bytes = delivery->temporary_peak_bytes;
  record->temporary_size_mb = kelvin_function_get_ephemeral_storage_mb (function);
  record->throttled_us = delivery->throttled_us;
  record->isolation = g_intern_string (run->isolation);
  record->limits = run->limits;
  record->cgroup_peak_bytes = delivery->cgroup_peak_bytes;
  record->cost_pico_usd = cost_of (delivery, function, prices);
  record->event = g_bytes_ref (delivery->event);
  record->payload = delivery->payload != NULL ? g_bytes_ref (delivery->payload) : NULL;
  record->log = kelvin_attempt_log_to_text (delivery->log);
  record->log_omitted_bytes = kelvin_attempt_log_get_omitted_bytes (delivery->log);
  record->note = make_note (delivery, target, run->isolation);
  record->connections =
      delivery->connections != NULL ? g_ptr_array_ref (delivery->connections) : NULL;
  record->connections_omitted = delivery->connections_omitted;
  record->refused = delivery->refused != NULL ? g_ptr_array_ref (delivery->refused) : NULL;
  record->refused_omitted = delivery->refused_omitted;

  return record;
}
