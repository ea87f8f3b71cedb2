/* Control groups: where they are found, and the second version of them on folders of plain files,
 * which take and give text as the kernel's do. */

#include "launcher/cgroup.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "launcher/cgroup-name.h"

#define MOUNTS_V1                                                                                  \
  "23 1 0:20 / /proc rw - proc proc rw\n"                                                          \
  "32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct\n"           \
  "33 31 0:30 / /sys/fs/cgroup/memory rw shared:9 - cgroup cgroup rw,memory\n"                     \
  "34 31 0:31 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"                              \
  "35 31 0:32 /box /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
#define MOUNTS_V2 "36 31 0:33 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n"

typedef struct {
  char *folder;
  CgroupRoots roots;
  Cgroups cgroups;
} Fixture;

static char *
path_of (Fixture *f, const char *name)
{
  return g_build_filename (f->folder, name, NULL);
}

static void
put (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = path_of (f, name);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_no_errno (g_mkdir_with_parents (parent, 0755));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
assert_text (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = path_of (f, name);
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("kelvin-test-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
}

static void
remove_folder (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);

  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_folder (child);
      else
        g_remove (child);
    }
  g_assert_no_errno (g_rmdir (path));
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_folder (f->folder);
  g_free (f->folder);
}

/* --- where they are --- */

static void
find_roots (Fixture *f, const char *mounts, const char *membership)
{
  g_autofree char *mountinfo = path_of (f, "mountinfo");
  g_autofree char *cgroup = path_of (f, "cgroup");

  put (f, "mountinfo", mounts);
  put (f, "cgroup", membership);
  cgroup_roots_find (&f->roots, mountinfo, cgroup);
}

static void
test_finds_a_hierarchy_for_each_controller (Fixture *f, gconstpointer data)
{
  find_roots (f, MOUNTS_V1,
              "4:memory:/user/one\n3:cpu,cpuacct:/\n2:cpuset:/other\n1:pids:/box/two\n");
  g_assert_cmpstr (f->roots.v1[CGROUP_MEMORY], ==, "/sys/fs/cgroup/memory/user/one");
  g_assert_cmpstr (f->roots.v1[CGROUP_CPU], ==, "/sys/fs/cgroup/cpu,cpuacct");
  g_assert_cmpstr (f->roots.v1[CGROUP_CPUACCT], ==, f->roots.v1[CGROUP_CPU]);
  g_assert_cmpstr (f->roots.v1[CGROUP_PIDS], ==, "/sys/fs/cgroup/pids/two");
  g_assert_cmpstr (f->roots.v2, ==, "");
}

static void
test_finds_the_one_of_v2 (Fixture *f, gconstpointer data)
{
  find_roots (f, MOUNTS_V2, "0::/user.slice/app.scope\n");
  g_assert_cmpstr (f->roots.v2, ==, "/sys/fs/cgroup/user.slice/app.scope");
  g_assert_cmpstr (f->roots.v2_top, ==, "/sys/fs/cgroup");
  g_assert_cmpstr (f->roots.v1[CGROUP_MEMORY], ==, "");
}

static void
test_takes_the_top_when_its_group_is_out_of_sight (Fixture *f, gconstpointer data)
{
  find_roots (f, MOUNTS_V1 MOUNTS_V2, "0::/../outside\n1:pids:/boxes\n");
  g_assert_cmpstr (f->roots.v2, ==, "/sys/fs/cgroup");
  g_assert_cmpstr (f->roots.v1[CGROUP_PIDS], ==, "/sys/fs/cgroup/pids");
}

static void
test_finds_none_in_nonsense (Fixture *f, gconstpointer data)
{
  find_roots (f, "nonsense\n1 2 3 - cgroup2\n - cgroup2 x y\n\n", "0:\n::\n\n");
  g_assert_cmpstr (f->roots.v2, ==, "");
  cgroup_roots_find (&f->roots, "/nonexistent/mountinfo", "/nonexistent/cgroup");
  cgroups_open (&f->cgroups, &f->roots);
  g_assert_cmpint (cgroups_get_version (&f->cgroups), ==, KELVIN_CGROUP_NONE);
}

/* --- v2 --- */

static char *
own_file (const char *name)
{
  char own[64];

  cgroup_name_make (own, sizeof own);
  return g_build_filename (own, name, NULL);
}

static void
put_own (Fixture *f, const char *name)
{
  g_autofree char *path = own_file (name);

  put (f, path, "");
}

static void
assert_own (Fixture *f, const char *name, const char *text)
{
  g_autofree char *path = own_file (name);

  assert_text (f, path, text);
}

/* The launcher is in app.scope, which it may not divide; the folder above it may be. */
static void
open_v2 (Fixture *f)
{
  g_autofree char *scope = path_of (f, "app.scope");

  g_assert_no_errno (g_mkdir (scope, 0755));
  put_own (f, "cgroup.subtree_control");
  f->roots = (CgroupRoots){ 0 };
  g_strlcpy (f->roots.v2, scope, sizeof f->roots.v2);
  g_strlcpy (f->roots.v2_top, f->folder, sizeof f->roots.v2_top);
  cgroups_open (&f->cgroups, &f->roots);
}

