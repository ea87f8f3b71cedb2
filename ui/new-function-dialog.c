#include "config.h"

#include "ui/new-function-dialog.h"

#include <glib/gi18n-lib.h>

#include "engine/install-paths.h"
#include "engine/model/template.h"
#include "ui/compat-dialogs.h"
#include "ui/notice-bar.h"

typedef struct {
  const char *title;
  const char *template;
  const char *runtime;
} TemplateKind;

struct _KelvinNewFunctionDialog {
  AdwWindow parent_instance;

  GtkEditable *name;
  AdwComboRow *kind;
  AdwActionRow *place;
  GtkWidget *create;
  GtkSpinner *spinner;
  KelvinNoticeBar *problem;
  char *parent_dir;
};

enum {
  CREATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinNewFunctionDialog, kelvin_new_function_dialog, ADW_TYPE_WINDOW)

/* What Kelvin has templates for, with the runtime that is usual for each. */
static const TemplateKind kinds[] = {
  { N_ ("Python"), "python", "python3.11" },
  { N_ ("Node.js"), "node", "nodejs20.x" },
  { N_ ("Own runtime, a shell script"), "provided-sh", "provided.al2023" },
  { N_ ("Own runtime, a C program"), "provided-c", "provided.al2023" },
};

typedef struct {
  char *dir;
  const TemplateKind *kind;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->dir);
  g_free (job);
}

static void
create_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Job *job = task_data;
  g_autofree char *templates = g_build_filename (kelvin_path_data (), "templates", NULL);
  GError *error = NULL;
  g_autofree char *template =
      kelvin_template_find (templates, job->kind->template, job->kind->runtime, &error);

  if (template == NULL || !kelvin_template_create (template, job->dir, job->kind->runtime, &error))
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
created_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  KelvinNewFunctionDialog *self = KELVIN_NEW_FUNCTION_DIALOG (source);
  const Job *job = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;
  gboolean created = g_task_propagate_boolean (G_TASK (result), &error);

  gtk_spinner_stop (self->spinner);
  gtk_widget_set_sensitive (self->create, TRUE);
  /* a function that has only to be compiled can be opened all the same */
  if (created || g_error_matches (error, KELVIN_TEMPLATE_ERROR, KELVIN_TEMPLATE_ERROR_NOT_BUILT))
    g_signal_emit (self, signals[CREATED], 0, job->dir);
  if (created)
    gtk_window_close (GTK_WINDOW (self));
  else
    kelvin_notice_bar_show (self->problem, error->message, NULL, NULL);
}

static void
create_cb (KelvinNewFunctionDialog *self)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, created_cb, NULL);
  Job *job = g_new0 (Job, 1);

  job->dir = g_build_filename (self->parent_dir, gtk_editable_get_text (self->name), NULL);
  job->kind = &kinds[adw_combo_row_get_selected (self->kind)];
  g_task_set_source_tag (task, create_cb);
  g_task_set_task_data (task, job, job_free);
  kelvin_notice_bar_hide (self->problem);
  gtk_spinner_start (self->spinner);
  gtk_widget_set_sensitive (self->create, FALSE);
  g_task_run_in_thread (task, create_in_thread);
}

static gboolean
is_name (const char *name)
{
  return g_regex_match_simple ("^[A-Za-z0-9_-]{1,64}$", name, 0, 0);
}

static void
name_changed_cb (KelvinNewFunctionDialog *self)
{
  const char *name = gtk_editable_get_text (self->name);

  gtk_widget_set_sensitive (self->create, is_name (name));
  if (*name == '\0' || is_name (name))
    kelvin_notice_bar_hide (self->problem);
  else
    kelvin_notice_bar_show (self->problem,
                            _ ("A name has 1 to 64 letters, digits, hyphens and underscores"), NULL,
                            NULL);
}

static void
set_parent_dir (KelvinNewFunctionDialog *self, const char *dir)
{
  g_free (self->parent_dir);
  self->parent_dir = g_strdup (dir);
  adw_action_row_set_subtitle (self->place, dir);
}

static void
folder_chosen_cb (GFile *folder, gpointer data)
{
  g_autoptr (KelvinNewFunctionDialog) self = data;
  g_autofree char *path = folder != NULL ? g_file_get_path (folder) : NULL;

  if (path != NULL)
    set_parent_dir (self, path);
}

static void
choose_place_cb (KelvinNewFunctionDialog *self)
{
  kelvin_choose_folder (GTK_WINDOW (self), _ ("Make the function’s folder in"), folder_chosen_cb,
                        g_object_ref (self));
}

static void
kelvin_new_function_dialog_dispose (GObject *object)
{
  KelvinNewFunctionDialog *self = KELVIN_NEW_FUNCTION_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_NEW_FUNCTION_DIALOG);
  g_clear_pointer (&self->parent_dir, g_free);

  G_OBJECT_CLASS (kelvin_new_function_dialog_parent_class)->dispose (object);
}

static void
kelvin_new_function_dialog_class_init (KelvinNewFunctionDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_new_function_dialog_dispose;

  signals[CREATED] = g_signal_new ("created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (KELVIN_TYPE_NOTICE_BAR);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/org/kelvinworkbench/Kelvin/new-function-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, name);
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, place);
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, create);
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KelvinNewFunctionDialog, problem);
  gtk_widget_class_bind_template_callback (widget_class, create_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, choose_place_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kelvin_new_function_dialog_init (KelvinNewFunctionDialog *self)
{
  g_autoptr (GtkStringList) titles = gtk_string_list_new (NULL);

  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_string_list_append (titles, _ (kinds[i].title));
  adw_combo_row_set_model (self->kind, G_LIST_MODEL (titles));
  set_parent_dir (self, g_get_home_dir ());
  gtk_widget_grab_focus (GTK_WIDGET (self->name));
}

GtkWidget *
kelvin_new_function_dialog_new (GtkWindow *parent)
{
  return g_object_new (KELVIN_TYPE_NEW_FUNCTION_DIALOG, "transient-for", parent, NULL);
}
