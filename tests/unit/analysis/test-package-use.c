#include "engine/analysis/package-use.h"

static GPtrArray *
make_files (const char *const *paths)
{
  GPtrArray *files = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_package_file_free);

  for (guint i = 0; paths[i] != NULL; i++)
    g_ptr_array_add (files, kelvin_package_file_new (paths[i], 100 + i));
  return files;
}

static JsonNode *
describe (const char *const *paths, const char *const *opened)
{
  g_autoptr (GPtrArray) files = make_files (paths);
  g_autoptr (GPtrArray) list = g_ptr_array_new ();

  for (guint i = 0; opened[i] != NULL; i++)
    g_ptr_array_add (list, (char *) opened[i]);
  return kelvin_package_use_to_json (files, list);
}

static void
test_names_the_highest_folder_without_use (void)
{
  const char *const paths[] = { "app.py",       "big/a.py",        "big/sub/b.py",
                                "half/used.py", "half/tests/t.py", NULL };
  const char *const opened[] = { "/var/task/app.py", "/var/task/half/used.py", "/usr/lib/x", NULL };
  g_autoptr (JsonNode) node = describe (paths, opened);
  JsonObject *object = json_node_get_object (node);
  JsonArray *unopened = json_object_get_array_member (object, "unopened");

  g_assert_cmpint (json_object_get_int_member (object, "files"), ==, 5);
  g_assert_cmpint (json_object_get_int_member (object, "openedFiles"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (object, "openedBytes"), ==, 203);
  g_assert_cmpuint (json_array_get_length (unopened), ==, 2);
  JsonObject *first = json_array_get_object_element (unopened, 0);
  g_assert_cmpstr (json_object_get_string_member (first, "path"), ==, "big");
  g_assert_cmpint (json_object_get_int_member (first, "files"), ==, 2);
  g_assert_cmpint (json_object_get_int_member (first, "bytes"), ==, 203);
  JsonObject *second = json_array_get_object_element (unopened, 1);
  g_assert_cmpstr (json_object_get_string_member (second, "path"), ==, "half/tests");
}

static void
test_byte_code_stands_for_its_source (void)
{
  const char *const paths[] = { "p/m.py", "p/__pycache__/m.cpython-311.pyc", NULL };
  const char *const opened[] = { "/var/task/p/__pycache__/m.cpython-311.pyc", NULL };
  g_autoptr (JsonNode) node = describe (paths, opened);

  g_assert_cmpint (json_object_get_int_member (json_node_get_object (node), "openedFiles"), ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/analysis/package-use/names-the-highest-folder-without-use",
                   test_names_the_highest_folder_without_use);
  g_test_add_func ("/analysis/package-use/byte-code-stands-for-its-source",
                   test_byte_code_stands_for_its_source);
  return g_test_run ();
}