static void
put_sandbox_files (Fixture *f)
{
  static const char *const names[] = { "memory.max",    "memory.swap.max", "memory.stat",
                                       "memory.events", "cpu.max",         "cpu.stat",
                                       "pids.max",      "cgroup.procs" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_build_filename ("5", names[i], NULL);
      put_own (f, name);
    }
}

static void
test_v2_divides_the_nearest_group_that_it_may (Fixture *f, gconstpointer data)
{
  open_v2 (f);
  g_assert_cmpint (cgroups_get_version (&f->cgroups), ==, KELVIN_CGROUP_V2);
  assert_own (f, "cgroup.subtree_control", "+memory +cpu +pids");
  g_autofree char *scope = path_of (f, "app.scope");
  g_autofree char *refused = g_build_filename (scope, f->cgroups.name, NULL);
  g_assert_false (g_file_test (refused, G_FILE_TEST_EXISTS));
  cgroups_close (&f->cgroups);
}

static void
test_v2_limits_a_sandbox (Fixture *f, gconstpointer data)
{
  CgroupLimits limits = { .memory_bytes = 671088640, .n_processes = 1024 };
  Cgroup group;

  open_v2 (f);
  put_sandbox_files (f);
  g_assert_no_errno (cgroups_make (&f->cgroups, 5, &limits, &group));
  assert_own (f, "5/memory.max", "671088640");
  assert_own (f, "5/memory.swap.max", "0");
  assert_own (f, "5/cpu.max", "max 20000");
  assert_own (f, "5/pids.max", "1024");
  g_assert_cmpint (group.n_join, ==, 1);
  g_assert_cmpint (write (group.join[0], "0", 1), ==, 1);
  assert_own (f, "5/cgroup.procs", "0");
  /* Older kernels keep no peak. */
  g_assert_cmpint (group.controls[KELVIN_CONTROL_MEMORY_PEAK], ==, -1);
  g_assert_cmpint (group.controls[KELVIN_CONTROL_MEMORY_STAT], >=, 0);
  g_assert_cmpint (group.controls[KELVIN_CONTROL_CPU_QUOTA], >=, 0);
  cgroup_clear (&group);
  cgroups_close (&f->cgroups);
}

static void
test_v2_says_what_it_cannot_limit (Fixture *f, gconstpointer data)
{
  CgroupLimits limits = { .memory_bytes = 1, .n_processes = 1 };
  Cgroup group;

  open_v2 (f);
  g_assert_cmpint (cgroups_make (&f->cgroups, 5, &limits, &group), ==, -1);
  g_assert_cmpint (errno, ==, ENOENT);
  g_assert_cmpint (group.n_join, ==, 0);
  g_autofree char *name = own_file ("5");
  g_autofree char *path = path_of (f, name);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  cgroups_close (&f->cgroups);
}

static void
test_removes_what_the_dead_left (Fixture *f, gconstpointer data)
{
  g_autofree char *dead = path_of (f, "kelvin-1-1/7");
  g_autofree char *top = path_of (f, "kelvin-1-1");
  g_autofree char *strange = path_of (f, "kelvin-1-1-backup");

  g_assert_no_errno (g_mkdir_with_parents (dead, 0755));
  g_assert_no_errno (g_mkdir (strange, 0755));
  open_v2 (f);
  g_assert_false (g_file_test (top, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (strange, G_FILE_TEST_EXISTS));
  assert_own (f, "cgroup.subtree_control", "+memory +cpu +pids");
  cgroups_close (&f->cgroups);
}

static void
add (const char *path, void (*test) (Fixture *f, gconstpointer data))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  add ("/launcher/cgroup/finds-a-hierarchy-for-each-controller",
       test_finds_a_hierarchy_for_each_controller);
  add ("/launcher/cgroup/finds-the-one-of-v2", test_finds_the_one_of_v2);
  add ("/launcher/cgroup/takes-the-top-when-its-group-is-out-of-sight",
       test_takes_the_top_when_its_group_is_out_of_sight);
  add ("/launcher/cgroup/finds-none-in-nonsense", test_finds_none_in_nonsense);
  add ("/launcher/cgroup/v2-divides-the-nearest-group-that-it-may",
       test_v2_divides_the_nearest_group_that_it_may);
  add ("/launcher/cgroup/v2-limits-a-sandbox", test_v2_limits_a_sandbox);
  add ("/launcher/cgroup/v2-says-what-it-cannot-limit", test_v2_says_what_it_cannot_limit);
  add ("/launcher/cgroup/removes-what-the-dead-left", test_removes_what_the_dead_left);

  return g_test_run ();
}
