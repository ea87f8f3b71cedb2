#include "tests/unit/environment/code-folder.h"

#include <glib/gstdio.h>

#include "engine/environment/code-copy.h"

void
code_folder_set_up (CodeFolder *f, gconstpointer data)
{
  f->base = g_dir_make_tmp ("kelvin-code-XXXXXX", NULL);
  f->dir = g_build_filename (f->base, "hello", NULL);
  f->data_dir = g_build_filename (f->base, "data", NULL);
  f->store = kelvin_code_store_new (f->data_dir);
  g_assert_cmpint (g_mkdir (f->dir, 0700), ==, 0);
  code_folder_write (f, "function.json",
                     "{\"Runtime\": \"python3.11\", \"Handler\": \"handler.main\"}");
  code_folder_write (f, "handler.py", "def main(event, context): return 1\n");
}

void
code_folder_tear_down (CodeFolder *f, gconstpointer data)
{
  g_object_unref (f->store); /* the thread of a take may hold it a moment longer */
  kelvin_code_remove_folder (f->base);
  g_free (f->base);
  g_free (f->dir);
  g_free (f->data_dir);
}

char *
code_folder_path (CodeFolder *f, const char *name)
{
  return g_build_filename (f->dir, name, NULL);
}

void
code_folder_write (CodeFolder *f, const char *name, const char *text)
{
  g_autofree char *path = code_folder_path (f, name);
  g_autofree char *folder = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

void
code_folder_remove (CodeFolder *f, const char *name)
{
  g_autofree char *path = code_folder_path (f, name);

  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
taken_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **out_result = user_data;

  *out_result = g_object_ref (result);
}

KelvinVersion *
code_folder_take (CodeFolder *f, GError **error)
{
  return code_folder_take_cancellable (f, NULL, error);
}

KelvinVersion *
code_folder_take_cancellable (CodeFolder *f, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  kelvin_code_store_take_async (f->store, f->dir, cancellable, taken_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return kelvin_code_store_take_finish (f->store, result, error);
}

KelvinVersion *
code_folder_take_well (CodeFolder *f)
{
  g_autoptr (GError) error = NULL;
  KelvinVersion *version = code_folder_take (f, &error);

  g_assert_no_error (error);
  return version;
}
