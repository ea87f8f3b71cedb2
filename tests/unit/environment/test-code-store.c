#include "engine/environment/code-store.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/environment/code-lock.h"
#include "engine/fd.h"
#include "tests/unit/environment/code-folder.h"

static char *
copied (KelvinVersion *version, const char *name)
{
  return g_build_filename (kelvin_version_get_code_dir (version), name, NULL);
}

static void
assert_copied (KelvinVersion *version, const char *name, const char *text)
{
  g_autofree char *path = copied (version, name);
  g_autofree char *found = NULL;

  g_assert_true (g_file_get_contents (path, &found, NULL, NULL));
  g_assert_cmpstr (found, ==, text);
}

static void
assert_not_copied (KelvinVersion *version, const char *name)
{
  g_autofree char *path = copied (version, name);

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static guint
mode_of (KelvinVersion *version, const char *name)
{
  g_autofree char *path = copied (version, name);
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

/* Two takes with a change between them: is it another version? */
static gboolean
changes_version (CodeFolder *f, const char *name, const char *text)
{
  g_autoptr (KelvinVersion) before = code_folder_take_well (f);
  code_folder_write (f, name, text);
  g_autoptr (KelvinVersion) after = code_folder_take_well (f);

  return strcmp (kelvin_version_get_hash (before), kelvin_version_get_hash (after)) != 0;
}

static void
test_a_copy_keeps_what_the_person_edits (CodeFolder *f, gconstpointer data)
{
  g_autoptr (KelvinVersion) before = code_folder_take_well (f);

  code_folder_write (f, "handler.py", "changed");
  g_autoptr (KelvinVersion) after = code_folder_take_well (f);

  g_assert_cmpuint (strlen (kelvin_version_get_hash (before)), ==, 64);
  g_assert_cmpstr (kelvin_version_get_hash (before), !=, kelvin_version_get_hash (after));
  assert_copied (before, "handler.py", "def main(event, context): return 1\n");
  assert_copied (after, "handler.py", "changed");
}

static void
test_the_same_content_is_the_same_version (CodeFolder *f, gconstpointer data)
{
  g_autoptr (KelvinVersion) first = code_folder_take_well (f);
  code_folder_write (f, "handler.py", "x");
  g_autoptr (KelvinVersion) second = code_folder_take_well (f);
  code_folder_write (f, "handler.py", "def main(event, context): return 1\n");
  g_autoptr (KelvinVersion) third = code_folder_take_well (f);

  g_assert_cmpstr (kelvin_version_get_hash (first), ==, kelvin_version_get_hash (third));
  g_assert_cmpstr (kelvin_version_get_code_dir (first), ==, kelvin_version_get_code_dir (third));
  g_assert_cmpuint (kelvin_version_get_code_bytes (first), ==, 35);
}

static void
test_an_edit_of_the_same_size_at_once_is_seen (CodeFolder *f, gconstpointer data)
{
  for (guint i = 0; i < 10; i++)
    {
      char digit[2] = { (char) ('0' + i), '\0' };
      g_autofree char *path = code_folder_path (f, "handler.py");
      g_auto (KelvinFd) fd = open (path, O_WRONLY | O_CLOEXEC);

      g_assert_cmpint (pwrite (fd, digit, 1, 0), ==, 1);
      g_assert_cmpint (ftruncate (fd, 1), ==, 0);
      g_autoptr (KelvinVersion) version = code_folder_take_well (f);
      assert_copied (version, "handler.py", digit);
    }
}

static void
test_what_changes_the_version (CodeFolder *f, gconstpointer data)
{
  static const struct {
    const char *name;
    const char *text;
    gboolean changes;
  } cases[] = {
    { "lib/util.py", "x = 1", TRUE },
    { "node_modules/a/index.js", "1", TRUE },
    { "lib/site-packages/b.py", "1", TRUE },
    { "function.json",
      "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", \"Timeout\": 5}", TRUE },
    { "function.json",
      "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", \"Timeout\": 5, "
      "\"Description\": \"new\", \"Tags\": {\"a\": \"b\"}}",
      FALSE },
    { "function.json",
      "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", \"Timeout\": 5, "
      "\"Environment\": {\"Variables\": {\"AB\": \"1\"}}}",
      TRUE },
    { "function.json",
      "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", \"Timeout\": 5, "
      "\"Environment\": {\"Variables\": {\"AB\": \"2\"}}}",
      TRUE },
    { "events/hello.json", "{}", FALSE },
    { "__pycache__/handler.pyc", "x", FALSE },
    { ".git/config", "x", FALSE },
    { ".venv/lib/x.py", "x", FALSE },
    { ".handler.py.swp", "x", FALSE },
    { "handler.py~", "x", FALSE },
    { "lib/events/made.py", "x", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (changes_version (f, cases[i].name, cases[i].text), ==, cases[i].changes);
}

static void
test_the_executable_bit_changes_the_version (CodeFolder *f, gconstpointer data)
{
  g_autofree char *path = code_folder_path (f, "handler.py");
  g_autoptr (KelvinVersion) before = code_folder_take_well (f);

  g_assert_cmpint (chmod (path, 0700), ==, 0);
  g_autoptr (KelvinVersion) after = code_folder_take_well (f);
  g_assert_cmpstr (kelvin_version_get_hash (before), !=, kelvin_version_get_hash (after));
}

static void
test_copies_are_readable_by_all (CodeFolder *f, gconstpointer data)
{
  mode_t old = umask (0077);
  g_autofree char *path = code_folder_path (f, "bootstrap");

  code_folder_write (f, "bootstrap", "#!/bin/sh\n");
  code_folder_write (f, "lib/x.py", "");
  g_assert_cmpint (chmod (path, 0700), ==, 0);
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  umask (old);

  g_assert_cmpuint (mode_of (version, "."), ==, 0755);
  g_assert_cmpuint (mode_of (version, "lib"), ==, 0755);
  g_assert_cmpuint (mode_of (version, "lib/x.py"), ==, 0644);
  g_assert_cmpuint (mode_of (version, "handler.py"), ==, 0644);
  g_assert_cmpuint (mode_of (version, "bootstrap"), ==, 0755);
}

static void
test_what_is_no_code_stays_behind (CodeFolder *f, gconstpointer data)
{
  code_folder_write (f, "events/hello.json", "{}");
  code_folder_write (f, ".git/config", "");
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);

  assert_not_copied (version, "events");
  assert_not_copied (version, ".git");
  assert_not_copied (version, "function.json");
}

static void
test_dependencies_are_mount_points (CodeFolder *f, gconstpointer data)
{
  g_autofree char *source = code_folder_path (f, "node_modules");

  code_folder_write (f, "node_modules/a/node_modules/b/index.js", "1");
  code_folder_write (f, "packages/p/node_modules/c/index.js", "1");
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  GPtrArray *trees = kelvin_version_get_trees (version);

  g_assert_cmpuint (trees->len, ==, 2);
  const KelvinDependencyTree *first = g_ptr_array_index (trees, 0);
  const KelvinDependencyTree *second = g_ptr_array_index (trees, 1);
  g_assert_cmpstr (first->relative, ==, "node_modules");
  g_assert_cmpstr (first->source, ==, source);
  g_assert_cmpstr (second->relative, ==, "packages/p/node_modules");
  g_assert_cmpuint (mode_of (version, "node_modules"), ==, 0755);
  assert_not_copied (version, "node_modules/a");
  g_assert_cmpuint (kelvin_version_get_code_bytes (version), ==, 35);
}

static void
test_a_tree_may_be_a_link (CodeFolder *f, gconstpointer data)
{
  g_autofree char *link = code_folder_path (f, "node_modules");
  g_autofree char *source = g_build_filename (f->base, "elsewhere", NULL);

  code_folder_write (f, "../elsewhere/a/index.js", "1");
  g_assert_cmpint (symlink ("../elsewhere", link), ==, 0);
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  const KelvinDependencyTree *tree = g_ptr_array_index (kelvin_version_get_trees (version), 0);

  g_assert_cmpstr (tree->source, ==, source);
  g_assert_cmpuint (mode_of (version, "node_modules"), ==, 0755);
}

static void
test_a_change_deep_in_dependencies_is_seen (CodeFolder *f, gconstpointer data)
{
  code_folder_write (f, "node_modules/a/lib/deep/x.js", "1");
  g_assert_true (changes_version (f, "node_modules/a/lib/deep/y.js", "1"));
}

static void
test_a_change_in_a_layer_is_seen (CodeFolder *f, gconstpointer data)
{
  code_folder_write (f, "../layer/python/x.py", "1");
  code_folder_write (f, "function.json",
                     "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", "
                     "\"Layers\": [\"../layer\"]}");
  g_assert_true (changes_version (f, "../layer/python/y.py", "1"));
}

static void
test_links_inside_are_kept (CodeFolder *f, gconstpointer data)
{
  g_autofree char *folder = code_folder_path (f, "lib");
  g_autofree char *relative = code_folder_path (f, "lib/relative.py");
  g_autofree char *absolute = code_folder_path (f, "lib/absolute.py");
  g_autofree char *handler = code_folder_path (f, "handler.py");

  g_assert_cmpint (g_mkdir (folder, 0755), ==, 0);
  g_assert_cmpint (symlink ("../handler.py", relative), ==, 0);
  g_assert_cmpint (symlink (handler, absolute), ==, 0);
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  g_autofree char *first = copied (version, "lib/relative.py");
  g_autofree char *second = copied (version, "lib/absolute.py");
  g_autofree char *first_target = g_file_read_link (first, NULL);
  g_autofree char *second_target = g_file_read_link (second, NULL);

  g_assert_cmpstr (first_target, ==, "../handler.py");
  g_assert_cmpstr (second_target, ==, "../handler.py");
}

static void
test_a_link_to_the_outside_is_named (CodeFolder *f, gconstpointer data)
{
  static const char *const targets[] = { "/etc/passwd", "../data", "..", "lib/../../x" };
  g_autofree char *link = code_folder_path (f, "link");

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (symlink (targets[i], link), ==, 0);
      g_assert_null (code_folder_take (f, &error));
      g_assert_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED);
      g_assert_true (g_str_has_prefix (error->message, link));
      g_assert_nonnull (strstr (error->message, targets[i]));
      code_folder_remove (f, "link");
    }
}

static void
test_too_much_code_names_the_largest_folder (CodeFolder *f, gconstpointer data)
{
  g_autofree char *path = code_folder_path (f, "big/file");
  g_autoptr (GError) error = NULL;

  code_folder_write (f, "big/file", "");
  g_assert_cmpint (truncate (path, 65 * 1048576), ==, 0);
  g_assert_null (code_folder_take (f, &error));
  g_assert_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_TOO_LARGE);
  g_assert_nonnull (strstr (error->message, "hello/big with 65.0 MB"));
}

