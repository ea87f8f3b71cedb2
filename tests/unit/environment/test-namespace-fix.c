/* What is to be done where no namespaces can be had, by files like those of such machines. */

#include "engine/environment/namespace-fix.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "engine/install-paths.h"

typedef struct {
  const char *name;
  const char *path;
  const char *text;
  int error;
  const char *fix;
} Case;

static const Case cases[] = {
  { "switched-off", "proc/sys/user/max_user_namespaces", "0\n", ENOSPC,
    "sudo sysctl user.max_user_namespaces=28633" },
  { "used-up", "proc/sys/user/max_user_namespaces", "100\n", ENOSPC,
    "sudo sysctl user.max_user_namespaces=28633" },
  { "debian", "proc/sys/kernel/unprivileged_userns_clone", "0\n", EPERM,
    "sudo sysctl kernel.unprivileged_userns_clone=1" },
  { "ubuntu", "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n", EACCES,
    "sudo apparmor_parser --replace " },
  { "docker", ".dockerenv", "", EPERM, "--security-opt seccomp=unconfined" },
  { "podman", "run/.containerenv", "", EPERM, "--security-opt seccomp=unconfined" },
  { "filter", "proc/self/status", "Name:\tkelvin\nSeccomp:\t2\n", EPERM,
    "--security-opt seccomp=unconfined" },
  { "old-kernel", "proc/self/status", "Name:\tkelvin\nSeccomp:\t0\n", ENOSYS, "Linux 5.12" },
  { "unknown", "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0\n", EPERM,
    "its log says which" },
};

static void
test_fix (gconstpointer data)
{
  const Case *given = data;
  g_autofree char *root = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_autofree char *file = g_build_filename (root, given->path, NULL);
  g_autofree char *folder = g_path_get_dirname (file);
  g_autoptr (GError) error = NULL;
  const char *arguments[] = { "rm", "-r", root, NULL };

  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  g_file_set_contents (file, given->text, -1, &error);
  g_assert_no_error (error);
  g_autofree char *fix = kelvin_namespace_fix (root, given->error);
  g_assert_nonnull (strstr (fix, given->fix));
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                NULL);
}

static void
test_names_a_profile_that_is_there (void)
{
  g_assert_true (g_file_test (kelvin_path_apparmor_profile (), G_FILE_TEST_IS_REGULAR));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/environment/namespace-fix/", cases[i].name, NULL);
      g_test_add_data_func (path, &cases[i], test_fix);
    }
  g_test_add_func ("/environment/namespace-fix/names-a-profile-that-is-there",
                   test_names_a_profile_that_is_there);

  return g_test_run ();
}
