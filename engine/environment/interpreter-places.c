/* Where interpreters may be on a machine: one line a place. */

#include "engine/environment/interpreter-private.h"

#include <glob.h>
#include <stdlib.h>

typedef enum {
  BASE_HOME,
  BASE_DATA,   /* $XDG_DATA_HOME */
  BASE_CONFIG, /* $XDG_CONFIG_HOME */
} Base;

/* A version manager's folder: what @variable says, else @folder below @base. In it, installed
 * versions match @versions, and have their programs in @programs. */
typedef struct {
  KelvinRuntimeFamily family;
  const char *variable;
  Base base;
  const char *folder;
  const char *versions;
  const char *programs;
} Place;

static const Place places[] = {
  { KELVIN_RUNTIME_PYTHON, "UV_PYTHON_INSTALL_DIR", BASE_DATA, "uv/python", "*", "bin" },
  { KELVIN_RUNTIME_PYTHON, "PYENV_ROOT", BASE_HOME, ".pyenv", "versions/*", "bin" },
  { KELVIN_RUNTIME_PYTHON, "ASDF_DATA_DIR", BASE_HOME, ".asdf", "installs/python/*", "bin" },
  { KELVIN_RUNTIME_PYTHON, "MISE_DATA_DIR", BASE_DATA, "mise", "installs/python/*", "bin" },
  { KELVIN_RUNTIME_NODE, "NVM_DIR", BASE_HOME, ".nvm", "versions/node/*", "bin" },
  { KELVIN_RUNTIME_NODE, "NVM_DIR", BASE_CONFIG, "nvm", "versions/node/*", "bin" },
  { KELVIN_RUNTIME_NODE, "FNM_DIR", BASE_DATA, "fnm", "node-versions/*", "installation/bin" },
  { KELVIN_RUNTIME_NODE, "FNM_DIR", BASE_HOME, ".fnm", "node-versions/*", "installation/bin" },
  { KELVIN_RUNTIME_NODE, "VOLTA_HOME", BASE_HOME, ".volta", "tools/image/node/*", "bin" },
  { KELVIN_RUNTIME_NODE, "ASDF_DATA_DIR", BASE_HOME, ".asdf", "installs/nodejs/*", "bin" },
  { KELVIN_RUNTIME_NODE, "MISE_DATA_DIR", BASE_DATA, "mise", "installs/node/*", "bin" },
};

static const char *const system_folders[] = { "/usr/bin", "/usr/local/bin" };

/* Programs that were added to a list, by what they are behind all links. */
typedef struct {
  GPtrArray *programs;
  GHashTable *known;
} List;

static void
add_program (List *list, const char *path)
{
  g_autofree char *real = realpath (path, NULL);

  if (real != NULL && g_file_test (real, G_FILE_TEST_IS_EXECUTABLE) &&
      !g_file_test (real, G_FILE_TEST_IS_DIR) && g_hash_table_add (list->known, g_strdup (real)))
    g_ptr_array_add (list->programs, g_strdup (path));
}

static void
add_matching (List *list, const char *folder, const char *pattern)
{
  g_autofree char *path = g_build_filename (folder, pattern, NULL);
  glob_t found = { 0 };

  if (glob (path, 0, NULL, &found) == 0)
    for (gsize i = 0; i < found.gl_pathc; i++)
      add_program (list, found.gl_pathv[i]);
  globfree (&found);
}

/* A program python3.11 says in its name what it is; python3 and node don't. */
static void
add_pythons (List *list, const char *folder, const char *version)
{
  g_autofree char *name = g_strconcat ("python", version, NULL);

  if (version != NULL)
    {
      add_matching (list, folder, name);
      return;
    }
  add_matching (list, folder, "python3.[0-9]");
  add_matching (list, folder, "python3.[0-9][0-9]");
  add_matching (list, folder, "python3");
}

/* Shims take long to answer, and their originals have places of their own: only the one that stands
 * for a person's choice is asked, and only when everything is looked for. */
static void
add_folder (List *list, KelvinRuntimeFamily family, const char *folder, const char *version)
{
  gboolean is_shims = g_str_has_suffix (folder, "/shims");

  if (is_shims && version == NULL)
    add_matching (list, folder, family == KELVIN_RUNTIME_NODE ? "node" : "python3");
  else if (!is_shims && family == KELVIN_RUNTIME_PYTHON)
    add_pythons (list, folder, version);
  else if (!is_shims)
    {
      add_matching (list, folder, "node");
      add_matching (list, folder, "nodejs");
    }
}

static char *
find_root (const Place *place)
{
  const char *said = g_getenv (place->variable);
  const char *base = place->base == BASE_HOME   ? g_get_home_dir ()
                     : place->base == BASE_DATA ? g_get_user_data_dir ()
                                                : g_get_user_config_dir ();

  if (said != NULL && said[0] != '\0')
    return g_strdup (said);
  return g_build_filename (base, place->folder, NULL);
}

/* "v20.11.1", "20.11.1" and "cpython-3.11.7-linux-x86_64-gnu" say "20" and "3.11". */
static gboolean
says_version (const char *folder, const char *version)
{
  g_autofree char *name = g_path_get_basename (folder);
  const char *digits = strpbrk (name, "0123456789");
  gsize length = strlen (version);

  return digits != NULL && strncmp (digits, version, length) == 0 &&
         !g_ascii_isdigit (digits[length]);
}

static void
add_place (List *list, const Place *place, const char *version)
{
  g_autofree char *root = find_root (place);
  g_autofree char *pattern = g_build_filename (root, place->versions, NULL);
  glob_t found = { 0 };

  if (glob (pattern, GLOB_ONLYDIR, NULL, &found) == 0)
    for (gsize i = 0; i < found.gl_pathc; i++)
      {
        g_autofree char *folder = g_build_filename (found.gl_pathv[i], place->programs, NULL);
        if (version == NULL || says_version (found.gl_pathv[i], version))
          add_folder (list, place->family, folder, version);
      }
  globfree (&found);
}

GPtrArray *
kelvin_interpreter_places_list (KelvinRuntimeFamily family, const char *version)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  List list = { .programs = g_ptr_array_new_with_free_func (g_free), .known = known };
  g_auto (GStrv) path = g_strsplit (g_getenv ("PATH") != NULL ? g_getenv ("PATH") : "", ":", -1);

  for (gsize i = 0; i < G_N_ELEMENTS (system_folders); i++)
    add_folder (&list, family, system_folders[i], version);
  for (guint i = 0; path[i] != NULL; i++)
    if (g_path_is_absolute (path[i]))
      add_folder (&list, family, path[i], version);
  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i].family == family)
      add_place (&list, &places[i], version);
  return list.programs;
}
