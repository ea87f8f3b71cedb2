#include "engine/model/template.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "engine/model/function.h"

#define LONGEST_NAME 64

G_DEFINE_QUARK (kelvin - template - error - quark, kelvin_template_error)

static gboolean
set_unknown_runtime (const char *runtime, GError **error)
{
  g_set_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_WRONG_RUNTIME,
               "\"%s\" is no runtime; right is python3.13, nodejs22.x, provided.al2023 or another "
               "version of these",
               runtime);
  return FALSE;
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return g_strcmp0 (*(const char *const *) a, *(const char *const *) b);
}

char **
kelvin_template_list (const char *templates_dir)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (templates_dir, 0, NULL);

  for (const char *name = NULL; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *document = g_build_filename (templates_dir, name, "function.json", NULL);
      if (g_file_test (document, G_FILE_TEST_IS_REGULAR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

char *
kelvin_template_find (const char *templates_dir, const char *name, const char *runtime,
                      GError **error)
{
  static const char *const usual[] = {
    [KELVIN_RUNTIME_PYTHON] = "python",
    [KELVIN_RUNTIME_NODE] = "node",
    [KELVIN_RUNTIME_PROVIDED] = "provided-sh",
  };
  g_auto (GStrv) names = kelvin_template_list (templates_dir);
  g_autofree char *version = NULL;
  KelvinRuntimeFamily family;

  if (!kelvin_runtime_parse (runtime, &family, &version))
    return set_unknown_runtime (runtime, error), NULL;
  if (name == NULL)
    name = usual[family];
  if (g_strv_contains ((const char *const *) names, name))
    return g_build_filename (templates_dir, name, NULL);

  g_autofree char *list = g_strjoinv (", ", names);
  g_set_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_FOUND,
               "there is no template \"%s\" in %s; there are: %s", name, templates_dir, list);
  return NULL;
}

static gboolean
check_family (const char *template_dir, const char *runtime, GError **error)
{
  g_autoptr (KelvinFunction) function = kelvin_function_load (template_dir, error);
  g_autofree char *version = NULL;
  KelvinRuntimeFamily family;

  if (function == NULL)
    return FALSE;
  if (!kelvin_runtime_parse (runtime, &family, &version))
    return set_unknown_runtime (runtime, error);
  if (kelvin_function_get_runtime_family (function) == family)
    return TRUE;
  g_set_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_WRONG_RUNTIME,
               "the template %s is for runtimes like %s, not for %s", template_dir,
               kelvin_function_get_runtime (function), runtime);
  return FALSE;
}

static gboolean
check_empty (const char *dir, GError **error)
{
  g_autoptr (GDir) listing = NULL;
  g_autoptr (GError) local_error = NULL;

  if (!g_file_test (dir, G_FILE_TEST_EXISTS))
    return TRUE;
  listing = g_dir_open (dir, 0, &local_error);
  if (listing != NULL && g_dir_read_name (listing) == NULL)
    return TRUE;
  g_set_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_EMPTY,
               "%s %s; a function is made in a new or empty folder", dir,
               listing != NULL ? "isn't empty" : "is no folder that can be read");
  return FALSE;
}

static gboolean
make_folder (const char *path, GPtrArray *made, GError **error)
{
  gboolean existed = g_file_test (path, G_FILE_TEST_IS_DIR);

  if (g_mkdir_with_parents (path, 0777) != 0)
    {
      int saved_errno = errno;
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
                   "can't make the folder %s: %s", path, g_strerror (saved_errno));
      return FALSE;
    }
  if (!existed)
    g_ptr_array_add (made, g_strdup (path));
  return TRUE;
}

/* Modes of installed files say nothing: packagers may have made them read-only. */
static gboolean
copy_file (GFile *source, const char *target, GPtrArray *made, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (target);
  g_autofree char *name = g_path_get_basename (target);

  if (!g_file_copy (source, file, G_FILE_COPY_TARGET_DEFAULT_PERMS, NULL, NULL, NULL, error))
    {
      g_prefix_error (error, "can't write %s: ", target);
      return FALSE;
    }
  g_ptr_array_add (made, g_strdup (target));
  return !g_str_equal (name, "bootstrap") ||
         g_file_set_attribute_uint32 (file, G_FILE_ATTRIBUTE_UNIX_MODE, 0755,
                                      G_FILE_QUERY_INFO_NONE, NULL, error);
}

