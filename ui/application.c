#include "config.h"

#include "ui/application.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>
#include <gtksourceview/gtksource.h>
#include <libintl.h>

#include "engine/engine.h"
#include "engine/install-paths.h"
#include "ui/compat-dialogs.h"
#include "ui/window.h"

#define APP_ID "org.kelvinworkbench.Kelvin"
#define EXIT_CANNOT_RUN 3

struct _KelvinApplication {
  AdwApplication parent_instance;

  char *data_dir;
  KelvinIsolation isolation;
  KelvinEngine *engine;
  guint signal_ids[2];
};

G_DEFINE_FINAL_TYPE (KelvinApplication, kelvin_application, ADW_TYPE_APPLICATION)

static KelvinWindow *
get_window (KelvinApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    window = GTK_WINDOW (kelvin_window_new (GTK_APPLICATION (self), self->engine, self->data_dir));

  return KELVIN_WINDOW (window);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinApplication) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error))
    kelvin_window_show_problem (get_window (self), error->message);
}

static void
closed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinApplication) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_engine_close_finish (KELVIN_ENGINE (source), result, &error))
    g_warning ("%s", error->message);
  g_application_release (G_APPLICATION (self));
}

static void
window_removed_cb (KelvinApplication *self)
{
  if (self->engine == NULL || gtk_application_get_windows (GTK_APPLICATION (self)) != NULL)
    return;

  /* what runs is ended and what is queued is written before the program ends */
  g_application_hold (G_APPLICATION (self));
  kelvin_engine_close_async (self->engine, closed_cb, g_object_ref (self));
  g_clear_object (&self->engine);
}

static gboolean
terminate_cb (gpointer data)
{
  KelvinApplication *self = data;
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  /* nobody can be asked; drafts keep what wasn't saved */
  if (window != NULL)
    gtk_window_destroy (window);
  else
    g_application_quit (G_APPLICATION (self));
  return G_SOURCE_CONTINUE;
}

static void
show_about (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  kelvin_show_about (gtk_application_get_active_window (data), _ ("Kelvin"), APP_ID, KELVIN_RELEASE,
                     _ ("Designs and profiles serverless functions on this machine"));
}

static void
kelvin_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = { { .name = "about", .activate = show_about } };
  KelvinApplication *self = KELVIN_APPLICATION (application);
  const KelvinEngineOptions options = { .data_dir = self->data_dir, .isolation = self->isolation };
  g_autofree char *styles = g_build_filename (kelvin_path_data (), "styles", NULL);

  G_APPLICATION_CLASS (kelvin_application_parent_class)->startup (application);

  gtk_source_init ();
  gtk_source_style_scheme_manager_append_search_path (
      gtk_source_style_scheme_manager_get_default (), styles);
  gtk_window_set_default_icon_name (APP_ID);
  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  self->engine = kelvin_engine_new (&options);
  self->signal_ids[0] = g_unix_signal_add (SIGTERM, terminate_cb, self);
  self->signal_ids[1] = g_unix_signal_add (SIGINT, terminate_cb, self);
  g_signal_connect (self, "window-removed", G_CALLBACK (window_removed_cb), NULL);
}

static void
kelvin_application_activate (GApplication *application)
{
  KelvinApplication *self = KELVIN_APPLICATION (application);

  gtk_window_present (GTK_WINDOW (get_window (self)));
  kelvin_engine_wait_open_async (self->engine, opened_cb, g_object_ref (self));
}

static void
kelvin_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  KelvinWindow *window = get_window (KELVIN_APPLICATION (application));

  for (int i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        kelvin_window_open_folder (window, path);
    }

  g_application_activate (application);
}

static void
kelvin_application_finalize (GObject *object)
{
  KelvinApplication *self = KELVIN_APPLICATION (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->signal_ids); i++)
    g_clear_handle_id (&self->signal_ids[i], g_source_remove);
  g_clear_object (&self->engine);
  g_free (self->data_dir);

  G_OBJECT_CLASS (kelvin_application_parent_class)->finalize (object);
}

static void
kelvin_application_class_init (KelvinApplicationClass *klass)
{
  GApplicationClass *application_class = G_APPLICATION_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kelvin_application_finalize;
  application_class->startup = kelvin_application_startup;
  application_class->activate = kelvin_application_activate;
  application_class->open = kelvin_application_open;
}

static void
kelvin_application_init (KelvinApplication *self)
{
}

/* One window a data folder and isolation: the usual folder has the usual name on the bus, others
 * one of their own. */
static char *
create_id (const char *data_dir, KelvinIsolation isolation)
{
  const char *kind = isolation == KELVIN_ISOLATION_PROCESS ? ".process" : "";
  g_autofree char *usual = kelvin_path_user_data (NULL);
  g_autofree char *hash = NULL;

  if (g_str_equal (usual, data_dir))
    return g_strconcat (APP_ID, kind, NULL);

  hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, data_dir, -1);
  return g_strdup_printf ("%s.d%.16s%s", APP_ID, hash, kind);
}

static char **
create_arguments (char **folders)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_strv_builder_add (builder, "kelvin");
  if (folders != NULL)
    g_strv_builder_addv (builder, (const char **) folders);
  return g_strv_builder_end (builder);
}

int
kelvin_application_run (char **folders, const char *data_dir, KelvinIsolation isolation)
{
  bindtextdomain (GETTEXT_PACKAGE, KELVIN_LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_set_prgname (APP_ID);
  if (!gtk_init_check ())
    {
      g_printerr (_ ("kelvin: there is no display to open a window on; set WAYLAND_DISPLAY or "
                     "DISPLAY, or give a command (kelvin --help)\n"));
      return EXIT_CANNOT_RUN;
    }

  g_autofree char *user_data = kelvin_path_user_data (data_dir);
  g_autofree char *absolute = g_canonicalize_filename (user_data, NULL);
  g_autofree char *id = create_id (absolute, isolation);
  g_auto (GStrv) arguments = create_arguments (folders);
  g_autoptr (KelvinApplication) application =
      g_object_new (KELVIN_TYPE_APPLICATION, "application-id", id, "resource-base-path",
                    "/org/kelvinworkbench/Kelvin", "flags", G_APPLICATION_HANDLES_OPEN, NULL);
  application->data_dir = g_steal_pointer (&absolute);
  application->isolation = isolation;
  return g_application_run (G_APPLICATION (application), g_strv_length (arguments), arguments);
}
