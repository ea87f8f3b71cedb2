/* A made-up home with interpreters that are scripts; no machine has their versions. */

#include "engine/environment/interpreter.h"

#include <glib/gstdio.h>

/* Where a version manager would install it, and what the program would say of itself. */
typedef struct {
  const char *program; /* below the home */
  const char *version;
  const char *prefix; /* below the home; NULL: Node, which isn't asked for it */
} Fake;

static void
set_up_environment (void)
{
  g_setenv ("PATH", "/no/such/folder", TRUE);
  g_unsetenv ("PYENV_ROOT");
  g_unsetenv ("NVM_DIR");
  g_unsetenv ("ASDF_DATA_DIR");
  g_unsetenv ("MISE_DATA_DIR");
  g_unsetenv ("UV_PYTHON_INSTALL_DIR");
}

static void
set_folder_of_uv (void)
{
  g_autofree char *folder = g_build_filename (g_get_home_dir (), "uv", NULL);

  g_setenv ("UV_PYTHON_INSTALL_DIR", folder, TRUE);
}

static char *
in_home (const char *path)
{
  return g_build_filename (g_get_home_dir (), path, NULL);
}

static void
write_script (const char *path, const char *text)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (folder, 0755));
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  g_assert_no_errno (g_chmod (path, 0755));
}

/* Returns the path of the program. */
static char *
install (const Fake *fake)
{
  char *program = in_home (fake->program);
  g_autofree char *prefix = in_home (fake->prefix != NULL ? fake->prefix : "");
  g_autofree char *text = g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' '%s' '%s' '%s'\n",
                                           fake->version, program, prefix);

  write_script (program, text);
  return program;
}

static const Fake pyenv_377 = { ".pyenv/versions/3.77.1/bin/python3.77", "3.77.1",
                                ".pyenv/versions/3.77.1" };
static const Fake pyenv_377_newer = { ".pyenv/versions/3.77.12/bin/python3.77", "3.77.12",
                                      ".pyenv/versions/3.77.12" };
static const Fake asdf_379 = { ".asdf/installs/python/3.79.0/bin/python3.79", "3.79.0",
                               ".asdf/installs/python/3.79.0" };
static const Fake uv_378 = { "uv/cpython-3.78.2-linux-x86_64-gnu/bin/python3.78", "3.78.2",
                             "uv/cpython-3.78.2-linux-x86_64-gnu" };
static const Fake nvm_97 = { ".nvm/versions/node/v97.4.0/bin/node", "97.4.0", NULL };
static const Fake volta_98 = { ".volta/tools/image/node/98.0.3/bin/node", "98.0.3", NULL };

static KelvinInterpreter *
find (const char *runtime, char **out_note)
{
  g_autoptr (GError) error = NULL;
  KelvinInterpreter *found = kelvin_interpreter_find (runtime, NULL, out_note, &error);

  g_assert_no_error (error);
  g_assert_nonnull (found);
  return found;
}

static void
test_finds_the_exact_version (void)
{
  g_autofree char *program = install (&pyenv_377);
  g_autofree char *other = install (&asdf_379);
  g_autofree char *prefix = in_home (pyenv_377.prefix);
  g_autofree char *note = NULL;

  g_autoptr (KelvinInterpreter) found = find ("python3.77", &note);
  g_assert_null (note);
  g_assert_cmpstr (found->name, ==, "python3.77");
  g_assert_cmpstr (found->version, ==, "3.77.1");
  g_assert_cmpstr (found->path, ==, program);
  g_assert_cmpstr (found->prefix, ==, prefix);
}

static void
test_prefers_the_newest_patch (void)
{
  g_autofree char *old = install (&pyenv_377);
  g_autofree char *new = install (&pyenv_377_newer);
  g_autofree char *note = NULL;

  g_autoptr (KelvinInterpreter) found = find ("python3.77", &note);
  g_assert_cmpstr (found->version, ==, "3.77.12");
}

static void
test_notes_another_version (void)
{
  g_autofree char *far = install (&pyenv_377);
  g_autofree char *near = install (&asdf_379);
  g_autofree char *note = NULL;

  g_autoptr (KelvinInterpreter) found = find ("python3.83", &note);
  g_assert_cmpstr (found->name, ==, "python3.79");
  g_assert_cmpstr (note, ==, "measured on 3.79, asked for 3.83");
}

static void
test_finds_node (void)
{
  g_autofree char *program = install (&nvm_97);
  g_autofree char *headers = in_home (".nvm/versions/node/v97.4.0/include/node");
  g_autofree char *prefix = in_home (".nvm/versions/node/v97.4.0");
  g_autofree char *other = install (&volta_98);
  g_autofree char *note = NULL;

  g_assert_no_errno (g_mkdir_with_parents (headers, 0755));
  g_autoptr (KelvinInterpreter) found = find ("nodejs97.x", &note);
  g_assert_null (note);
  g_assert_cmpstr (found->name, ==, "nodejs97.x");
  g_assert_cmpstr (found->path, ==, program);
  g_assert_cmpstr (found->prefix, ==, prefix);

  g_autoptr (KelvinInterpreter) nearest = find ("nodejs99.x", &note);
  g_assert_cmpstr (nearest->version, ==, "98.0.3");
  g_assert_cmpstr (note, ==, "measured on 98, asked for 99");
}

/* The folder above bin/ may be a person's home: it isn't shown for the sake of one program. */
static void
test_shows_no_more_than_a_lone_program_needs (void)
{
  static const Fake lone = { "bin/node", "96.0.0", NULL };
  g_autofree char *program = install (&lone);
  g_autofree char *folder = in_home ("bin");
  g_autofree char *note = NULL;

  g_setenv ("PATH", folder, TRUE);
  g_autoptr (KelvinInterpreter) found = find ("nodejs96.x", &note);
  g_assert_cmpstr (found->path, ==, program);
  g_assert_cmpstr (found->prefix, ==, folder);
  set_up_environment ();
}