static gboolean
copy_folder (GFile *source, const char *target, GPtrArray *made, GError **error)
{
  g_autoptr (GFileEnumerator) children = NULL;
  GFileInfo *info = NULL;
  GFile *child = NULL;

  if (!make_folder (target, made, error))
    return FALSE;
  children = g_file_enumerate_children (
      source, G_FILE_ATTRIBUTE_STANDARD_NAME "," G_FILE_ATTRIBUTE_STANDARD_TYPE,
      G_FILE_QUERY_INFO_NONE, NULL, error);
  if (children == NULL)
    return FALSE;
  while (g_file_enumerator_iterate (children, &info, &child, NULL, error))
    {
      if (info == NULL)
        return TRUE;
      g_autofree char *path = g_build_filename (target, g_file_info_get_name (info), NULL);
      gboolean is_folder = g_file_info_get_file_type (info) == G_FILE_TYPE_DIRECTORY;
      if (!(is_folder ? copy_folder : copy_file) (child, path, made, error))
        return FALSE;
    }
  return FALSE;
}

/* "My function!" → "My-function-" */
static char *
name_after (const char *dir)
{
  char *name = g_path_get_basename (dir);

  g_strcanon (name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_", '-');
  if (strlen (name) > LONGEST_NAME)
    name[LONGEST_NAME] = '\0';
  return name;
}

static KelvinFunction *
edit_text (KelvinFunction *function, const char *field, const char *value, GError **error)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), value);

  return kelvin_function_edit (function, field, node, error);
}

static gboolean
name_function (const char *dir, const char *runtime, GError **error)
{
  g_autofree char *name = name_after (dir);
  g_autoptr (KelvinFunction) copied = kelvin_function_load (dir, error);
  g_autoptr (KelvinFunction) named =
      copied == NULL ? NULL : edit_text (copied, "FunctionName", name, error);
  g_autoptr (KelvinFunction) finished =
      named == NULL ? NULL : edit_text (named, "Runtime", runtime, error);

  return finished != NULL && kelvin_function_save (finished, error);
}

static void
remove_made (GPtrArray *made)
{
  for (guint i = made->len; i > 0; i--)
    g_remove (g_ptr_array_index (made, i - 1));
}

/* A template with a Makefile runs once it has been compiled. */
static gboolean
build (const char *dir, GError **error)
{
  g_autofree char *makefile = g_build_filename (dir, "Makefile", NULL);
  g_autoptr (GSubprocess) make = NULL;
  g_autoptr (GError) local_error = NULL;
  g_autofree char *output = NULL;

  if (!g_file_test (makefile, G_FILE_TEST_EXISTS))
    return TRUE;
  make = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_MERGE,
                           &local_error, "make", "-s", "-C", dir, NULL);
  if (make != NULL &&
      g_subprocess_communicate_utf8 (make, NULL, NULL, &output, NULL, &local_error) &&
      g_subprocess_get_successful (make))
    return TRUE;
  g_set_error (
      error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_BUILT,
      "%s was made, but can't run until it is compiled: install make and a C compiler, then "
      "`make -C %s` (%s)",
      dir, dir, local_error != NULL ? local_error->message : g_strstrip (output));
  return FALSE;
}

gboolean
kelvin_template_create (const char *template_dir, const char *dir, const char *runtime,
                        GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GFile) source = g_file_new_for_path (template_dir);
  g_autofree char *target = g_canonicalize_filename (dir, NULL);

  if (!check_family (template_dir, runtime, error) || !check_empty (target, error))
    return FALSE;
  if (!copy_folder (source, target, made, error) || !name_function (target, runtime, error))
    {
      remove_made (made);
      return FALSE;
    }
  return build (target, error);
}
