#include <glib/gstdio.h>

#include "ui/window-state.h"

typedef struct {
  char *dir;
  char *file;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->dir = g_dir_make_tmp ("state-XXXXXX", NULL);
  f->file = g_build_filename (f->dir, "window.ini", NULL);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_unlink (f->file);
  g_rmdir (f->dir);
  g_free (f->file);
  g_free (f->dir);
}

static void
test_what_was_open_is_open_again (Fixture *f, gconstpointer data)
{
  KelvinWindowState state = {
    .width = 1000,
    .height = 700,
    .maximized = TRUE,
    .functions = (char *[]){ (char *) "/a;b", (char *) "/ü c", NULL },
    .selected = (char *) "/ü c",
  };
  g_autoptr (GError) error = NULL;

  g_assert_true (kelvin_window_state_write (&state, f->dir, &error));
  g_assert_no_error (error);

  g_autoptr (KelvinWindowState) read = kelvin_window_state_read (f->dir);
  g_assert_cmpint (read->width, ==, 1000);
  g_assert_cmpint (read->height, ==, 700);
  g_assert_true (read->maximized);
  g_assert_cmpstrv (read->functions, state.functions);
  g_assert_cmpstr (read->selected, ==, "/ü c");
}

static void
test_nonsense_is_the_usual_state (Fixture *f, gconstpointer data)
{
  static const char *const contents[] = { "", "\xff\xfe", "[window]\nwidth=-4\nheight=none\n" };

  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_assert_true (g_file_set_contents (f->file, contents[i], -1, NULL));

      g_autoptr (KelvinWindowState) state = kelvin_window_state_read (f->dir);
      g_assert_cmpint (state->width, ==, 1280);
      g_assert_cmpint (state->height, ==, 820);
      g_assert_cmpuint (g_strv_length (state->functions), ==, 0);
      g_assert_null (state->selected);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_test_add ("/ui/window-state/what-was-open-is-open-again", Fixture, NULL, set_up,
              test_what_was_open_is_open_again, tear_down);
  g_test_add ("/ui/window-state/nonsense-is-the-usual-state", Fixture, NULL, set_up,
              test_nonsense_is_the_usual_state, tear_down);
  return g_test_run ();
}
