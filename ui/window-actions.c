#include "config.h"

#include <glib/gi18n-lib.h>

#include "ui/compat-dialogs.h"
#include "ui/load-page.h"
#include "ui/new-function-dialog.h"
#include "ui/patch-dialog.h"
#include "ui/profile-page.h"
#include "ui/shortcuts-dialog.h"
#include "ui/window-private.h"

#define TWENTY 20

static void
saved_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    kelvin_window_show_toast (self, error->message);
}

static void
save (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected != NULL)
    kelvin_open_function_save_async (selected, saved_cb, g_object_ref (self));
}

static void
run (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected == NULL)
    return;

  kelvin_page_list_show (self->page_list, "code");
  kelvin_open_function_run (selected, g_str_equal (name, "win.run-cold"));
}

/* So that Esc ends what a page has begun. */
static void
watch_running (KelvinWindow *self, GtkWidget *page)
{
  g_signal_handlers_disconnect_by_func (page, kelvin_window_update_actions, self);
  g_signal_connect_object (page, "notify::running", G_CALLBACK (kelvin_window_update_actions), self,
                           G_CONNECT_SWAPPED);
}

static KelvinProfilePage *
show_profile (KelvinWindow *self)
{
  GtkWidget *page = kelvin_page_list_show (self->page_list, "profile");

  watch_running (self, page);
  return KELVIN_PROFILE_PAGE (page);
}

/* What is measured is what is saved. */
static void
saved_for_profile_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    kelvin_window_show_toast (self, error->message);
  else if (kelvin_window_get_selected (self) == KELVIN_OPEN_FUNCTION (source))
    kelvin_profile_page_start (show_profile (self));
}

static void
saved_for_advice_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    kelvin_window_show_toast (self, error->message);
  else if (kelvin_window_get_selected (self) == KELVIN_OPEN_FUNCTION (source))
    kelvin_profile_page_start_advising (show_profile (self));
}

static void
advise (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected != NULL)
    kelvin_open_function_save_async (selected, saved_for_advice_cb, g_object_ref (self));
}

static void
patch_applied_cb (KelvinWindow *self, KelvinDocument *document)
{
  KelvinCodePage *page = KELVIN_CODE_PAGE (kelvin_page_list_show (self->page_list, "code"));

  kelvin_code_page_show_document (page, document);
  kelvin_code_page_focus (page);
}

/* (sa(sss)): a title, and the patches of kelvin_patch_dialog_new. */
static void
show_patch (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  g_autoptr (GVariant) patches = NULL;
  g_autofree char *problem = NULL;
  const char *title = NULL;

  if (selected == NULL)
    return;
  g_variant_get (parameter, "(&s@a(sss))", &title, &patches);
  GtkWidget *dialog = kelvin_patch_dialog_new (
      GTK_WINDOW (self), title, kelvin_open_function_get_code (selected), patches, &problem);
  if (dialog == NULL)
    {
      kelvin_window_show_toast (self, problem);
      return;
    }
  g_signal_connect_object (dialog, "applied", G_CALLBACK (patch_applied_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
saved_for_twenty_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    kelvin_window_show_toast (self, error->message);
  else if (kelvin_window_get_selected (self) == KELVIN_OPEN_FUNCTION (source))
    kelvin_profile_page_start_with (show_profile (self), TWENTY, TWENTY);
}

static void
profile (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected == NULL)
    return;

  show_profile (self);
  kelvin_open_function_save_async (
      selected, g_str_equal (name, "win.run-twenty") ? saved_for_twenty_cb : saved_for_profile_cb,
      g_object_ref (self));
}

static KelvinLoadPage *
show_load (KelvinWindow *self)
{
  GtkWidget *page = kelvin_page_list_show (self->page_list, "load");

  watch_running (self, page);
  return KELVIN_LOAD_PAGE (page);
}

static void
saved_for_load_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_open_function_save_finish (KELVIN_OPEN_FUNCTION (source), result, &error))
    kelvin_window_show_toast (self, error->message);
  else if (kelvin_window_get_selected (self) == KELVIN_OPEN_FUNCTION (source))
    kelvin_load_page_start (show_load (self));
}

static void
start_load (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected == NULL)
    return;

  show_load (self);
  kelvin_open_function_save_async (selected, saved_for_load_cb, g_object_ref (self));
}

/* (s): the id of a load of the selected function. */
static void
show_load_run (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);

  if (kelvin_window_get_selected (self) != NULL)
    kelvin_load_page_show_run (show_load (self), g_variant_get_string (parameter, NULL));
}

static void
cancel (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  GtkWidget *profile_page = kelvin_page_list_peek (self->page_list, "profile");
  GtkWidget *load_page = kelvin_page_list_peek (self->page_list, "load");

  /* Esc ends what is in front first */
  if (kelvin_window_end_finding (self))
    return;
  if (selected != NULL)
    kelvin_run_control_cancel (kelvin_open_function_get_run_control (selected));
  if (profile_page != NULL)
    kelvin_profile_page_cancel (KELVIN_PROFILE_PAGE (profile_page));
  if (load_page != NULL)
    kelvin_load_page_cancel (KELVIN_LOAD_PAGE (load_page));
}

static void
show_page (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);

  if (kelvin_window_get_selected (self) != NULL)
    kelvin_page_list_show_nth (self->page_list, g_variant_get_int32 (parameter) - 1);
}

