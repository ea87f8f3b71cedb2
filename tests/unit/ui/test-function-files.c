#include <glib/gstdio.h>

#include "ui/draft.h"
#include "ui/function-files.h"

typedef struct {
  char *dir;
  char *drafts;
  KelvinFunctionFiles *files;
} Fixture;

static void
write_file (Fixture *f, const char *relative)
{
  g_autofree char *path = g_build_filename (f->dir, relative, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0755), ==, 0);
  g_assert_true (g_file_set_contents (path, "{}", -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("function-XXXXXX", NULL);
  f->drafts = g_dir_make_tmp ("drafts-XXXXXX", NULL);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_tree (child);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->dir);
  remove_tree (f->drafts);
  g_clear_pointer (&f->files, kelvin_function_files_free);
  g_free (f->dir);
  g_free (f->drafts);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  Fixture *f = data;

  f->files = kelvin_function_files_list_finish (result, NULL);
}

static void
list (Fixture *f)
{
  kelvin_function_files_list_async (f->dir, NULL, f->drafts, NULL, listed_cb, f);
  while (f->files == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_lists_what_a_person_wrote (Fixture *f, gconstpointer data)
{
  const char *const code[] = { "app.py", "lib/a.py", "function.json", NULL };
  const char *const events[] = { "a", "b", NULL };

  write_file (f, "lib/a.py");
  write_file (f, "app.py");
  write_file (f, "app.pyc");
  write_file (f, ".git/config");
  write_file (f, "node_modules/x/index.js");
  write_file (f, "function.json");
  write_file (f, "events/b.json");
  write_file (f, "events/a.json");
  write_file (f, "events/readme.txt");
  list (f);

  g_assert_cmpstrv (f->files->code, code);
  g_assert_cmpstrv (f->files->events, events);
  g_assert_cmpstrv (f->files->drafts, (const char *const[]){ NULL });
  g_assert_false (f->files->more);
}

static void
write_draft (Fixture *f, const char *relative)
{
  g_autofree char *path = g_build_filename (f->dir, relative, NULL);
  g_autoptr (KelvinDraft) draft = kelvin_draft_new (path, "", "{}");

  g_assert_true (kelvin_draft_write (draft, f->drafts, NULL));
}

static void
test_files_that_were_never_saved_are_found (Fixture *f, gconstpointer data)
{
  const char *const code[] = { "new.py", "function.json", NULL };
  const char *const events[] = { "sqs", NULL };

  write_draft (f, "events/sqs.json");
  write_draft (f, "new.py");
  write_draft (f, "function.json");
  list (f);

  g_assert_cmpstrv (f->files->code, code);
  g_assert_cmpstrv (f->files->events, events);
  g_assert_cmpuint (g_strv_length (f->files->drafts), ==, 3);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/ui/function-files/lists-what-a-person-wrote", Fixture, NULL, set_up,
              test_lists_what_a_person_wrote, tear_down);
  g_test_add ("/ui/function-files/files-that-were-never-saved-are-found", Fixture, NULL, set_up,
              test_files_that_were_never_saved_are_found, tear_down);
  return g_test_run ();
}