static void
test_large_installed_packages_are_mounted (CodeFolder *f, gconstpointer data)
{
  g_autofree char *path = code_folder_path (f, "numpy/core/large");
  g_autofree char *source = code_folder_path (f, "numpy");

  code_folder_write (f, "numpy/core/large", "");
  code_folder_write (f, "numpy-1.26.dist-info/RECORD",
                     "numpy/core/large,sha256=x,1\nnumpy-1.26.dist-info/RECORD,,\n../bin/f2py,,\n");
  code_folder_write (f, "numpy-extra.py", "");
  g_autoptr (KelvinVersion) small = code_folder_take_well (f);
  g_assert_cmpint (truncate (path, 65 * 1048576), ==, 0);
  g_autoptr (KelvinVersion) large = code_folder_take_well (f);
  GPtrArray *trees = kelvin_version_get_trees (large);

  g_assert_cmpuint (kelvin_version_get_trees (small)->len, ==, 0);
  assert_copied (small, "numpy/core/large", "");
  g_assert_cmpuint (trees->len, ==, 2);
  const KelvinDependencyTree *tree = g_ptr_array_index (trees, 0);
  g_assert_cmpstr (tree->relative, ==, "numpy");
  g_assert_cmpstr (tree->source, ==, source);
  assert_not_copied (large, "numpy/core");
  assert_copied (large, "numpy-extra.py", "");
  g_assert_cmpuint (kelvin_version_get_code_bytes (large), ==, 35);
}

