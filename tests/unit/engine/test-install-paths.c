#include "engine/install-paths.h"

#include <string.h>

static void
test_a_program_of_the_build_tree_uses_it (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *prices = g_build_filename (kelvin_path_data (), "prices.json", NULL);
  g_autofree char *python = g_build_filename (kelvin_path_runtimes (), "python", NULL);
  g_autofree char *build = g_strdup (kelvin_path_launcher ());

  g_assert_true (g_str_has_suffix (build, "/launcher/kelvin-launcher"));
  *g_strrstr (build, "/launcher/") = '\0';
  g_assert_true (g_str_has_prefix (program, build));
  g_assert_true (g_file_test (prices, G_FILE_TEST_IS_REGULAR));
  g_assert_true (g_file_test (python, G_FILE_TEST_IS_DIR));
}

static void
test_the_profile_is_for_the_launcher (void)
{
  g_autofree char *profile = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *head = g_strdup_printf (
      "\nprofile kelvin-launcher %s flags=(unconfined) {\n  userns,\n", kelvin_path_launcher ());

  g_file_get_contents (kelvin_path_apparmor_profile (), &profile, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (profile, head));
}

static void
test_the_option_comes_before_variables (void)
{
  g_autofree char *home = g_build_filename (g_get_user_data_dir (), "kelvin", NULL);

  g_unsetenv ("KELVIN_DATA_DIR");
  g_autofree char *by_default = kelvin_path_user_data (NULL);
  g_setenv ("KELVIN_DATA_DIR", "", TRUE);
  g_autofree char *by_empty_variable = kelvin_path_user_data (NULL);
  g_setenv ("KELVIN_DATA_DIR", "/variable/", TRUE);
  g_autofree char *by_variable = kelvin_path_user_data (NULL);
  g_autofree char *by_option = kelvin_path_user_data ("/option");

  g_assert_cmpstr (by_default, ==, home);
  g_assert_cmpstr (by_empty_variable, ==, home);
  g_assert_cmpstr (by_variable, ==, "/variable");
  g_assert_cmpstr (by_option, ==, "/option");
}

static void
test_a_relative_option_becomes_absolute (void)
{
  g_autofree char *current = g_get_current_dir ();
  g_autofree char *expected = g_build_filename (current, "here", NULL);
  g_autofree char *path = kelvin_path_user_data ("./here");

  g_assert_cmpstr (path, ==, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/engine/install-paths/a-program-of-the-build-tree-uses-it",
                   test_a_program_of_the_build_tree_uses_it);
  g_test_add_func ("/engine/install-paths/the-profile-is-for-the-launcher",
                   test_the_profile_is_for_the_launcher);
  g_test_add_func ("/engine/install-paths/the-option-comes-before-variables",
                   test_the_option_comes_before_variables);
  g_test_add_func ("/engine/install-paths/a-relative-option-becomes-absolute",
                   test_a_relative_option_becomes_absolute);

  return g_test_run ();
}
