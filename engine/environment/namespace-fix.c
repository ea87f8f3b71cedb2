#include "engine/environment/namespace-fix.h"

#include <errno.h>
#include <string.h>

#include "engine/install-paths.h"

static gboolean
file_holds (const char *root, const char *path, const char *text)
{
  g_autofree char *file = g_build_filename (root, path, NULL);
  g_autofree char *content = NULL;

  return g_file_get_contents (file, &content, NULL, NULL) && strstr (content, text) != NULL;
}

static gboolean
file_exists (const char *root, const char *path)
{
  g_autofree char *file = g_build_filename (root, path, NULL);

  return g_file_test (file, G_FILE_TEST_EXISTS);
}

static gboolean
is_zero (const char *root, const char *path)
{
  g_autofree char *file = g_build_filename (root, path, NULL);
  g_autofree char *content = NULL;

  return g_file_get_contents (file, &content, NULL, NULL) && strcmp (content, "0\n") == 0;
}

/* A filter of system calls that was there before Kelvin is a container's. */
static gboolean
is_contained (const char *root)
{
  return file_exists (root, ".dockerenv") || file_exists (root, "run/.containerenv") ||
         file_holds (root, "proc/self/status", "\nSeccomp:\t2");
}

char *
kelvin_namespace_fix (const char *root, int error)
{
  g_return_val_if_fail (root != NULL, NULL);

  if (is_zero (root, "proc/sys/user/max_user_namespaces") || error == ENOSPC)
    return g_strdup ("allow user namespaces with: sudo sysctl user.max_user_namespaces=28633");
  if (is_zero (root, "proc/sys/kernel/unprivileged_userns_clone"))
    return g_strdup ("allow user namespaces with: sudo sysctl kernel.unprivileged_userns_clone=1");
  if (file_holds (root, "proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1\n"))
    return g_strdup_printf ("allow user namespaces to kelvin-launcher alone, until the next start "
                            "of the machine, with: sudo apparmor_parser --replace %s (to keep it: "
                            "copy it to /etc/apparmor.d/)",
                            kelvin_path_apparmor_profile ());
  if (is_contained (root))
    return g_strdup ("start the container with: --security-opt seccomp=unconfined --security-opt "
                     "systempaths=unconfined");
  if (error == ENOSYS)
    return g_strdup ("Linux 5.12 or newer is needed, with user namespaces (CONFIG_USER_NS)");
  return g_strdup ("a security module (AppArmor, SELinux) or a filter of system calls forbids it: "
                   "its log says which");
}