static gboolean
lists (GPtrArray *interpreters, const char *path)
{
  for (guint i = 0; i < interpreters->len; i++)
    {
      const KelvinInterpreter *interpreter = interpreters->pdata[i];
      if (g_str_equal (interpreter->path, path))
        return TRUE;
    }
  return FALSE;
}

static void
test_never_shows_a_whole_home (void)
{
  static const Fake homely = { ".pyenv/versions/3.77.3/bin/python3.77", "3.77.3", "" };
  g_autofree char *program = install (&homely);
  g_autoptr (GPtrArray) interpreters = kelvin_interpreter_list (NULL);

  g_assert_false (lists (interpreters, program));
}

static void
test_resolves_shims (void)
{
  g_autofree char *real = in_home ("versions/3.80.1/bin/python3.80");
  g_autofree char *shims = in_home (".manager/shims");
  g_autofree char *shim = g_build_filename (shims, "python3", NULL);
  g_autofree char *prefix = in_home ("versions/3.80.1");
  g_autofree char *text =
      g_strdup_printf ("#!/bin/sh\nprintf '%%s\\n' 3.80.1 '%s' '%s'\n", real, prefix);
  g_autofree char *note = NULL;

  write_script (real, "#!/bin/sh\nexit 1\n");
  write_script (shim, text);
  g_setenv ("PATH", shims, TRUE);
  g_autoptr (KelvinInterpreter) found = find ("python3.80", &note);
  g_assert_null (note);
  g_assert_cmpstr (found->path, ==, real);
  g_assert_cmpstr (found->prefix, ==, prefix);
  set_up_environment ();
}

static void
test_passes_over_what_is_broken (void)
{
  g_autofree char *broken = in_home (".pyenv/versions/3.79.9/bin/python3.79");
  g_autofree char *program = install (&uv_378);
  g_autofree char *note = NULL;

  set_folder_of_uv ();
  write_script (broken, "#!/bin/sh\necho 'error while loading shared libraries' >&2; exit 127\n");
  g_autoptr (KelvinInterpreter) found = find ("python3.79", &note);
  g_assert_cmpstr (found->path, ==, program);
  g_assert_cmpstr (note, ==, "measured on 3.78, asked for 3.79");
}

static void
test_asks_anew_when_a_program_changed (void)
{
  static const Fake before = { ".pyenv/versions/3.77.1/bin/python3.77", "3.77.1", ".pyenv/x" };
  static const Fake after = { ".pyenv/versions/3.77.1/bin/python3.77", "3.77.100", ".pyenv/x" };
  g_autofree char *prefix = in_home (".pyenv/x");
  g_autofree char *note = NULL;

  g_assert_no_errno (g_mkdir_with_parents (prefix, 0755));
  g_free (install (&before));
  g_autoptr (KelvinInterpreter) first = find ("python3.77", &note);
  g_free (install (&after));
  g_autoptr (KelvinInterpreter) second = find ("python3.77", &note);
  g_assert_cmpstr (first->version, ==, "3.77.1");
  g_assert_cmpstr (second->version, ==, "3.77.100");
}

static void
test_lists_by_version (void)
{
  g_autofree char *newer = install (&asdf_379);
  g_autofree char *older = install (&pyenv_377);
  g_autofree char *middle = install (&uv_378);
  guint n_fakes = 0;
  const char *expected[] = { "python3.77", "python3.78", "python3.79" };

  set_folder_of_uv ();
  g_autoptr (GPtrArray) interpreters = kelvin_interpreter_list (NULL);

  for (guint i = 0; i < interpreters->len; i++)
    {
      const KelvinInterpreter *interpreter = interpreters->pdata[i];
      if (g_str_has_prefix (interpreter->name, "python3.7") && strlen (interpreter->name) == 10)
        g_assert_cmpstr (interpreter->name, ==, expected[n_fakes++]);
    }
  g_assert_cmpuint (n_fakes, ==, G_N_ELEMENTS (expected));
}

static void
test_wants_none_for_provided (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;

  g_assert_null (kelvin_interpreter_find ("provided.al2023", NULL, &note, &error));
  g_assert_no_error (error);
  g_assert_null (note);
}

static void
test_can_be_cancelled (void)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *program = install (&pyenv_377);
  g_autofree char *note = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_null (kelvin_interpreter_find ("python3.77", cancellable, &note, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  set_up_environment ();

#define ADD(name, func) g_test_add_func ("/environment/interpreter/" name, func)
  ADD ("finds-the-exact-version", test_finds_the_exact_version);
  ADD ("prefers-the-newest-patch", test_prefers_the_newest_patch);
  ADD ("notes-another-version", test_notes_another_version);
  ADD ("finds-node", test_finds_node);
  ADD ("shows-no-more-than-a-lone-program-needs", test_shows_no_more_than_a_lone_program_needs);
  ADD ("never-shows-a-whole-home", test_never_shows_a_whole_home);
  ADD ("resolves-shims", test_resolves_shims);
  ADD ("passes-over-what-is-broken", test_passes_over_what_is_broken);
  ADD ("asks-anew-when-a-program-changed", test_asks_anew_when_a_program_changed);
  ADD ("lists-by-version", test_lists_by_version);
  ADD ("wants-none-for-provided", test_wants_none_for_provided);
  ADD ("can-be-cancelled", test_can_be_cancelled);
#undef ADD

  return g_test_run ();
}
