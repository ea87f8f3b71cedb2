#include "config.h"

#include "ui/window-state.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gstdio.h>

#define GROUP "window"
#define USUAL_WIDTH 1280
#define USUAL_HEIGHT 820
#define SMALLEST 200

void
kelvin_window_state_free (KelvinWindowState *self)
{
  g_strfreev (self->functions);
  g_free (self->selected);
  g_free (self);
}

static int
read_size (GKeyFile *file, const char *key, int usual)
{
  int size = g_key_file_get_integer (file, GROUP, key, NULL);

  return size < SMALLEST ? usual : size;
}

KelvinWindowState *
kelvin_window_state_read (const char *data_dir)
{
  KelvinWindowState *self = g_new0 (KelvinWindowState, 1);
  g_autofree char *path = g_build_filename (data_dir, "window.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  self->width = read_size (file, "width", USUAL_WIDTH);
  self->height = read_size (file, "height", USUAL_HEIGHT);
  self->maximized = g_key_file_get_boolean (file, GROUP, "maximized", NULL);
  self->functions = g_key_file_get_string_list (file, GROUP, "functions", NULL, NULL);
  self->selected = g_key_file_get_string (file, GROUP, "selected", NULL);
  if (self->functions == NULL)
    self->functions = g_new0 (char *, 1);
  return self;
}

gboolean
kelvin_window_state_write (const KelvinWindowState *self, const char *data_dir, GError **error)
{
  g_autofree char *path = g_build_filename (data_dir, "window.ini", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();

  g_key_file_set_integer (file, GROUP, "width", self->width);
  g_key_file_set_integer (file, GROUP, "height", self->height);
  g_key_file_set_boolean (file, GROUP, "maximized", self->maximized);
  g_key_file_set_string_list (file, GROUP, "functions", (const char *const *) self->functions,
                              g_strv_length (self->functions));
  if (self->selected != NULL)
    g_key_file_set_string (file, GROUP, "selected", self->selected);

  if (g_mkdir_with_parents (data_dir, 0700) < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", data_dir,
                   g_strerror (errno));
      return FALSE;
    }

  return g_key_file_save_to_file (file, path, error);
}
