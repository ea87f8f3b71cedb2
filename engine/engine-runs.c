#include "engine/sequence.h"

/* The facade's calls that are runs. */

#define MOST_SAMPLES 100000

void
kelvin_engine_invoke_async (KelvinEngine *self, const KelvinInvokeRequest *request,
                            GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  KelvinSequenceOptions options = {
    .kind = KELVIN_RUN_INVOKE,
    .function_dir = request->function_dir,
    .event = request->event,
    .event_name = request->event_name,
    .cold = request->cold ? 1 : 0,
    .warm = request->cold ? 0 : 1,
  };

  g_task_set_source_tag (task, kelvin_engine_invoke_async);
  kelvin_sequence_start (self, task, &options);
}

KelvinInvocation *
kelvin_engine_invoke_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  g_autoptr (KelvinProfile) profile = g_task_propagate_pointer (G_TASK (result), error);

  if (profile == NULL)
    return NULL;

  GPtrArray *made = profile->cold->len > 0 ? profile->cold : profile->warm;

  /* Cancelled before anything was asked of an environment. */
  if (made->len == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "cancelled");
      return NULL;
    }
  return kelvin_invocation_ref (g_ptr_array_index (made, 0));
}

void
kelvin_engine_profile_async (KelvinEngine *self, const KelvinProfileRequest *request,
                             GCancellable *cancellable, KelvinProgressFunc progress,
                             gpointer progress_data, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (KELVIN_IS_ENGINE (self));

  GTask *task = g_task_new (self, cancellable, callback, user_data);
  KelvinSequenceOptions options = {
    .kind = KELVIN_RUN_PROFILE,
    .function_dir = request->function_dir,
    .event = request->event,
    .event_name = request->event_name,
    .cold = request->cold,
    .warm = request->warm,
    .imports = request->imports,
    .against = request->against,
    .seed = request->seed,
    .until_percent = request->until_percent,
    .advise = request->imports ? request->advise : 0,
    .progress = progress,
    .progress_data = progress_data,
  };

  g_task_set_source_tag (task, kelvin_engine_profile_async);
  if (request->cold + request->warm == 0 || request->cold > MOST_SAMPLES ||
      request->warm > MOST_SAMPLES)
    {
      g_task_return_new_error (
          task, KELVIN_ENGINE_ERROR, KELVIN_ENGINE_ERROR_BAD_INPUT,
          "%u cold and %u warm can't be measured: from 0 to %d of each, and at "
          "least one",
          request->cold, request->warm, MOST_SAMPLES);
      g_object_unref (task);
      return;
    }
  kelvin_sequence_start (self, task, &options);
}

KelvinProfile *
kelvin_engine_profile_finish (KelvinEngine *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
