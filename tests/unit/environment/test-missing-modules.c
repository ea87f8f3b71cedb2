#include "engine/environment/code-store.h"

#include <string.h>

#include "engine/environment/requirement.h"
#include "tests/unit/environment/code-folder.h"

static char **
find_missing (CodeFolder *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinFunction) function = kelvin_function_load (f->dir, &error);

  g_assert_no_error (error);
  return kelvin_code_store_find_missing_modules (function);
}

static void
use_node (CodeFolder *f, const char *more)
{
  g_autofree char *json =
      g_strdup_printf ("{\"Runtime\": \"nodejs20.x\", \"Handler\": \"index.handler\"%s}", more);

  code_folder_write (f, "function.json", json);
}

static void
test_names_in_lines_of_requirements (void)
{
  static const struct {
    const char *line;
    const char *name;
  } cases[] = {
    { "requests", "requests" },
    { "  requests == 2.31.0  # pinned", "requests" },
    { "requests>=2,<3", "requests" },
    { "requests[socks]~=2.0", "requests" },
    { "Zope.Interface", "Zope.Interface" },
    { "pkg @ https://example.org/pkg.whl", "pkg" },
    { "requests\r", "requests" },
    { "", NULL },
    { "# requests", NULL },
    { "-r more.txt", NULL },
    { "--index-url https://example.org", NULL },
    { "https://example.org/pkg.whl", NULL },
    { "./local", NULL },
    { "lib/local", NULL },
    { "tomli; python_version < \"3.11\"", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = kelvin_requirement_name (cases[i].line);

      g_assert_cmpstr (name, ==, cases[i].name);
    }
}

static void
test_names_are_normalised (void)
{
  g_autofree char *first = kelvin_requirement_normalize ("Zope._-Interface");
  g_autofree char *second = kelvin_requirement_normalize ("requests");

  g_assert_cmpstr (first, ==, "zope-interface");
  g_assert_cmpstr (second, ==, "requests");
}

static void
test_a_python_package_that_is_not_there_is_named (CodeFolder *f, gconstpointer data)
{
  g_autofree char *expected =
      g_strdup_printf ("requirements.txt names requests, but it isn't installed: cd '%s' && pip "
                       "install --target . -r requirements.txt",
                       f->dir);

  code_folder_write (f, "requirements.txt",
                     "PyYAML\nrequests==2.31\nsix\nZope.Interface\nmarkupsafe\n");
  code_folder_write (f, "PyYAML-6.0.dist-info/METADATA", "");
  code_folder_write (f, "six.py", "");
  code_folder_write (f, "zope_interface/__init__.py", "");
  code_folder_write (f, "markupsafe.cpython-311-x86_64-linux-gnu.so", "");
  g_auto (GStrv) missing = find_missing (f);

  g_assert_cmpuint (g_strv_length (missing), ==, 1);
  g_assert_cmpstr (missing[0], ==, expected);
}

static void
test_a_layer_may_have_it (CodeFolder *f, gconstpointer data)
{
  code_folder_write (f, "requirements.txt", "requests\nsix\n");
  code_folder_write (f, "../layer/python/requests/__init__.py", "");
  code_folder_write (f, "../layer/python/lib/python3.11/site-packages/six.py", "");
  code_folder_write (f, "function.json",
                     "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", "
                     "\"Layers\": [\"../layer\"]}");
  g_auto (GStrv) missing = find_missing (f);

  g_assert_cmpuint (g_strv_length (missing), ==, 0);
}

static void
test_a_node_package_that_is_not_there_is_named (CodeFolder *f, gconstpointer data)
{
  g_autofree char *expected = g_strdup_printf (
      "package.json names @scope/gone, but it isn't installed: cd '%s' && npm install", f->dir);

  use_node (f, ", \"Layers\": [\"../layer\"]");
  code_folder_write (f, "package.json",
                     "{\"dependencies\": {\"here\": \"1\", \"@scope/here\": \"1\", "
                     "\"@scope/gone\": \"1\", \"layered\": \"1\", \"versioned\": \"1\"}, "
                     "\"devDependencies\": {\"jest\": \"1\"}}");
  code_folder_write (f, "node_modules/here/package.json", "{}");
  code_folder_write (f, "node_modules/@scope/here/package.json", "{}");
  code_folder_write (f, "../layer/nodejs/node_modules/layered/package.json", "{}");
  code_folder_write (f, "../layer/nodejs/node20/node_modules/versioned/package.json", "{}");
  g_auto (GStrv) missing = find_missing (f);

  g_assert_cmpuint (g_strv_length (missing), ==, 1);
  g_assert_cmpstr (missing[0], ==, expected);
}

static void
test_a_list_that_cannot_be_read_names_nothing (CodeFolder *f, gconstpointer data)
{
  static const char *const lists[] = { "", "[", "[]", "{\"dependencies\": []}", "{}" };

  use_node (f, "");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      code_folder_write (f, "package.json", lists[i]);
      g_auto (GStrv) missing = find_missing (f);

      g_assert_cmpuint (g_strv_length (missing), ==, 0);
    }
}

static void
test_without_a_list_nothing_is_missing (CodeFolder *f, gconstpointer data)
{
  g_auto (GStrv) missing = find_missing (f);

  g_assert_cmpuint (g_strv_length (missing), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/environment/requirement/names-in-lines", test_names_in_lines_of_requirements);
  g_test_add_func ("/environment/requirement/names-are-normalised", test_names_are_normalised);
#define ADD(name, func)                                                                            \
  g_test_add ("/environment/missing-modules/" name, CodeFolder, NULL, code_folder_set_up, func,    \
              code_folder_tear_down)
  ADD ("a-python-package-that-is-not-there-is-named",
       test_a_python_package_that_is_not_there_is_named);
  ADD ("a-layer-may-have-it", test_a_layer_may_have_it);
  ADD ("a-node-package-that-is-not-there-is-named", test_a_node_package_that_is_not_there_is_named);
  ADD ("a-list-that-cannot-be-read-names-nothing", test_a_list_that_cannot_be_read_names_nothing);
  ADD ("without-a-list-nothing-is-missing", test_without_a_list_nothing_is_missing);

  return g_test_run ();
}
