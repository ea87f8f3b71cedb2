/* Layers at /opt: a file of a later one stands before that of an earlier one, and folders of the
 * same name become one. A file system that merges (overlayfs) isn't there for every user. */

#include "engine/environment/sandbox-plan-private.h"

#include "engine/environment/launcher.h"

#define TARGET "/opt"

/* Folders inside folders: a layer's own paths are far shorter. */
#define DEEPEST 32

static gboolean merge (KelvinSandboxPlan *plan, GPtrArray *folders, const char *target, guint depth,
                       GError **error);

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static gboolean
add_names (GHashTable *names, const char *folder, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);

  if (dir == NULL)
    return FALSE;
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    g_hash_table_add (names, g_strdup (name));
  return TRUE;
}

/* Of all @folders, in the order of the alphabet: a plan is the same each time. */
static GPtrArray *
list_names (GPtrArray *folders, GError **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *sorted = NULL;
  GHashTableIter iter;
  gpointer name = NULL;

  for (guint i = 0; i < folders->len; i++)
    if (!add_names (names, folders->pdata[i], error))
      return NULL;

  sorted = g_ptr_array_new_with_free_func (g_free);
  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_ptr_array_add (sorted, name);
      g_hash_table_iter_steal (&iter);
    }
  g_ptr_array_sort (sorted, compare_names);
  return sorted;
}

static gboolean
is_real_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

/* What stands at @name: one path, or several folders to merge. A file hides what is below it. */
static GPtrArray *
list_visible (GPtrArray *folders, const char *name)
{
  GPtrArray *visible = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < folders->len; i++)
    {
      g_autofree char *path = g_build_filename (folders->pdata[i], name, NULL);
      if (!g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        continue;
      if (!is_real_folder (path) || (visible->len > 0 && !is_real_folder (visible->pdata[0])))
        g_ptr_array_set_size (visible, 0);
      g_ptr_array_add (visible, g_steal_pointer (&path));
    }
  return visible;
}

static gboolean
add_entry (KelvinSandboxPlan *plan, GPtrArray *folders, const char *name, const char *target,
           guint depth, GError **error)
{
  g_autoptr (GPtrArray) visible = list_visible (folders, name);
  g_autofree char *inside = g_build_filename (target, name, NULL);

  if (visible->len > 1)
    return merge (plan, visible, inside, depth + 1, error);
  if (visible->len == 0) /* removed meanwhile */
    return TRUE;

  g_autofree char *link = g_file_read_link (visible->pdata[0], NULL);
  if (link != NULL)
    kelvin_sandbox_plan_add_link (plan, link, inside);
  else
    kelvin_sandbox_plan_add_bind (plan, visible->pdata[0], inside);
  return TRUE;
}

static gboolean
merge (KelvinSandboxPlan *plan, GPtrArray *folders, const char *target, guint depth, GError **error)
{
  g_autoptr (GPtrArray) names = list_names (folders, error);

  if (names == NULL)
    return FALSE;
  if (depth > DEEPEST)
    {
      g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                   "The layers share folders that are nested more than %d deep: %s", DEEPEST,
                   (char *) folders->pdata[0]);
      return FALSE;
    }

  kelvin_sandbox_plan_add (plan, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_FOLDER,
                                                    .mode = 0755,
                                                    .target = (char *) target });
  for (guint i = 0; i < names->len; i++)
    if (!add_entry (plan, folders, names->pdata[i], target, depth, error))
      return FALSE;
  return TRUE;
}

gboolean
kelvin_sandbox_plan_add_layers (KelvinSandboxPlan *self, const char *const *layers, GError **error)
{
  g_autoptr (GPtrArray) folders = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) local_error = NULL;

  for (guint i = 0; layers != NULL && layers[i] != NULL; i++)
    g_ptr_array_add (folders, g_strdup (layers[i]));

  if (folders->len == 0)
    kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_FOLDER,
                                                      .mode = 0755,
                                                      .target = (char *) TARGET });
  else if (folders->len == 1)
    kelvin_sandbox_plan_add_bind (self, folders->pdata[0], TARGET);
  else if (!merge (self, folders, TARGET, 0, &local_error))
    {
      g_set_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX,
                   "The layers can't be merged at " TARGET ": %s", local_error->message);
      return FALSE;
    }
  return TRUE;
}