/* (su): a file of the selected function, as it is called below its folder, and a line. */
static void
show_line (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  const char *title = NULL;
  guint line = 0;

  g_variant_get (parameter, "(&su)", &title, &line);
  KelvinDocument *document =
      selected != NULL ? kelvin_document_set_find (kelvin_open_function_get_code (selected), title)
                       : NULL;
  if (document == NULL)
    {
      g_autofree char *text = g_strdup_printf (_ ("%s isn’t among the files of the editor"), title);
      kelvin_window_show_toast (self, text);
      return;
    }

  KelvinCodePage *page = KELVIN_CODE_PAGE (kelvin_page_list_show (self->page_list, "code"));
  kelvin_code_page_show_line (page, document, line);
}

static void
folder_chosen_cb (GFile *folder, gpointer data)
{
  g_autoptr (KelvinWindow) self = data;
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (path != NULL)
    kelvin_window_open_folder (self, path);
}

static void
open_folder (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kelvin_choose_folder (GTK_WINDOW (widget), _ ("Open the folder of a function"), folder_chosen_cb,
                        g_object_ref (widget));
}

static void
created_cb (KelvinWindow *self, const char *dir)
{
  kelvin_window_open_folder (self, dir);
}

static void
new_function (GtkWidget *widget, const char *name, GVariant *parameter)
{
  GtkWidget *dialog = kelvin_new_function_dialog_new (GTK_WINDOW (widget));

  g_signal_connect_object (dialog, "created", G_CALLBACK (created_cb), widget, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
close_function (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  if (selected != NULL)
    kelvin_window_close_function (self, selected);
}

static void
toggle_sidebar (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinWindow *self = KELVIN_WINDOW (widget);
  gboolean revealed;

  g_object_get (self->fold, "revealed", &revealed, NULL);
  kelvin_fold_set_revealed (self->fold, !revealed);
}

static void
find (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kelvin_window_find (KELVIN_WINDOW (widget));
}

static void
shortcuts (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_present (GTK_WINDOW (kelvin_shortcuts_dialog_new (GTK_WINDOW (widget))));
}

static void
runs (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kelvin_window_show_runs (KELVIN_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
say (GtkWidget *widget, const char *name, GVariant *parameter)
{
  kelvin_window_show_toast (KELVIN_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
close_window (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_window_close (GTK_WINDOW (widget));
}

void
kelvin_window_install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.save", NULL, save);
  gtk_widget_class_install_action (widget_class, "win.run", NULL, run);
  gtk_widget_class_install_action (widget_class, "win.run-cold", NULL, run);
  gtk_widget_class_install_action (widget_class, "win.run-twenty", NULL, profile);
  gtk_widget_class_install_action (widget_class, "win.profile", NULL, profile);
  gtk_widget_class_install_action (widget_class, "win.start-load", NULL, start_load);
  gtk_widget_class_install_action (widget_class, "win.show-load", "s", show_load_run);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, cancel);
  gtk_widget_class_install_action (widget_class, "win.page", "i", show_page);
  gtk_widget_class_install_action (widget_class, "win.show-line", "(su)", show_line);
  gtk_widget_class_install_action (widget_class, "win.show-patch", "(sa(sss))", show_patch);
  gtk_widget_class_install_action (widget_class, "win.advise", NULL, advise);
  gtk_widget_class_install_action (widget_class, "win.new-function", NULL, new_function);
  gtk_widget_class_install_action (widget_class, "win.open-folder", NULL, open_folder);
  gtk_widget_class_install_action (widget_class, "win.close-function", NULL, close_function);
  gtk_widget_class_install_action (widget_class, "win.toggle-sidebar", NULL, toggle_sidebar);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, find);
  gtk_widget_class_install_action (widget_class, "win.shortcuts", NULL, shortcuts);
  gtk_widget_class_install_action (widget_class, "win.runs", "s", runs);
  gtk_widget_class_install_action (widget_class, "win.say", "s", say);
  gtk_widget_class_install_action (widget_class, "win.close", NULL, close_window);
}

gboolean
kelvin_window_is_running (KelvinWindow *self)
{
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);
  GtkWidget *profile_page =
      self->page_list != NULL ? kelvin_page_list_peek (self->page_list, "profile") : NULL;

  GtkWidget *load_page =
      self->page_list != NULL ? kelvin_page_list_peek (self->page_list, "load") : NULL;

  if (selected != NULL &&
      kelvin_run_control_is_running (kelvin_open_function_get_run_control (selected)))
    return TRUE;
  if (load_page != NULL && kelvin_load_page_is_running (KELVIN_LOAD_PAGE (load_page)))
    return TRUE;

  return profile_page != NULL &&
         kelvin_profile_page_is_running (KELVIN_PROFILE_PAGE (profile_page));
}

void
kelvin_window_update_actions (KelvinWindow *self)
{
  static const char *const about_function[] = { "win.save",       "win.run",
                                                "win.run-cold",   "win.run-twenty",
                                                "win.profile",    "win.close-function",
                                                "win.start-load", "win.show-load" };
  KelvinOpenFunction *selected = kelvin_window_get_selected (self);

  for (guint i = 0; i < G_N_ELEMENTS (about_function); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), about_function[i], selected != NULL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.cancel", kelvin_window_is_running (self));
}
