#include "config.h"

#include "ui/code-pane.h"

#include <glib/gi18n-lib.h>

#include "ui/code-editor.h"
#include "ui/configuration-form.h"
#include "ui/doors-form.h"
#include "ui/variables-form.h"

struct _KelvinCodePane {
  GtkWidget parent_instance;

  GtkStack *stack;
  KelvinCodeEditor *editor;
  KelvinConfigurationForm *configuration;
  KelvinVariablesForm *variables;
  KelvinDoorsForm *doors;
  GtkToggleButton *code_tab;
  GtkToggleButton *configuration_tab;
  GtkToggleButton *variables_tab;
  GtkToggleButton *doors_tab;
  GtkMenuButton *files_button;
  GtkPopover *files_popover;
  GtkListBox *files;
  KelvinOpenFunction *open_function;
};

G_DEFINE_FINAL_TYPE (KelvinCodePane, kelvin_code_pane, GTK_TYPE_WIDGET)

static void
update_tab (KelvinCodePane *self)
{
  KelvinDocument *document = kelvin_code_editor_get_document (self->editor);

  if (document == NULL)
    {
      gtk_button_set_label (GTK_BUTTON (self->code_tab), _ ("No file"));
      return;
    }

  const char *title = kelvin_document_get_title (document);
  g_autofree char *edited = g_strconcat (title, " •", NULL);
  gtk_button_set_label (GTK_BUTTON (self->code_tab),
                        kelvin_document_is_modified (document) ? edited : title);
}

static void
show_document (KelvinCodePane *self, KelvinDocument *document)
{
  KelvinDocument *before = kelvin_code_editor_get_document (self->editor);

  if (before == document)
    return;

  if (before != NULL)
    g_signal_handlers_disconnect_by_func (before, update_tab, self);
  if (document != NULL)
    g_signal_connect_object (document, "notify::modified", G_CALLBACK (update_tab), self,
                             G_CONNECT_SWAPPED);
  kelvin_code_editor_set_document (self->editor, document);
  update_tab (self);
}

/* The file that is shown stays while it is there; the handler's comes first. */
static void
documents_changed_cb (KelvinCodePane *self)
{
  KelvinDocumentSet *code = kelvin_open_function_get_code (self->open_function);
  KelvinDocument *shown = kelvin_code_editor_get_document (self->editor);
  KelvinDocument *configuration = kelvin_configuration_get_document (
      kelvin_open_function_get_configuration (self->open_function));
  gboolean there =
      shown != NULL && kelvin_document_set_find (code, kelvin_document_get_title (shown)) == shown;

  gtk_widget_set_visible (GTK_WIDGET (self->files_button), kelvin_document_set_get_size (code) > 1);
  if (kelvin_open_function_get_function (self->open_function) == NULL)
    {
      /* while it is read, and while it is wrong, it is what a person needs */
      show_document (self, configuration);
      return;
    }

  /* it was alone while the folder was being listed */
  if (!there || shown == configuration)
    show_document (self, kelvin_document_set_get (code, 0));
}

static void
update_file_row (GtkLabel *label, GParamSpec *pspec, KelvinDocument *document)
{
  const char *title = kelvin_document_get_title (document);
  g_autofree char *edited = g_strconcat (title, " •", NULL);

  gtk_label_set_label (label, kelvin_document_is_modified (document) ? edited : title);
}

static GtkWidget *
create_file_row (gpointer item, gpointer data)
{
  KelvinDocument *document = item;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  update_file_row (GTK_LABEL (label), NULL, document);
  g_signal_connect_object (document, "notify::modified", G_CALLBACK (update_file_row), label,
                           G_CONNECT_SWAPPED);
  return label;
}

static void
file_activated_cb (KelvinCodePane *self, GtkListBoxRow *row)
{
  KelvinDocumentSet *code = kelvin_open_function_get_code (self->open_function);

  gtk_popover_popdown (self->files_popover);
  gtk_toggle_button_set_active (self->code_tab, TRUE);
  show_document (self, kelvin_document_set_get (code, gtk_list_box_row_get_index (row)));
}

static void
tab_toggled_cb (KelvinCodePane *self, GtkToggleButton *tab)
{
  if (gtk_toggle_button_get_active (tab))
    gtk_stack_set_visible_child_name (self->stack, gtk_widget_get_name (GTK_WIDGET (tab)));
}