static void
test_a_folder_that_is_gone_is_an_error (CodeFolder *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  code_folder_remove (f, "function.json");
  code_folder_remove (f, "handler.py");
  g_assert_cmpint (g_rmdir (f->dir), ==, 0);
  g_assert_null (code_folder_take (f, &error));
  g_assert_error (error, KELVIN_FUNCTION_ERROR, KELVIN_FUNCTION_ERROR_NOT_FOUND);
}

static void
test_a_data_folder_that_cannot_be_made_is_named (CodeFolder *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (f->data_dir, "a file", -1, NULL));
  g_assert_null (code_folder_take (f, &error));
  g_assert_error (error, KELVIN_CODE_STORE_ERROR, KELVIN_CODE_STORE_ERROR_FAILED);
  g_assert_true (g_str_has_prefix (error->message, f->data_dir));
}

static void
test_a_damaged_copy_is_made_anew (CodeFolder *f, gconstpointer data)
{
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  g_autofree char *path = copied (version, "handler.py");
  g_autofree char *index = g_build_filename (f->data_dir, "code", "index", NULL);
  g_autofree char *away = g_build_filename (f->data_dir, "code", "away", NULL);

  /* as after a power loss: an empty file, and caches that count no more */
  g_assert_cmpint (truncate (path, 0), ==, 0);
  g_assert_cmpint (rename (index, away), ==, 0);
  g_autoptr (KelvinVersion) again = code_folder_take_well (f);
  assert_copied (again, "handler.py", "def main(event, context): return 1\n");
}

