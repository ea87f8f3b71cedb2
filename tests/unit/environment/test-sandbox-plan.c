#include "engine/environment/sandbox-plan.h"

#include <glib/gstdio.h>

#include "engine/environment/launcher.h"
#include "launcher/protocol.h"

typedef struct {
  char *dir;
  char *code;
  GPtrArray *trees;
  GString *layers; /* as in function.json */
  char *variables[3];
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_assert_nonnull (f->dir);
  f->code = g_build_filename (f->dir, "code", NULL);
  g_assert_no_errno (g_mkdir (f->code, 0755));
  f->trees = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_dependency_tree_free);
  f->layers = g_string_new (NULL);
  f->variables[0] = (char *) "A=1";
  f->variables[1] = (char *) "B=2";
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  const char *arguments[] = { "rm", "-r", f->dir, NULL };

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
  g_clear_pointer (&f->trees, g_ptr_array_unref);
  g_string_free (f->layers, TRUE);
  g_free (f->code);
  g_free (f->dir);
}

/* @path below the fixture's folder, with the folders above it. */
static void
add_file (Fixture *f, const char *path)
{
  g_autofree char *file = g_build_filename (f->dir, path, NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  g_file_set_contents (file, "x", 1, &error);
  g_assert_no_error (error);
}

static void
add_layer (Fixture *f, const char *name)
{
  g_string_append_printf (f->layers, "%s\"%s/%s\"", f->layers->len > 0 ? ", " : "", f->dir, name);
}

static KelvinVersion *
make_version (Fixture *f, const char *runtime, const char *more)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *json = g_strdup_printf (
      "{\"Runtime\": \"%s\", \"Handler\": \"handler.handler\", \"Layers\": [%s]%s}", runtime,
      f->layers->str, more);
  KelvinVersionFields fields = { .function = kelvin_function_parse (f->dir, json, -1, &error),
                                 .hash = g_strnfill (64, 'a'),
                                 .code_dir = g_strdup (f->code),
                                 .trees = g_steal_pointer (&f->trees) };

  g_assert_no_error (error);
  return kelvin_version_new (&fields);
}

static KelvinSandboxPlan *
make_plan (Fixture *f, const char *runtime, const KelvinInterpreter *interpreter, const char *more,
           GError **error)
{
  g_autoptr (KelvinVersion) version = make_version (f, runtime, more);

  return kelvin_sandbox_plan_new (version, interpreter, (const char *const *) f->variables, error);
}

static char *
plan_text (Fixture *f, const char *runtime, const KelvinInterpreter *interpreter, const char *more)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinSandboxPlan) plan = make_plan (f, runtime, interpreter, more, &error);

  g_assert_no_error (error);
  return kelvin_sandbox_plan_to_text (plan);
}

/* Lines that begin with @start, the fixture's folder shortened to DIR. */
static char *
lines_with (Fixture *f, const char *text, const char *part)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  GString *found = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], part) != NULL)
      g_string_append_printf (found, "%s\n", lines[i]);
  g_string_replace (found, f->dir, "DIR", 0);
  return g_string_free (found, FALSE);
}

static const KelvinInterpreter system_python = { KELVIN_RUNTIME_PYTHON, (char *) "python3.11",
                                                 (char *) "3.11.2", (char *) "/usr/bin/python3.11",
                                                 (char *) "/usr" };
static const KelvinInterpreter home_node = { KELVIN_RUNTIME_NODE, (char *) "nodejs22.x",
                                             (char *) "22.1.0",
                                             (char *) "/home/me/.nvm/v22/bin/node",
                                             (char *) "/home/me/.nvm/v22" };

#define DOOR(name, host, port, to)                                                                 \
  "{\"Name\": \"" name "\", \"Host\": \"" host "\", \"Port\": " port ", \"To\": \"" to "\"}"
#define DOORS                                                                                      \
  "\"Doors\": [" DOOR ("a", "a.internal", "80", "[::1]:80") ", " DOOR (                            \
      "b", "b.internal", "5432", "127.0.0.1:1") ", " DOOR ("c", "a.internal", "443",               \
                                                           "far:443") "]"

