#include <glib/gstdio.h>

#include "ui/draft.h"

typedef struct {
  char *dir;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("drafts-XXXXXX", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (f->dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->dir, name, NULL);

      g_unlink (path);
    }
  g_rmdir (f->dir);
  g_free (f->dir);
}

static void
test_text_survives (void)
{
  static const char *const texts[] = { "", "one line", "a\n\nb\n", "kelvin draft 1\n", "ü\t\\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (KelvinDraft) draft = kelvin_draft_new ("/a \n b/c.py", "17:2", texts[i]);
      g_autofree char *content = kelvin_draft_format (draft);
      g_autoptr (KelvinDraft) read = kelvin_draft_parse (content);

      g_assert_nonnull (read);
      g_assert_cmpstr (read->path, ==, "/a \n b/c.py");
      g_assert_cmpstr (read->etag, ==, "17:2");
      g_assert_cmpstr (read->text, ==, texts[i]);
    }
}

static void
test_refuses_other_files (void)
{
  static const char *const contents[] = { "", "kelvin draft 1\n", "kelvin draft 2\n/a\n\n\ntext",
                                          "kelvin draft 1\n/a\n1\nnot empty\n",
                                          "kelvin draft 1\n/a\n1\n\n\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    g_assert_null (kelvin_draft_parse (contents[i]));
}

static void
test_is_private (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinDraft) draft = kelvin_draft_new ("/a/b.py", NULL, "secret");
  g_autofree char *file = kelvin_draft_get_file (f->dir, "/a/b.py");
  g_autoptr (GError) error = NULL;
  GStatBuf status;

  g_assert_true (kelvin_draft_write (draft, f->dir, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (file, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0600);
}

static void
test_belongs_to_one_file (Fixture *f, gconstpointer data)
{
  g_autoptr (KelvinDraft) draft = kelvin_draft_new ("/a/b.py", "1", "mine");

  g_assert_true (kelvin_draft_write (draft, f->dir, NULL));
  g_assert_null (kelvin_draft_read (f->dir, "/a/c.py"));

  g_autoptr (KelvinDraft) read = kelvin_draft_read (f->dir, "/a/b.py");
  g_assert_nonnull (read);
  g_assert_cmpstr (read->text, ==, "mine");

  kelvin_draft_remove (f->dir, "/a/b.py");
  g_assert_null (kelvin_draft_read (f->dir, "/a/b.py"));
}

static void
test_names_the_folder_that_fails (void)
{
  g_autoptr (KelvinDraft) draft = kelvin_draft_new ("/a", "", "");
  g_autoptr (GError) error = NULL;

  g_assert_false (kelvin_draft_write (draft, "/proc/none/drafts", &error));
  g_assert_nonnull (strstr (error->message, "/proc/none/drafts"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add_func ("/ui/draft/text-survives", test_text_survives);
  g_test_add_func ("/ui/draft/refuses-other-files", test_refuses_other_files);
  g_test_add ("/ui/draft/is-private", Fixture, NULL, set_up, test_is_private, tear_down);
  g_test_add ("/ui/draft/belongs-to-one-file", Fixture, NULL, set_up, test_belongs_to_one_file,
              tear_down);
  g_test_add_func ("/ui/draft/names-the-folder-that-fails", test_names_the_folder_that_fails);
  return g_test_run ();
}
