#include "engine/environment/code-store.h"

/* The simplest store: a version is the folder itself, with the configuration's hash. It stands
 * until copies by content take its place. */

struct _KelvinCodeStore {
  GObject p;
};
G_DEFINE_FINAL_TYPE (KelvinCodeStore, kelvin_code_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (kelvin - code - store - error - quark, kelvin_code_store_error)
static void
kelvin_code_store_class_init (KelvinCodeStoreClass *k)
{
}
static void
kelvin_code_store_init (KelvinCodeStore *k)
{
}
KelvinCodeStore *
kelvin_code_store_new (const char *d)
{
  return g_object_new (KELVIN_TYPE_CODE_STORE, NULL);
}
void
kelvin_code_store_take_async (KelvinCodeStore *self, const char *function_dir,
                              GCancellable *cancellable, GAsyncReadyCallback callback,
                              gpointer user_data)
{
  GTask *t = g_task_new (self, cancellable, callback, user_data);
  GError *e = NULL;
  KelvinFunction *f = kelvin_function_load (function_dir, &e);
  if (!f)
    {
      g_task_return_error (t, e);
      g_object_unref (t);
      return;
    }
  KelvinVersionFields fields = { .function = f,
                                 .hash = g_compute_checksum_for_string (
                                     G_CHECKSUM_SHA256, kelvin_function_get_dir (f), -1),
                                 .code_dir = g_strdup (kelvin_function_get_dir (f)),
                                 .trees = g_ptr_array_new () };
  g_task_return_pointer (t, kelvin_version_new (&fields), g_object_unref);
  g_object_unref (t);
}
KelvinVersion *
kelvin_code_store_take_finish (KelvinCodeStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
struct _KelvinCodeWatch {
  GObject p;
};
G_DEFINE_FINAL_TYPE (KelvinCodeWatch, kelvin_code_watch, G_TYPE_OBJECT)
static void
kelvin_code_watch_class_init (KelvinCodeWatchClass *k)
{
  g_signal_new ("changed", KELVIN_TYPE_CODE_WATCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}
static void
kelvin_code_watch_init (KelvinCodeWatch *k)
{
}
KelvinCodeWatch *
kelvin_code_watch_new (const char *d)
{
  return g_object_new (KELVIN_TYPE_CODE_WATCH, NULL);
}