/* Doors to one host share its address, since a name has only one. */
static void
test_listens_for_each_door (Fixture *f, gconstpointer data)
{
  g_autofree char *text = plan_text (f, "python3.11", &system_python, ", \"Kelvin\": {" DOORS "}");
  g_autofree char *listening = lines_with (f, text, "listen ");

  g_assert_cmpstr (listening, ==,
                   "listen 127.0.0.1:9001\n"
                   "listen 127.0.0.2:3001\n"
                   "listen 127.0.1.1:80\n"
                   "listen 127.0.1.2:5432\n"
                   "listen 127.0.1.1:443\n"
                   "listen 127.0.0.1:53 datagram\n"
                   "listen 127.0.0.1:53\n");
  g_assert_null (strstr (text, "\nnetwork "));
}

/* Names are asked elsewhere then, and the runtime waits for the way out. */
static void
test_waits_for_the_internet (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinSandboxPlan) plan =
      make_plan (f, "python3.11", &system_python,
                 ", \"Kelvin\": {\"Network\": \"internet\", " DOORS "}", &error);

  if (plan == NULL)
    {
      g_assert_nonnull (strstr (error->message, "install the package passt"));
      return;
    }

  g_autofree char *text = kelvin_sandbox_plan_to_text (plan);
  g_assert_nonnull (strstr (text, "\nlisten 127.0.1.2:5432\n"));
  g_assert_null (strstr (text, "datagram"));
  g_assert_nonnull (strstr (text, "\nnetwork by eth0 within 5000 ms\n"));
}

static void
test_shows_little_of_the_machine (Fixture *f, gconstpointer data)
{
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");

  g_assert_true (g_str_has_prefix (text, "root\nproc /proc\npivot\nbind /usr at /usr\n"));
  g_assert_nonnull (strstr (text, "\ndevice /dev/null at /dev/null\n"));
  g_assert_nonnull (strstr (text, "\nfile /etc/passwd "));
  g_assert_nonnull (strstr (text, "\nlisten 127.0.0.1:9001\n"));
  g_assert_nonnull (strstr (text, "\nlimit nofile 1024\n"));
  g_assert_null (strstr (text, "at /home"));
  g_assert_null (strstr (text, "at /root"));
  g_assert_null (strstr (text, "shm"));
}

static void
test_seals_the_root_after_all_mounts (Fixture *f, gconstpointer data)
{
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");
  const char *seal = strstr (text, "\nseal /\n");

  g_assert_nonnull (seal);
  g_assert_null (strstr (seal, "\nbind "));
  g_assert_null (strstr (seal, "\nfile "));
  g_assert_null (strstr (seal, "\nmask "));
}

static void
test_executes_the_interpreter_of_usr (Fixture *f, gconstpointer data)
{
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");

  g_assert_true (
      g_str_has_suffix (text, "\nexecute /usr/bin/python3.11 -S /var/runtime/bootstrap.py\n"));
  g_assert_null (strstr (text, "/var/lang"));
  g_assert_nonnull (strstr (text, "python at /var/runtime\n"));
}

static void
test_mounts_an_interpreter_of_elsewhere (Fixture *f, gconstpointer data)
{
  g_autofree char *text = plan_text (f, "nodejs22.x", &home_node, "");

  g_assert_nonnull (strstr (text, "\nbind /home/me/.nvm/v22 at /var/lang\n"));
  g_assert_nonnull (strstr (text, "node at /var/runtime\n"));
  g_assert_true (
      g_str_has_suffix (text, "\nexecute /var/lang/bin/node /var/runtime/bootstrap.cjs\n"));
}

static void
test_refuses_an_interpreter_outside_its_prefix (Fixture *f, gconstpointer data)
{
  KelvinInterpreter odd = home_node;
  g_autoptr (GError) error = NULL;

  odd.prefix = (char *) "/home/me/.nvm/v2";
  g_assert_null (make_plan (f, "nodejs22.x", &odd, "", &error));
  g_assert_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
  g_assert_nonnull (strstr (error->message, "/home/me/.nvm/v22/bin/node"));
}

static void
test_mounts_code_and_its_trees (Fixture *f, gconstpointer data)
{
  g_ptr_array_add (f->trees, kelvin_dependency_tree_new ("/data/modules", "node_modules"));
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");
  g_autofree char *found = lines_with (f, text, "/var/task");

  g_assert_cmpstr (found, ==,
                   "bind DIR/code at /var/task\nbind /data/modules at /var/task/node_modules\n");
}

static void
test_gives_tmp_its_size (Fixture *f, gconstpointer data)
{
  g_autofree char *text =
      plan_text (f, "python3.11", &system_python, ", \"EphemeralStorage\": {\"Size\": 700}");

  g_assert_nonnull (strstr (text, "\nmemory /tmp 700 MB "));
}

