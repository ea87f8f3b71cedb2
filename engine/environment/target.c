#include "engine/environment/target.h"

KelvinTarget *
kelvin_target_new (KelvinVersion *version, KelvinInterpreter *interpreter, char *note,
                   char **missing)
{
  KelvinTarget *self = g_new0 (KelvinTarget, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->version = version;
  self->interpreter = interpreter;
  self->note = note;
  self->missing = missing;

  return self;
}

KelvinTarget *
kelvin_target_ref (KelvinTarget *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
kelvin_target_unref (KelvinTarget *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_object_unref (self->version);
  g_clear_pointer (&self->interpreter, kelvin_interpreter_free);
  g_free (self->note);
  g_strfreev (self->missing);
  g_free (self);
}

static GPtrArray *
copy_trees (GPtrArray *trees)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_dependency_tree_free);

  for (guint i = 0; trees != NULL && i < trees->len; i++)
    {
      const KelvinDependencyTree *tree = trees->pdata[i];

      g_ptr_array_add (copy, kelvin_dependency_tree_new (tree->source, tree->relative));
    }
  return copy;
}

KelvinTarget *
kelvin_target_new_variant (KelvinTarget *base, KelvinFunction *function, const char *code_dir,
                           guint number)
{
  KelvinVersion *version = base->version;
  KelvinVersionFields fields = {
    .function = g_object_ref (function != NULL ? function : kelvin_version_get_function (version)),
    .hash = g_strdup_printf ("%.60s-%03u", kelvin_version_get_hash (version), number),
    .code_dir = g_strdup (code_dir != NULL ? code_dir : kelvin_version_get_code_dir (version)),
    .trees = copy_trees (kelvin_version_get_trees (version)),
  };

  return kelvin_target_new (kelvin_version_new (&fields),
                            base->interpreter != NULL ? kelvin_interpreter_copy (base->interpreter)
                                                      : NULL,
                            g_strdup (base->note), g_strdupv (base->missing));
}

/* With what every run should say of a function that reaches more than its doors. Takes @note. */
static char *
add_network (char *note, KelvinFunction *function)
{
  g_autofree char *before = note;

  if (!g_str_equal (kelvin_function_get_network (function), "internet"))
    return g_steal_pointer (&before);
  return before != NULL ? g_strdup_printf ("%s; network: internet", before)
                        : g_strdup ("network: internet");
}

/* The second step: an interpreter that isn't known yet is started once, which blocks. */
static void
find_interpreter_in_thread (GTask *task, gpointer source, gpointer task_data,
                            GCancellable *cancellable)
{
  KelvinVersion *version = task_data;
  KelvinFunction *function = kelvin_version_get_function (version);
  GError *error = NULL;
  g_autofree char *note = NULL;
  KelvinInterpreter *interpreter =
      kelvin_interpreter_find (kelvin_function_get_runtime (function), cancellable, &note, &error);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task,
                           kelvin_target_new (g_object_ref (version), interpreter,
                                              add_network (g_steal_pointer (&note), function),
                                              kelvin_code_store_find_missing_modules (function)),
                           (GDestroyNotify) kelvin_target_unref);
}

static void
version_taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  KelvinVersion *version =
      kelvin_code_store_take_finish (KELVIN_CODE_STORE (source), result, &error);

  if (version == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_set_task_data (task, version, g_object_unref);
  g_task_run_in_thread (task, find_interpreter_in_thread);
}

void
kelvin_target_prepare_async (KelvinCodeStore *store, const char *function_dir,
                             GCancellable *cancellable, GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);

  g_task_set_source_tag (task, kelvin_target_prepare_async);
  kelvin_code_store_take_async (store, function_dir, cancellable, version_taken_cb,
                                g_steal_pointer (&task));
}

KelvinTarget *
kelvin_target_prepare_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
