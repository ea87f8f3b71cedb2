#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Questions, folder choosers, the about dialog and rows, where GTK 4.8 and 4.18, libadwaita 1.2
 * and 1.7 differ. */

typedef struct {
  const char *id;
  const char *label;
  AdwResponseAppearance appearance;
} KelvinAnswer;

/* The id of the answer; "cancel" where the question was closed. */
typedef void (*KelvinAnswerFunc) (GObject *dialog, const char *answer, gpointer data);

/* @answers: the first one is "cancel", the last one the usual. */
static inline void
kelvin_ask (GtkWidget *parent, const char *heading, const char *body, const KelvinAnswer *answers,
            guint n, KelvinAnswerFunc callback, gpointer data)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  AdwAlertDialog *dialog = ADW_ALERT_DIALOG (adw_alert_dialog_new (heading, body));

  for (guint i = 0; i < n; i++)
    {
      adw_alert_dialog_add_response (dialog, answers[i].id, answers[i].label);
      adw_alert_dialog_set_response_appearance (dialog, answers[i].id, answers[i].appearance);
    }
  adw_alert_dialog_set_close_response (dialog, answers[0].id);
  adw_alert_dialog_set_default_response (dialog, answers[n - 1].id);
  g_signal_connect (dialog, "response", G_CALLBACK (callback), data);
  adw_dialog_present (ADW_DIALOG (dialog), parent);
#else
  AdwMessageDialog *dialog =
      ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (parent), heading, body));

  for (guint i = 0; i < n; i++)
    {
      adw_message_dialog_add_response (dialog, answers[i].id, answers[i].label);
      adw_message_dialog_set_response_appearance (dialog, answers[i].id, answers[i].appearance);
    }
  adw_message_dialog_set_close_response (dialog, answers[0].id);
  adw_message_dialog_set_default_response (dialog, answers[n - 1].id);
  g_signal_connect (dialog, "response", G_CALLBACK (callback), data);
  gtk_window_present (GTK_WINDOW (dialog));
#endif
}

static inline void
kelvin_show_about (GtkWindow *parent, const char *name, const char *icon, const char *version,
                   const char *comments)
{
#if ADW_CHECK_VERSION(1, 5, 0)
  adw_show_about_dialog (GTK_WIDGET (parent), "application-name", name, "application-icon", icon,
                         "version", version, "license-type", GTK_LICENSE_GPL_3_0, "comments",
                         comments, NULL);
#else
  adw_show_about_window (parent, "application-name", name, "application-icon", icon, "version",
                         version, "license-type", GTK_LICENSE_GPL_3_0, "comments", comments, NULL);
#endif
}

/* At the end of the row's head. */
static inline void
kelvin_expander_row_add (AdwExpanderRow *row, GtkWidget *widget)
{
#if ADW_CHECK_VERSION(1, 4, 0)
  adw_expander_row_add_suffix (row, widget);
#else
  adw_expander_row_add_action (row, widget);
#endif
}

/* @folder: NULL where none was chosen; (transfer none) */
typedef void (*KelvinFolderFunc) (GFile *folder, gpointer data);

typedef struct {
  KelvinFolderFunc callback;
  gpointer data;
} KelvinFolderChoice;

#if GTK_CHECK_VERSION(4, 10, 0)
G_GNUC_BEGIN_IGNORE_DEPRECATIONS /* newer than the oldest version that is supported */

    static inline void
    kelvin_folder_chosen_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree KelvinFolderChoice *choice = data;
  g_autoptr (GFile) folder =
      gtk_file_dialog_select_folder_finish (GTK_FILE_DIALOG (source), result, NULL);

  choice->callback (folder, choice->data);
}

static inline void
kelvin_choose_folder (GtkWindow *parent, const char *title, KelvinFolderFunc callback,
                      gpointer data)
{
  g_autoptr (GtkFileDialog) dialog = gtk_file_dialog_new ();
  KelvinFolderChoice *choice = g_new0 (KelvinFolderChoice, 1);

  choice->callback = callback;
  choice->data = data;
  gtk_file_dialog_set_title (dialog, title);
  gtk_file_dialog_select_folder (dialog, parent, NULL, kelvin_folder_chosen_cb, choice);
}

G_GNUC_END_IGNORE_DEPRECATIONS
#else

static inline void
kelvin_folder_chosen_cb (GtkNativeDialog *dialog, int response, gpointer data)
{
  g_autofree KelvinFolderChoice *choice = data;
  g_autoptr (GFile) folder = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    folder = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  choice->callback (folder, choice->data);
  g_object_unref (dialog);
}

static inline void
kelvin_choose_folder (GtkWindow *parent, const char *title, KelvinFolderFunc callback,
                      gpointer data)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
      title, parent, GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  KelvinFolderChoice *choice = g_new0 (KelvinFolderChoice, 1);

  choice->callback = callback;
  choice->data = data;
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (dialog), TRUE);
  g_signal_connect (dialog, "response", G_CALLBACK (kelvin_folder_chosen_cb), choice);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (dialog));
}
#endif

G_END_DECLS
