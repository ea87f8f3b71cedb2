#include "engine/model/template.h"

#include <glib/gstdio.h>
#include <string.h>

#include "engine/model/function.h"

typedef struct {
  char *templates;
  char *root; /* removed at the end, with all that is in it */
  char *dir;  /* in it: where functions are made */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->templates = g_test_build_filename (G_TEST_DIST, "..", "..", "data", "templates", NULL);
  f->root = g_dir_make_tmp (NULL, NULL);
  g_assert_nonnull (f->root);
  f->dir = g_build_filename (f->root, "below", "My first function!", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = NULL; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->root);
  g_free (f->templates);
  g_free (f->root);
  g_free (f->dir);
}

static gboolean
create (Fixture *f, const char *name, const char *runtime, GError **error)
{
  g_autofree char *template = kelvin_template_find (f->templates, name, runtime, error);

  return template != NULL && kelvin_template_create (template, f->dir, runtime, error);
}

static KelvinFunction *
create_well (Fixture *f, const char *name, const char *runtime)
{
  g_autoptr (GError) error = NULL;

  create (f, name, runtime, &error);
  g_assert_no_error (error);
  KelvinFunction *function = kelvin_function_load (f->dir, &error);
  g_assert_no_error (error);
  return function;
}

static gboolean
is_executable (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->dir, name, NULL);

  return g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
         g_file_test (path, G_FILE_TEST_IS_EXECUTABLE);
}

static void
test_runtime_picks_the_template (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = create_well (f, NULL, "python3.12");
  g_autofree char *handler = kelvin_function_find_handler_file (function);

  g_assert_cmpstr (kelvin_function_get_name (function), ==, "My-first-function-");
  g_assert_cmpstr (kelvin_function_get_runtime (function), ==, "python3.12");
  g_assert_cmpstr (handler, ==, "app.py");
  g_assert_cmpstr (kelvin_function_get_warnings (function)[0], ==, NULL);
}

static void
test_node_has_a_template (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = create_well (f, NULL, "nodejs22.x");

  g_assert_cmpint (kelvin_function_get_runtime_family (function), ==, KELVIN_RUNTIME_NODE);
}

static void
test_bootstrap_is_executable (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinFunction) function = create_well (f, NULL, "provided.al2023");

  g_assert_cmpint (kelvin_function_get_runtime_family (function), ==, KELVIN_RUNTIME_PROVIDED);
  g_assert_true (is_executable (f, "bootstrap"));
}

static void
test_c_is_compiled (Fixture *f, gconstpointer data)
{
  g_autofree char *make = g_find_program_in_path ("make");
  g_autofree char *compiler = g_find_program_in_path ("cc");
  g_autoptr (GError) error = NULL;

  if (make != NULL && compiler != NULL)
    {
      g_autoptr (KelvinFunction) function = create_well (f, "provided-c", "provided.al2023");
      g_assert_true (is_executable (f, "bootstrap"));
      return;
    }
  g_assert_false (create (f, "provided-c", "provided.al2023", &error));
  g_assert_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_BUILT);
}

static void
test_an_empty_folder_is_filled (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (g_mkdir_with_parents (f->dir, 0755), ==, 0);
  g_autoptr (KelvinFunction) function = create_well (f, NULL, "python3.11");
}

static void
test_a_folder_with_something_is_left_alone (Fixture *f, gconstpointer data)
{
  g_autofree char *file = g_build_filename (f->root, "mine.txt", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (file, "mine", -1, NULL));
  g_free (f->dir);
  f->dir = g_strdup (f->root);
  g_assert_false (create (f, NULL, "python3.11", &error));
  g_assert_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_EMPTY);
  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS));

  g_clear_error (&error);
  g_free (f->dir);
  f->dir = g_steal_pointer (&file);
  g_assert_false (create (f, NULL, "python3.11", &error));
  g_assert_error (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_EMPTY);
}

static void
test_wrong_choices_are_named (Fixture *f, gconstpointer data)
{
  static const struct {
    const char *template, *runtime, *message;
    KelvinTemplateError code;
  } wrong[] = {
    { "cobol", "python3.11", "node, provided-c, provided-sh, python",
      KELVIN_TEMPLATE_ERROR_NOT_FOUND },
    { "../python", "python3.11", "no template", KELVIN_TEMPLATE_ERROR_NOT_FOUND },
    { "node", "python3.11", "not for python3.11", KELVIN_TEMPLATE_ERROR_WRONG_RUNTIME },
    { NULL, "cobol85", "\"cobol85\" is no runtime", KELVIN_TEMPLATE_ERROR_WRONG_RUNTIME },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (create (f, wrong[i].template, wrong[i].runtime, &error));
      g_assert_error (error, KELVIN_TEMPLATE_ERROR, (int) wrong[i].code);
      g_assert_nonnull (strstr (error->message, wrong[i].message));
      g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
    }
}

static void
test_failure_leaves_nothing_behind (Fixture *f, gconstpointer data)
{
  g_autofree char *template = g_build_filename (f->root, "template", NULL);
  g_autofree char *document = g_build_filename (template, "function.json", NULL);
  g_autofree char *link = g_build_filename (template, "zz-broken", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (template, 0755), ==, 0);
  g_assert_true (g_file_set_contents (
      document, "{\"Runtime\": \"python3.11\", \"Handler\": \"a.b\"}", -1, NULL));
  g_assert_cmpint (symlink ("nowhere", link), ==, 0);
  g_assert_false (kelvin_template_create (template, f->dir, "python3.11", &error));
  g_assert_nonnull (error);
  g_assert_false (g_file_test (f->dir, G_FILE_TEST_EXISTS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func) g_test_add ("/model/template/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("runtime-picks-the-template", test_runtime_picks_the_template);
  ADD ("node-has-a-template", test_node_has_a_template);
  ADD ("bootstrap-is-executable", test_bootstrap_is_executable);
  ADD ("c-is-compiled", test_c_is_compiled);
  ADD ("an-empty-folder-is-filled", test_an_empty_folder_is_filled);
  ADD ("a-folder-with-something-is-left-alone", test_a_folder_with_something_is_left_alone);
  ADD ("wrong-choices-are-named", test_wrong_choices_are_named);
  ADD ("failure-leaves-nothing-behind", test_failure_leaves_nothing_behind);
#undef ADD
  return g_test_run ();
}
