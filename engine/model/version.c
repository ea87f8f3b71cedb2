#include "engine/model/version.h"

struct _KelvinVersion {
  GObject parent_instance;

  KelvinVersionFields fields;
};

G_DEFINE_FINAL_TYPE (KelvinVersion, kelvin_version, G_TYPE_OBJECT)

static void
kelvin_version_finalize (GObject *object)
{
  KelvinVersion *self = KELVIN_VERSION (object);

  g_clear_object (&self->fields.function);
  g_clear_pointer (&self->fields.hash, g_free);
  g_clear_pointer (&self->fields.code_dir, g_free);
  g_clear_pointer (&self->fields.trees, g_ptr_array_unref);
  g_clear_pointer (&self->fields.git_commit, g_free);
  g_clear_pointer (&self->fields.git_branch, g_free);

  G_OBJECT_CLASS (kelvin_version_parent_class)->finalize (object);
}

static void
kelvin_version_class_init (KelvinVersionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_version_finalize;
}

static void
kelvin_version_init (KelvinVersion *self)
{
}

KelvinVersion *
kelvin_version_new (KelvinVersionFields *fields)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (fields->function), NULL);
  g_return_val_if_fail (fields->hash != NULL && fields->code_dir != NULL, NULL);

  KelvinVersion *self = g_object_new (KELVIN_TYPE_VERSION, NULL);

  self->fields = *fields;
  *fields = (KelvinVersionFields){ 0 };
  if (self->fields.trees == NULL)
    self->fields.trees =
        g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_dependency_tree_free);

  return self;
}

KelvinFunction *
kelvin_version_get_function (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.function;
}

const char *
kelvin_version_get_hash (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.hash;
}

const char *
kelvin_version_get_code_dir (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.code_dir;
}

GPtrArray *
kelvin_version_get_trees (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.trees;
}

guint64
kelvin_version_get_code_bytes (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), 0);

  return self->fields.code_bytes;
}

const char *
kelvin_version_get_git_commit (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.git_commit;
}

const char *
kelvin_version_get_git_branch (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), NULL);

  return self->fields.git_branch;
}

gboolean
kelvin_version_is_git_clean (KelvinVersion *self)
{
  g_return_val_if_fail (KELVIN_IS_VERSION (self), FALSE);

  return self->fields.git_clean;
}

KelvinDependencyTree *
kelvin_dependency_tree_new (const char *source, const char *relative)
{
  KelvinDependencyTree *self = g_new0 (KelvinDependencyTree, 1);

  self->source = g_strdup (source);
  self->relative = g_strdup (relative);
  return self;
}

void
kelvin_dependency_tree_free (KelvinDependencyTree *self)
{
  g_free (self->source);
  g_free (self->relative);
  g_free (self);
}