/* One door is called by its name, more by their number. */
static void
update_doors_tab (KelvinCodePane *self, KelvinFunction *function)
{
  GPtrArray *doors = function != NULL ? kelvin_function_get_doors (function) : NULL;
  g_autofree char *label = NULL;

  if (doors == NULL || doors->len == 0)
    label = g_strdup (_ ("Doors"));
  else if (doors->len == 1)
    /* Translators: the name of the only door */
    label = g_strdup_printf (_ ("Doors: %s"), ((KelvinDoor *) doors->pdata[0])->name);
  else
    /* Translators: doors and their number */
    label = g_strdup_printf (_ ("Doors %u"), doors->len);
  gtk_button_set_label (GTK_BUTTON (self->doors_tab), label);
  gtk_widget_set_sensitive (GTK_WIDGET (self->doors_tab), function != NULL);
}

static void
function_changed_cb (KelvinCodePane *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);
  guint n = function != NULL ? g_hash_table_size (kelvin_function_get_variables (function)) : 0;
  /* Translators: environment variables and their number */
  g_autofree char *label = g_strdup_printf (_ ("Variables %u"), n);

  gtk_button_set_label (GTK_BUTTON (self->variables_tab), n > 0 ? label : _ ("Variables"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->configuration_tab), function != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->variables_tab), function != NULL);
  update_doors_tab (self, function);
}

static void
forget_function (KelvinCodePane *self)
{
  if (self->open_function == NULL)
    return;

  KelvinDocumentSet *code = kelvin_open_function_get_code (self->open_function);
  g_signal_handlers_disconnect_by_data (kelvin_document_set_get_model (code), self);
  g_signal_handlers_disconnect_by_data (self->open_function, self);
  kelvin_configuration_form_set_open_function (self->configuration, NULL);
  kelvin_variables_form_set_open_function (self->variables, NULL);
  kelvin_doors_form_set_open_function (self->doors, NULL);
  gtk_list_box_bind_model (self->files, NULL, NULL, NULL, NULL);
  show_document (self, NULL);
  kelvin_code_editor_set_line_costs (self->editor, NULL);
  g_clear_object (&self->open_function);
}

static void
kelvin_code_pane_dispose (GObject *object)
{
  KelvinCodePane *self = KELVIN_CODE_PANE (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_CODE_PANE);

  G_OBJECT_CLASS (kelvin_code_pane_parent_class)->dispose (object);
}

static void
kelvin_code_pane_class_init (KelvinCodePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_code_pane_dispose;

  g_type_ensure (KELVIN_TYPE_CODE_EDITOR);
  g_type_ensure (KELVIN_TYPE_CONFIGURATION_FORM);
  g_type_ensure (KELVIN_TYPE_DOORS_FORM);
  g_type_ensure (KELVIN_TYPE_VARIABLES_FORM);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/code-pane.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, editor);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, configuration);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, variables);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, variables_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, doors);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, doors_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, configuration_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, code_tab);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, files_button);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, files_popover);
  gtk_widget_class_bind_template_child (widget_class, KelvinCodePane, files);
  gtk_widget_class_bind_template_callback (widget_class, file_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, tab_toggled_cb);
}

static void
kelvin_code_pane_init (KelvinCodePane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_code_pane_set_open_function (KelvinCodePane *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_CODE_PANE (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  GListModel *model = kelvin_document_set_get_model (kelvin_open_function_get_code (open_function));
  self->open_function = g_object_ref (open_function);
  kelvin_code_editor_set_line_costs (self->editor,
                                     kelvin_open_function_get_line_costs (open_function));
  gtk_list_box_bind_model (self->files, model, create_file_row, NULL, NULL);
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (documents_changed_cb), self);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (function_changed_cb),
                            self);
  kelvin_configuration_form_set_open_function (self->configuration, open_function);
  kelvin_variables_form_set_open_function (self->variables, open_function);
  kelvin_doors_form_set_open_function (self->doors, open_function);
  gtk_toggle_button_set_active (self->code_tab, TRUE);
  function_changed_cb (self);
  documents_changed_cb (self);
}

void
kelvin_code_pane_show_document (KelvinCodePane *self, KelvinDocument *document)
{
  g_return_if_fail (KELVIN_IS_CODE_PANE (self));

  gtk_toggle_button_set_active (self->code_tab, TRUE);
  show_document (self, document);
}

void
kelvin_code_pane_show_line (KelvinCodePane *self, KelvinDocument *document, guint line)
{
  kelvin_code_pane_show_document (self, document);
  kelvin_code_editor_show_line (self->editor, line);
}

void
kelvin_code_pane_focus (KelvinCodePane *self)
{
  g_return_if_fail (KELVIN_IS_CODE_PANE (self));

  kelvin_code_editor_focus (self->editor);
}
