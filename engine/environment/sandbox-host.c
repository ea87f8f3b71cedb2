/* What a sandbox shows of the machine: /usr and the few files of /etc that programs need. */

#include "engine/environment/sandbox-plan-private.h"

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

/* Below the prefix of an interpreter: the folders in which package managers put modules, for Python
 * in a folder of its version ("python3.11", or "python3" for all). */
static const char *const library_folders[] = { "/lib", "/lib64", "/local/lib" };
static const char *const python_folders[] = { "dist-packages", "site-packages" };

/* Debian builds Node so that it reads these parts of itself from there. */
#define DEBIAN_NODE_MODULES "/usr/share/nodejs"
static const char *const parts_of_node[] = { "acorn", "acorn-walk", "cjs-module-lexer", "minimatch",
                                             "undici" };

/* A link that leads elsewhere than to /usr would lead nowhere: what it means takes its place. */
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

/* @library is called @inside in the sandbox. */
static void
hide_pythons (KelvinSandboxPlan *self, const char *library, const char *inside, const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (python_folders); i++)
    {
      g_autofree char *folder = g_build_filename (library, name, python_folders[i], NULL);
      g_autofree char *target = g_build_filename (inside, name, python_folders[i], NULL);
      if (g_file_test (folder, G_FILE_TEST_IS_DIR))
        add_mask (self, target);
    }
}

static void
hide_in_library (KelvinSandboxPlan *self, const char *library, const char *inside)
{
  g_autoptr (GDir) dir = g_dir_open (library, 0, NULL);
  g_autofree char *modules = g_build_filename (library, "node_modules", NULL);
  g_autofree char *target = g_build_filename (inside, "node_modules", NULL);

  if (g_file_test (modules, G_FILE_TEST_IS_DIR))
    add_mask (self, target);
  for (const char *name = dir != NULL ? g_dir_read_name (dir) : NULL; name != NULL;
       name = g_dir_read_name (dir))
    if (g_str_has_prefix (name, "python3"))
      hide_pythons (self, library, inside, name);
}

static void
hide_below (KelvinSandboxPlan *self, const char *host_prefix, const char *prefix)
{
  for (gsize i = 0; i < G_N_ELEMENTS (library_folders); i++)
    {
      g_autofree char *library = g_strconcat (host_prefix, library_folders[i], NULL);
      g_autofree char *inside = g_strconcat (prefix, library_folders[i], NULL);
      hide_in_library (self, library, inside);
    }
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
  hide_below (self, "/usr", "/usr");
  hide_node_modules (self);
  if (!g_str_equal (host_prefix, prefix))
    hide_below (self, host_prefix, prefix);
}
