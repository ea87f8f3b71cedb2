/* What a sandbox shows of the machine: /usr and the few files of /etc that programs need. */

#include "engine/environment/sandbox-plan-private.h"

#include <glob.h>

/* On most machines links into /usr, on some folders of their own. */
static const char *const beside_usr[] = { "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };

/* Of /etc only what names nobody and holds no secret: which program a name stands for, where
 * libraries and time zones are, and which certificates are trusted. */
static const char *const from_etc[] = {
  "/etc/alternatives",    "/etc/ld.so.cache",
  "/etc/localtime",       "/etc/ssl/certs",
  "/etc/ssl/openssl.cnf", "/etc/ca-certificates",
  "/etc/pki/tls/certs",   "/etc/pki/ca-trust/extracted",
};

/* Where package managers put modules for Python and Node, below the prefix of an interpreter. */
static const char *const package_folders[] = {
  "/lib/python3/dist-packages",
  "/lib/python3*/dist-packages",
  "/lib/python3*/site-packages",
  "/lib64/python3*/site-packages",
  "/local/lib/python3*/dist-packages",
  "/local/lib/python3*/site-packages",
  "/lib/node_modules",
  "/local/lib/node_modules",
};

/* Debian builds Node so that it reads these parts of itself from there. */
#define DEBIAN_NODE_MODULES "/usr/share/nodejs"
static const char *const parts_of_node[] = { "acorn", "acorn-walk", "cjs-module-lexer", "minimatch",
                                             "undici" };

/* A link that leads elsewhere than to /usr would lead nowhere: what it means is shown in its place.
 */
static void
add_as_it_is (KelvinSandboxPlan *plan, const char *path)
{
  g_autofree char *link = g_file_read_link (path, NULL);

  if (link != NULL && (g_str_has_prefix (link, "usr/") || g_str_has_prefix (link, "/usr/")))
    kelvin_sandbox_plan_add_link (plan, link, path);
  else if (g_file_test (path, G_FILE_TEST_EXISTS))
    kelvin_sandbox_plan_add_bind (plan, path, path);
}

void
kelvin_sandbox_plan_add_host (KelvinSandboxPlan *self)
{
  kelvin_sandbox_plan_add_bind (self, "/usr", "/usr");
  for (gsize i = 0; i < G_N_ELEMENTS (beside_usr); i++)
    add_as_it_is (self, beside_usr[i]);
  for (gsize i = 0; i < G_N_ELEMENTS (from_etc); i++)
    add_as_it_is (self, from_etc[i]);
}

static void
add_mask (KelvinSandboxPlan *self, const char *target)
{
  kelvin_sandbox_plan_add (
      self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_MASK, .target = (char *) target });
}

static void
hide_matching (KelvinSandboxPlan *self, const char *host_prefix, const char *prefix,
               const char *pattern)
{
  g_autofree char *host_pattern = g_strconcat (host_prefix, pattern, NULL);
  glob_t found = { 0 };

  if (glob (host_pattern, GLOB_NOSORT | GLOB_ONLYDIR, NULL, &found) == 0)
    for (gsize i = 0; i < found.gl_pathc; i++)
      {
        g_autofree char *target =
            g_strconcat (prefix, found.gl_pathv[i] + strlen (host_prefix), NULL);
        add_mask (self, target);
      }
  globfree (&found);
}

static void
hide_node_modules (KelvinSandboxPlan *self)
{
  if (!g_file_test (DEBIAN_NODE_MODULES, G_FILE_TEST_IS_DIR))
    return;

  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_MEMORY,
                                                    .number = 1,
                                                    .value = 64,
                                                    .mode = 0755,
                                                    .target = (char *) DEBIAN_NODE_MODULES });
  for (gsize i = 0; i < G_N_ELEMENTS (parts_of_node); i++)
    {
      g_autofree char *part = g_build_filename (DEBIAN_NODE_MODULES, parts_of_node[i], NULL);
      if (g_file_test (part, G_FILE_TEST_IS_DIR))
        kelvin_sandbox_plan_add_bind (self, part, part);
    }
  kelvin_sandbox_plan_add (self, &(KelvinPlanStep){ .kind = KELVIN_OPERATION_SEAL,
                                                    .target = (char *) DEBIAN_NODE_MODULES });
}

void
kelvin_sandbox_plan_hide_packages (KelvinSandboxPlan *self, const char *host_prefix,
                                   const char *prefix)
{
  for (gsize i = 0; i < G_N_ELEMENTS (package_folders); i++)
    hide_matching (self, "/usr", "/usr", package_folders[i]);
  hide_node_modules (self);
  if (g_str_equal (host_prefix, prefix))
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (package_folders); i++)
    hide_matching (self, host_prefix, prefix, package_folders[i]);
}