static void
test_a_copy_that_was_removed_is_made_anew (CodeFolder *f, gconstpointer data)
{
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  g_autofree char *away = g_build_filename (f->data_dir, "code", "away", NULL);

  g_assert_cmpint (rename (kelvin_version_get_code_dir (version), away), ==, 0);
  g_autoptr (KelvinVersion) again = code_folder_take_well (f);
  assert_copied (again, "handler.py", "def main(event, context): return 1\n");
}

static void
make_old (const char *path)
{
  struct timespec times[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };

  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static void
test_pruning_spares_what_is_in_use (CodeFolder *f, gconstpointer data)
{
  g_autofree char *code_dir = g_build_filename (f->data_dir, "code", NULL);
  g_autoptr (KelvinVersion) kept = code_folder_take_well (f);
  code_folder_write (f, "handler.py", "2");
  g_autoptr (KelvinVersion) dropped = code_folder_take_well (f);
  g_autofree char *dropped_dir = g_strdup (kelvin_version_get_code_dir (dropped));

  g_clear_object (&dropped);
  make_old (kelvin_version_get_code_dir (kept));
  kelvin_code_prune (code_dir);
  g_assert_true (g_file_test (dropped_dir, G_FILE_TEST_IS_DIR));
  make_old (dropped_dir);
  kelvin_code_prune (code_dir);
  g_assert_false (g_file_test (dropped_dir, G_FILE_TEST_EXISTS));
  assert_copied (kept, "handler.py", "def main(event, context): return 1\n");
}

static void
test_values_of_variables_are_nowhere_in_the_store (CodeFolder *f, gconstpointer data)
{
  g_autofree char *key = g_build_filename (f->data_dir, "code", "variables.key", NULL);
  struct stat info;

  code_folder_write (f, "function.json",
                     "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\", "
                     "\"Environment\": {\"Variables\": {\"AB\": \"hunter2\"}}}");
  g_autoptr (KelvinVersion) version = code_folder_take_well (f);
  g_autofree char *found = NULL;
  const char *argv[] = { "grep", "-rl", "hunter2", f->data_dir, NULL };

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &found,
                               NULL, NULL, NULL));
  g_assert_cmpstr (found, ==, "");
  g_assert_cmpint (stat (key, &info), ==, 0);
  g_assert_cmpuint (info.st_mode & 07777, ==, 0600);
  g_assert_cmpint (info.st_size, ==, 32);
}

