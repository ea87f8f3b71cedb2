#include "engine/environment/code-watch.h"

#include <glib/gstdio.h>
#include <stdio.h>

#include "tests/unit/environment/code-folder.h"

/* Long enough for a slow machine; what has to come ends the wait at once. */
#define LONGEST_WAIT_MS 20000

typedef struct {
  CodeFolder folder;
  KelvinCodeWatch *watch;
  guint changes;
  gboolean watching;
  gboolean too_late;
} Fixture;

static void
changed_cb (KelvinCodeWatch *watch, gpointer user_data)
{
  Fixture *f = user_data;

  f->changes++;
}

static void
watching_cb (KelvinCodeWatch *watch, gpointer user_data)
{
  Fixture *f = user_data;

  f->watching = TRUE;
}

static gboolean
too_late_cb (gpointer user_data)
{
  Fixture *f = user_data;

  f->too_late = TRUE;
  return G_SOURCE_REMOVE;
}

static void
wait_for_change (Fixture *f)
{
  guint limit = g_timeout_add (LONGEST_WAIT_MS, too_late_cb, f);

  f->too_late = FALSE;
  while (f->changes == 0 && !f->too_late)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (f->too_late);
  g_source_remove (limit);
  f->changes = 0;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  code_folder_set_up (&f->folder, data);
  code_folder_write (&f->folder, "lib/util.py", "");
  code_folder_write (&f->folder, "node_modules/a/index.js", "");
  code_folder_write (&f->folder, "events/a.json", "{}");
  f->watch = kelvin_code_watch_new (f->folder.dir);
  g_signal_connect (f->watch, "changed", G_CALLBACK (changed_cb), f);
  g_signal_connect (f->watch, "watching", G_CALLBACK (watching_cb), f);
  while (!f->watching)
    g_main_context_iteration (NULL, TRUE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->watch);
  code_folder_tear_down (&f->folder, data);
}

static void
test_tells_of_changed_files (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "handler.py", "lib/util.py", "node_modules/a/index.js",
                                       "function.json", "new.py" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      code_folder_write (&f->folder, names[i], "changed");
      wait_for_change (f);
    }
}

static void
test_tells_of_a_file_that_goes (Fixture *f, gconstpointer data)
{
  code_folder_remove (&f->folder, "lib/util.py");
  wait_for_change (f);
}

static void
test_watches_folders_that_come_later (Fixture *f, gconstpointer data)
{
  f->watching = FALSE;
  code_folder_write (&f->folder, "later/deep/x.py", "1");
  while (!f->watching || f->changes == 0)
    g_main_context_iteration (NULL, TRUE);
  f->changes = 0;
  code_folder_write (&f->folder, "later/deep/x.py", "2");
  wait_for_change (f);
}

static gboolean
silence_over_cb (gpointer user_data)
{
  gboolean *over = user_data;

  *over = TRUE;
  return G_SOURCE_REMOVE;
}

/* Long enough for events that are on their way to come. */
static void
wait_in_silence (void)
{
  gboolean over = FALSE;

  g_timeout_add (300, silence_over_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_many_writes_are_told_of_rarely (Fixture *f, gconstpointer data)
{
  gint64 start_us = g_get_monotonic_time ();

  for (guint i = 0; i < 50; i++)
    code_folder_write (&f->folder, "handler.py", "changed");
  wait_in_silence ();
  gint64 passed_ms = (g_get_monotonic_time () - start_us) / 1000;

  g_assert_cmpuint (f->changes, >=, 1);
  g_assert_cmpuint (f->changes, <=, passed_ms / 100);
}

/* Written in place: g_file_set_contents would write a file of another name first. */
static void
overwrite (Fixture *f, const char *name)
{
  g_autofree char *path = code_folder_path (&f->folder, name);
  FILE *file = fopen (path, "we");

  g_assert_nonnull (file);
  g_assert_cmpint (fputs ("changed", file), >=, 0);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
test_is_silent_about_what_is_no_code (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "events/a.json",      ".handler.py.swp",
                                       "handler.py~",        "4913",
                                       ".goutputstream-ABC", ".function.json.AbCdEf" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    overwrite (f, names[i]);
  wait_in_silence ();
  g_assert_cmpuint (f->changes, ==, 0);

  overwrite (f, "handler.py");
  wait_for_change (f);
}

static void
test_can_be_dropped_while_folders_are_listed (void)
{
  g_autofree char *dir = g_dir_make_tmp ("kelvin-watch-XXXXXX", NULL);
  KelvinCodeWatch *watch = kelvin_code_watch_new (dir);

  g_assert_finalize_object (watch);
  g_rmdir (dir);
}

static void
test_a_folder_that_is_gone_can_be_watched (void)
{
  KelvinCodeWatch *watch = kelvin_code_watch_new ("/nonexistent/folder");

  while (g_main_context_iteration (NULL, FALSE))
    continue;
  g_assert_finalize_object (watch);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

#define ADD(name, func)                                                                            \
  g_test_add ("/environment/code-watch/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("tells-of-changed-files", test_tells_of_changed_files);
  ADD ("tells-of-a-file-that-goes", test_tells_of_a_file_that_goes);
  ADD ("watches-folders-that-come-later", test_watches_folders_that_come_later);
  ADD ("many-writes-are-told-of-rarely", test_many_writes_are_told_of_rarely);
  ADD ("is-silent-about-what-is-no-code", test_is_silent_about_what_is_no_code);
  g_test_add_func ("/environment/code-watch/can-be-dropped-while-folders-are-listed",
                   test_can_be_dropped_while_folders_are_listed);
  g_test_add_func ("/environment/code-watch/a-folder-that-is-gone-can-be-watched",
                   test_a_folder_that_is_gone_can_be_watched);

  return g_test_run ();
}
