#include "config.h"

#include "ui/variables-form.h"

#include <glib/gi18n-lib.h>

#include "ui/field-row.h"

#define PREFIX "Environment.Variables."

struct _KelvinVariablesForm {
  AdwBin parent_instance;

  AdwPreferencesGroup *group;
  AdwEntryRow *added;
  GPtrArray *rows; /* of KelvinFieldRow, in the order of their names */
  KelvinOpenFunction *open_function;
};

G_DEFINE_FINAL_TYPE (KelvinVariablesForm, kelvin_variables_form, ADW_TYPE_BIN)

static void
show_added_problem (KelvinVariablesForm *self, const char *problem)
{
  if (problem != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->added), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->added), "error");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->added),
                                 problem != NULL ? problem : _ ("Name of a new variable"));
}

static void
remove_clicked_cb (KelvinVariablesForm *self, GtkButton *button)
{
  KelvinFieldRow *row = g_object_get_data (G_OBJECT (button), "row");
  g_autofree char *path = g_strdup (kelvin_field_row_get_path (row));
  g_autoptr (GError) error = NULL;

  if (!kelvin_configuration_edit (kelvin_open_function_get_configuration (self->open_function),
                                  path, NULL, &error))
    show_added_problem (self, error->message);
}

static KelvinFieldRow *
create_row (KelvinVariablesForm *self, const char *name)
{
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  /* Translators: %s is an environment variable */
  g_autofree char *remove = g_strdup_printf (_ ("Remove %s"), name);
  KelvinFieldRow *row = KELVIN_FIELD_ROW (kelvin_field_row_new (path, name));
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, remove);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, remove,
                                  -1);
  g_object_set_data (G_OBJECT (button), "row", row);
  g_signal_connect_object (button, "clicked", G_CALLBACK (remove_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  adw_entry_row_add_suffix (ADW_ENTRY_ROW (row), button);
  return row;
}

static GList *
list_names (KelvinOpenFunction *open_function)
{
  KelvinFunction *function = kelvin_open_function_get_function (open_function);

  if (function == NULL)
    return NULL;

  return g_list_sort (g_hash_table_get_keys (kelvin_function_get_variables (function)),
                      (GCompareFunc) g_strcmp0);
}

static gboolean
are_shown (KelvinVariablesForm *self, GList *names)
{
  guint i = 0;

  for (GList *name = names; name != NULL; name = name->next, i++)
    {
      g_autofree char *path = g_strconcat (PREFIX, name->data, NULL);

      if (i >= self->rows->len ||
          !g_str_equal (kelvin_field_row_get_path (g_ptr_array_index (self->rows, i)), path))
        return FALSE;
    }

  return i == self->rows->len;
}

static void
clear_rows (KelvinVariablesForm *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    {
      kelvin_field_row_set_open_function (g_ptr_array_index (self->rows, i), NULL);
      adw_preferences_group_remove (self->group, g_ptr_array_index (self->rows, i));
    }
  g_ptr_array_set_size (self->rows, 0);
}

/* Rows follow the names alone; each shows its own value. */
static void
function_changed_cb (KelvinVariablesForm *self)
{
  g_autoptr (GList) names = list_names (self->open_function);

  if (are_shown (self, names))
    return;

  clear_rows (self);
  adw_preferences_group_remove (self->group, GTK_WIDGET (self->added));
  for (GList *name = names; name != NULL; name = name->next)
    {
      KelvinFieldRow *row = create_row (self, name->data);

      g_ptr_array_add (self->rows, row);
      adw_preferences_group_add (self->group, GTK_WIDGET (row));
      kelvin_field_row_set_open_function (row, self->open_function);
    }
  adw_preferences_group_add (self->group, GTK_WIDGET (self->added));
}

static void
add_cb (KelvinVariablesForm *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->added));
  g_autofree char *path = g_strconcat (PREFIX, name, NULL);
  g_autoptr (JsonNode) empty = json_node_new (JSON_NODE_VALUE);
  g_autoptr (GError) error = NULL;

  if (*name == '\0' || self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return;
  if (strchr (name, '.') != NULL)
    {
      show_added_problem (self, _ ("A name has letters, digits and underscores"));
      return;
    }

  json_node_set_string (empty, "");
  if (!kelvin_configuration_edit (kelvin_open_function_get_configuration (self->open_function),
                                  path, empty, &error))
    {
      show_added_problem (self, error->message);
      return;
    }

  show_added_problem (self, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->added), "");
}

static void
forget_function (KelvinVariablesForm *self)
{
  if (self->open_function == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->open_function, self);
  clear_rows (self);
  g_clear_object (&self->open_function);
}

static void
kelvin_variables_form_dispose (GObject *object)
{
  KelvinVariablesForm *self = KELVIN_VARIABLES_FORM (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_VARIABLES_FORM);
  g_clear_object (&self->added);
  g_clear_pointer (&self->rows, g_ptr_array_unref);

  G_OBJECT_CLASS (kelvin_variables_form_parent_class)->dispose (object);
}

static void
kelvin_variables_form_class_init (KelvinVariablesFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_variables_form_dispose;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/variables-form.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinVariablesForm, group);
}

static void
kelvin_variables_form_init (KelvinVariablesForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->rows = g_ptr_array_new ();
  self->added = g_object_ref_sink (ADW_ENTRY_ROW (adw_entry_row_new ()));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->added), FALSE);
  adw_entry_row_set_show_apply_button (self->added, TRUE);
  g_signal_connect_object (self->added, "apply", G_CALLBACK (add_cb), self, G_CONNECT_SWAPPED);
  adw_preferences_group_add (self->group, GTK_WIDGET (self->added));
  show_added_problem (self, NULL);
}

void
kelvin_variables_form_set_open_function (KelvinVariablesForm *self,
                                         KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_VARIABLES_FORM (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (function_changed_cb),
                            self);
  function_changed_cb (self);
}