static void
test_can_be_cancelled (CodeFolder *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (code_folder_take_cancellable (f, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
run_git (CodeFolder *f, const char *command)
{
  g_autofree char *line =
      g_strdup_printf ("git -C '%s' -c user.name=a -c user.email=a@b -c init.defaultBranch=main %s",
                       f->dir, command);
  int status = -1;

  g_assert_true (g_spawn_command_line_sync (line, NULL, NULL, &status, NULL));
  g_assert_cmpint (status, ==, 0);
}

static void
test_a_version_knows_its_commit (CodeFolder *f, gconstpointer data)
{
  g_autofree char *git = g_find_program_in_path ("git");

  if (git == NULL)
    {
      g_test_skip ("the git program isn't installed");
      return;
    }
  run_git (f, "init -q");
  g_autoptr (KelvinVersion) unborn = code_folder_take_well (f);
  run_git (f, "add .");
  run_git (f, "commit -qm one");
  g_autoptr (KelvinVersion) clean = code_folder_take_well (f);
  code_folder_write (f, "events/a.json", "{}");
  g_autoptr (KelvinVersion) same = code_folder_take_well (f);
  code_folder_write (f, "handler.py", "dirty");
  g_autoptr (KelvinVersion) dirty = code_folder_take_well (f);

  g_assert_null (kelvin_version_get_git_commit (unborn));
  g_assert_cmpuint (strlen (kelvin_version_get_git_commit (clean)), ==, 40);
  g_assert_cmpstr (kelvin_version_get_git_branch (clean), ==, "main");
  g_assert_true (kelvin_version_is_git_clean (clean));
  g_assert_true (kelvin_version_is_git_clean (same));
  g_assert_false (kelvin_version_is_git_clean (dirty));
  g_assert_cmpstr (kelvin_version_get_git_commit (dirty), ==,
                   kelvin_version_get_git_commit (clean));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/environment/code-store/" name, CodeFolder, NULL, code_folder_set_up, func,         \
              code_folder_tear_down)
  ADD ("a-copy-keeps-what-the-person-edits", test_a_copy_keeps_what_the_person_edits);
  ADD ("the-same-content-is-the-same-version", test_the_same_content_is_the_same_version);
  ADD ("an-edit-of-the-same-size-at-once-is-seen", test_an_edit_of_the_same_size_at_once_is_seen);
  ADD ("what-changes-the-version", test_what_changes_the_version);
  ADD ("the-executable-bit-changes-the-version", test_the_executable_bit_changes_the_version);
  ADD ("copies-are-readable-by-all", test_copies_are_readable_by_all);
  ADD ("what-is-no-code-stays-behind", test_what_is_no_code_stays_behind);
  ADD ("dependencies-are-mount-points", test_dependencies_are_mount_points);
  ADD ("a-tree-may-be-a-link", test_a_tree_may_be_a_link);
  ADD ("a-change-deep-in-dependencies-is-seen", test_a_change_deep_in_dependencies_is_seen);
  ADD ("a-change-in-a-layer-is-seen", test_a_change_in_a_layer_is_seen);
  ADD ("links-inside-are-kept", test_links_inside_are_kept);
  ADD ("a-link-to-the-outside-is-named", test_a_link_to_the_outside_is_named);
  ADD ("too-much-code-names-the-largest-folder", test_too_much_code_names_the_largest_folder);
  ADD ("large-installed-packages-are-mounted", test_large_installed_packages_are_mounted);
  ADD ("a-folder-that-is-gone-is-an-error", test_a_folder_that_is_gone_is_an_error);
  ADD ("a-data-folder-that-cannot-be-made-is-named",
       test_a_data_folder_that_cannot_be_made_is_named);
  ADD ("a-damaged-copy-is-made-anew", test_a_damaged_copy_is_made_anew);
  ADD ("a-copy-that-was-removed-is-made-anew", test_a_copy_that_was_removed_is_made_anew);
  ADD ("pruning-spares-what-is-in-use", test_pruning_spares_what_is_in_use);
  ADD ("values-of-variables-are-nowhere-in-the-store",
       test_values_of_variables_are_nowhere_in_the_store);
  ADD ("can-be-cancelled", test_can_be_cancelled);
  ADD ("a-version-knows-its-commit", test_a_version_knows_its_commit);

  return g_test_run ();
}