static void
test_hides_packages_unless_asked_for (Fixture *f, gconstpointer data)
{
  g_autofree char *hidden = plan_text (f, "python3.11", &system_python, "");
  g_autofree char *shown =
      plan_text (f, "python3.11", &system_python, ", \"Kelvin\": {\"SystemPackages\": true}");

  if (!g_file_test ("/usr/lib/python3/dist-packages", G_FILE_TEST_IS_DIR))
    g_test_skip ("this machine has no /usr/lib/python3/dist-packages");
  else
    g_assert_nonnull (strstr (hidden, "\nmask /usr/lib/python3/dist-packages\n"));
  g_assert_null (strstr (shown, "mask "));
}

static void
test_hides_packages_of_a_prefix_elsewhere (Fixture *f, gconstpointer data)
{
  g_autofree char *prefix = g_build_filename (f->dir, "py", NULL);
  g_autofree char *path = g_build_filename (prefix, "bin/python3.13", NULL);
  KelvinInterpreter python = { KELVIN_RUNTIME_PYTHON, (char *) "python3.13", (char *) "3.13.0",
                               path, prefix };

  add_file (f, "py/lib/python3.13/site-packages/pip/__init__.py");
  g_autofree char *text = plan_text (f, "python3.13", &python, "");
  g_autofree char *found = lines_with (f, text, "mask /var/lang");
  g_assert_cmpstr (found, ==, "mask /var/lang/lib/python3.13/site-packages\n");
}

static void
test_shows_one_layer_whole (Fixture *f, gconstpointer data)
{
  add_file (f, "one/python/a.py");
  add_layer (f, "one");
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");
  g_autofree char *found = lines_with (f, text, "/opt");

  g_assert_cmpstr (found, ==, "bind DIR/one at /opt\n");
}

static void
test_merges_layers (Fixture *f, gconstpointer data)
{
  add_file (f, "one/bin/tool");
  add_file (f, "one/python/a.py");
  add_file (f, "one/python/both.py");
  add_file (f, "one/shape/inside");
  add_file (f, "two/python/b.py");
  add_file (f, "two/python/both.py");
  add_file (f, "two/shape");
  add_layer (f, "one");
  add_layer (f, "two");
  g_autofree char *text = plan_text (f, "python3.11", &system_python, "");
  g_autofree char *found = lines_with (f, text, "/opt");

  g_assert_cmpstr (found, ==,
                   "folder /opt 0755\n"
                   "bind DIR/one/bin at /opt/bin\n"
                   "folder /opt/python 0755\n"
                   "bind DIR/one/python/a.py at /opt/python/a.py\n"
                   "bind DIR/two/python/b.py at /opt/python/b.py\n"
                   "bind DIR/two/python/both.py at /opt/python/both.py\n"
                   "bind DIR/two/shape at /opt/shape\n");
}

static void
test_names_a_layer_that_is_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  add_file (f, "one/a");
  add_file (f, "two/a");
  add_layer (f, "one");
  add_layer (f, "two");
  g_autoptr (KelvinVersion) version = make_version (f, "python3.11", "");
  g_autofree char *file = g_build_filename (f->dir, "two/a", NULL);
  g_autofree char *folder = g_build_filename (f->dir, "two", NULL);
  g_assert_no_errno (g_remove (file));
  g_assert_no_errno (g_rmdir (folder));

  g_assert_null (kelvin_sandbox_plan_new (version, &system_python,
                                          (const char *const *) f->variables, &error));
  g_assert_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
  g_assert_nonnull (strstr (error->message, folder));
}

static void
test_refuses_layers_in_too_many_pieces (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < KELVIN_MOST_OPERATIONS; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/file-%u", i % 2 == 0 ? "one" : "two", i);
      add_file (f, path);
    }
  add_layer (f, "one");
  add_layer (f, "two");
  g_assert_null (make_plan (f, "python3.11", &system_python, "", &error));
  g_assert_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_SANDBOX);
}

static void
test_finds_bootstraps_of_provided_runtimes (Fixture *f, gconstpointer data)
{
  add_file (f, "one/bootstrap");
  add_layer (f, "one");
  g_autofree char *of_layer = plan_text (f, "provided.al2023", NULL, "");
  f->trees = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_dependency_tree_free);
  add_file (f, "code/bootstrap");
  g_autofree char *of_code = plan_text (f, "provided.al2023", NULL, "");

  g_assert_true (g_str_has_suffix (of_layer, "\nexecute /opt/bootstrap\n"));
  g_assert_true (g_str_has_suffix (of_code, "\nexecute /var/task/bootstrap\n"));
}

