#include "engine/environment/code-store.h"

#include <string.h>

#include "engine/environment/requirement.h"
#include "engine/model/json-text.h"

/* Longer lists than this are no lists of dependencies. */
#define LARGEST_LIST (1024 * 1024)
#define DEEPEST_LIST 64

/* Where the packages of a Debian system are, which Kelvin.SystemPackages shows. */
#define SYSTEM_PACKAGES "/usr/lib/python3/dist-packages"

/* "/somewhere/hello" → "cd /somewhere/hello && ", which works from anywhere */
static char *
go_there (KelvinFunction *function)
{
  g_autofree char *quoted = g_shell_quote (kelvin_function_get_dir (function));

  return g_strdup_printf ("cd %s && ", quoted);
}

static void
add_missing (GPtrArray *sentences, KelvinFunction *function, const char *list, const char *name,
             const char *command)
{
  g_autofree char *way = go_there (function);

  g_ptr_array_add (sentences, g_strdup_printf ("%s names %s, but it isn't installed: %s%s", list,
                                               name, way, command));
}

static char *
read_list (KelvinFunction *function, const char *name)
{
  g_autofree char *path = g_build_filename (kelvin_function_get_dir (function), name, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_test (path, G_FILE_TEST_IS_REGULAR) ||
      !g_file_get_contents (path, &text, &length, NULL) || length > LARGEST_LIST)
    return NULL;

  return g_steal_pointer (&text);
}

/* The name that a package's folder, module or metadata stands for. */
static char *
name_of_entry (const char *entry)
{
  static const char *const metadata[] = { ".dist-info", ".egg-info" };
  static const char *const modules[] = { ".py", ".so" };

  for (guint i = 0; i < G_N_ELEMENTS (metadata); i++)
    if (g_str_has_suffix (entry, metadata[i]))
      {
        /* a name with its version: requests-2.31.0.dist-info */
        g_autofree char *name = g_strndup (entry, strcspn (entry, "-"));
        return kelvin_requirement_normalize (name);
      }
  for (guint i = 0; i < G_N_ELEMENTS (modules); i++)
    if (g_str_has_suffix (entry, modules[i]))
      {
        g_autofree char *name = g_strndup (entry, strcspn (entry, "."));
        return kelvin_requirement_normalize (name);
      }

  return kelvin_requirement_normalize (entry);
}

static void
add_installed (GHashTable *installed, const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *entry;

  while (folder != NULL && (entry = g_dir_read_name (folder)) != NULL)
    g_hash_table_add (installed, name_of_entry (entry));
}

/* Every folder that a Python function's sys.path will have. */
static GHashTable *
list_installed (KelvinFunction *function)
{
  GHashTable *installed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  const char *const *layers = kelvin_function_get_layers (function);

  add_installed (installed, kelvin_function_get_dir (function));
  if (kelvin_function_get_system_packages (function))
    add_installed (installed, SYSTEM_PACKAGES);
  for (guint i = 0; layers[i] != NULL; i++)
    {
      g_autofree char *python = g_build_filename (layers[i], "python", NULL);
      g_autofree char *site = g_build_filename (
          python, "lib", kelvin_function_get_runtime (function), "site-packages", NULL);

      add_installed (installed, python);
      add_installed (installed, site);
    }

  return installed;
}

static void
find_missing_python (KelvinFunction *function, GPtrArray *sentences)
{
  g_autofree char *text = read_list (function, "requirements.txt");
  if (text == NULL)
    return;

  g_autoptr (GHashTable) installed = list_installed (function);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *name = kelvin_requirement_name (lines[i]);
      g_autofree char *normal = name != NULL ? kelvin_requirement_normalize (name) : NULL;

      if (normal != NULL && !g_hash_table_contains (installed, normal))
        add_missing (sentences, function, "requirements.txt", name,
                     "pip install --target . -r requirements.txt");
    }
}

static gboolean
is_in_folder (const char *base, const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (base, folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

static gboolean
node_finds (KelvinFunction *function, const char *name)
{
  const char *const *layers = kelvin_function_get_layers (function);
  g_autofree char *version = NULL;

  if (is_in_folder (kelvin_function_get_dir (function), "node_modules", name))
    return TRUE;
  if (!kelvin_runtime_parse (kelvin_function_get_runtime (function), NULL, &version))
    return FALSE;

  g_autofree char *versioned = g_strdup_printf ("nodejs/node%s/node_modules", version);
  for (guint i = 0; layers[i] != NULL; i++)
    {
      if (is_in_folder (layers[i], "nodejs/node_modules", name) ||
          is_in_folder (layers[i], versioned, name))
        return TRUE;
    }

  return FALSE;
}

static void
find_missing_node (KelvinFunction *function, GPtrArray *sentences)
{
  g_autofree char *text = read_list (function, "package.json");
  if (text == NULL)
    return;

  /* a list that isn't JSON is Node's to complain about */
  g_autoptr (JsonNode) document = kelvin_json_parse (text, strlen (text), DEEPEST_LIST, NULL);
  JsonNode *list = document != NULL && JSON_NODE_HOLDS_OBJECT (document)
                       ? json_object_get_member (json_node_get_object (document), "dependencies")
                       : NULL;
  if (list == NULL || !JSON_NODE_HOLDS_OBJECT (list))
    return;

  JsonObjectIter iter;
  const char *name;
  json_object_iter_init_ordered (&iter, json_node_get_object (list));
  while (json_object_iter_next_ordered (&iter, &name, NULL))
    if (!node_finds (function, name))
      add_missing (sentences, function, "package.json", name, "npm install");
}

char **
kelvin_code_store_find_missing_modules (KelvinFunction *function)
{
  g_return_val_if_fail (KELVIN_IS_FUNCTION (function), NULL);

  g_autoptr (GPtrArray) sentences = g_ptr_array_new ();

  if (kelvin_function_get_runtime_family (function) == KELVIN_RUNTIME_PYTHON)
    find_missing_python (function, sentences);
  else if (kelvin_function_get_runtime_family (function) == KELVIN_RUNTIME_NODE)
    find_missing_node (function, sentences);

  g_ptr_array_add (sentences, NULL);
  return (char **) g_ptr_array_free (g_steal_pointer (&sentences), FALSE);
}