static void
test_says_that_there_is_no_bootstrap (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (make_plan (f, "provided.al2023", NULL, "", &error));
  g_assert_error (error, KELVIN_LAUNCHER_ERROR, KELVIN_LAUNCHER_ERROR_EXEC);
  g_assert_cmpstr (error->message, ==,
                   "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
}

/* Whatever it does is done to the machine's own files: nothing is mounted. */
static void
test_makes_a_folder_where_there_are_no_namespaces (Fixture *f, gconstpointer data)
{
  add_file (f, "layer/python/lib.py");
  add_layer (f, "layer");
  g_ptr_array_add (f->trees, kelvin_dependency_tree_new ("/home/me/vendor", "vendor"));
  g_autoptr (KelvinVersion) version = make_version (f, "python3.11", "");
  g_autofree char *folder = g_build_filename (f->dir, "own", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinSandboxPlan) plan = kelvin_sandbox_plan_new_process (
      version, &system_python, (const char *const *) f->variables, folder, &error);

  g_assert_no_error (error);
  g_autofree char *text = kelvin_sandbox_plan_to_text (plan);
  g_autofree char *places = lines_with (f, text, "own");
  g_autofree char *mounts = lines_with (f, text, "bind");

  g_assert_cmpstr (places, ==,
                   "folder DIR/own 0700\n"
                   "folder DIR/own/tmp 0700\n"
                   "copy DIR/code to DIR/own/task\n"
                   "link DIR/own/task/vendor -> /home/me/vendor\n"
                   "link DIR/own/opt -> DIR/layer\n");
  g_assert_cmpstr (mounts, ==, "");
  g_assert_nonnull (strstr (text, "\nlimit nproc 1024 more\n"));
}

static void
test_encodes_what_the_launcher_takes (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinSandboxPlan) plan = make_plan (f, "python3.11", &system_python, "", &error);
  g_autoptr (GBytes) message = kelvin_sandbox_plan_encode (plan, 42);
  const KelvinCreate *create = g_bytes_get_data (message, NULL);

  g_assert_no_error (error);
  g_assert_cmpuint (create->head.id, ==, 42);
  g_assert_cmpuint (create->uid, ==, 993);
  g_assert_cmpuint (create->gid, ==, 990);
  g_assert_cmpuint (create->n_arguments, ==, 3);
  g_assert_cmpuint (create->n_variables, ==, 2);
  g_assert_cmpuint (create->flags, ==, KELVIN_CREATE_HAS_MARKS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/environment/sandbox-plan/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("shows-little-of-the-machine", test_shows_little_of_the_machine);
  ADD ("listens-for-each-door", test_listens_for_each_door);
  ADD ("waits-for-the-internet", test_waits_for_the_internet);
  ADD ("seals-the-root-after-all-mounts", test_seals_the_root_after_all_mounts);
  ADD ("executes-the-interpreter-of-usr", test_executes_the_interpreter_of_usr);
  ADD ("mounts-an-interpreter-of-elsewhere", test_mounts_an_interpreter_of_elsewhere);
  ADD ("refuses-an-interpreter-outside-its-prefix", test_refuses_an_interpreter_outside_its_prefix);
  ADD ("mounts-code-and-its-trees", test_mounts_code_and_its_trees);
  ADD ("gives-tmp-its-size", test_gives_tmp_its_size);
  ADD ("hides-packages-unless-asked-for", test_hides_packages_unless_asked_for);
  ADD ("hides-packages-of-a-prefix-elsewhere", test_hides_packages_of_a_prefix_elsewhere);
  ADD ("shows-one-layer-whole", test_shows_one_layer_whole);
  ADD ("merges-layers", test_merges_layers);
  ADD ("names-a-layer-that-is-gone", test_names_a_layer_that_is_gone);
  ADD ("refuses-layers-in-too-many-pieces", test_refuses_layers_in_too_many_pieces);
  ADD ("finds-bootstraps-of-provided-runtimes", test_finds_bootstraps_of_provided_runtimes);
  ADD ("says-that-there-is-no-bootstrap", test_says_that_there_is_no_bootstrap);
  ADD ("makes-a-folder-where-there-are-no-namespaces",
       test_makes_a_folder_where_there_are_no_namespaces);
  ADD ("encodes-what-the-launcher-takes", test_encodes_what_the_launcher_takes);
#undef ADD

  return g_test_run ();
}
