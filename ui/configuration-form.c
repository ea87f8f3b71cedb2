#include "config.h"

#include "ui/configuration-form.h"

#include "ui/field-row.h"

struct _KelvinConfigurationForm {
  AdwBin parent_instance;

  KelvinFieldRow *name;
  KelvinFieldRow *description;
  KelvinFieldRow *runtime;
  KelvinFieldRow *handler;
  KelvinFieldRow *architectures;
  KelvinFieldRow *layers;
  KelvinFieldRow *memory;
  KelvinFieldRow *timeout;
  KelvinFieldRow *storage;
  GtkSwitch *system_packages;
  KelvinOpenFunction *open_function;
};

G_DEFINE_FINAL_TYPE (KelvinConfigurationForm, kelvin_configuration_form, ADW_TYPE_BIN)

static void
set_rows (KelvinConfigurationForm *self, KelvinOpenFunction *open_function)
{
  KelvinFieldRow *rows[] = { self->name,    self->description,   self->runtime,
                             self->handler, self->architectures, self->layers,
                             self->memory,  self->timeout,       self->storage };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    kelvin_field_row_set_open_function (rows[i], open_function);
}

static void
switched_cb (KelvinConfigurationForm *self)
{
  KelvinFunction *function =
      self->open_function != NULL ? kelvin_open_function_get_function (self->open_function) : NULL;
  gboolean active = gtk_switch_get_active (self->system_packages);
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autoptr (GError) error = NULL;

  if (function == NULL || kelvin_function_get_system_packages (function) == active)
    return;

  json_node_set_boolean (node, active);
  if (!kelvin_configuration_edit (kelvin_open_function_get_configuration (self->open_function),
                                  "Kelvin.SystemPackages", active ? node : NULL, &error))
    g_warning ("%s", error->message);
}

static void
function_changed_cb (KelvinConfigurationForm *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);

  gtk_widget_set_sensitive (GTK_WIDGET (self), function != NULL);
  if (function != NULL)
    gtk_switch_set_active (self->system_packages, kelvin_function_get_system_packages (function));
}

static void
forget_function (KelvinConfigurationForm *self)
{
  if (self->open_function == NULL)
    return;

  set_rows (self, NULL);
  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_clear_object (&self->open_function);
}

static void
kelvin_configuration_form_dispose (GObject *object)
{
  KelvinConfigurationForm *self = KELVIN_CONFIGURATION_FORM (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_CONFIGURATION_FORM);

  G_OBJECT_CLASS (kelvin_configuration_form_parent_class)->dispose (object);
}

static void
kelvin_configuration_form_class_init (KelvinConfigurationFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_configuration_form_dispose;

  g_type_ensure (KELVIN_TYPE_FIELD_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/configuration-form.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, name);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, description);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, runtime);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, handler);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, architectures);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, layers);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, memory);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, timeout);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, storage);
  gtk_widget_class_bind_template_child (widget_class, KelvinConfigurationForm, system_packages);
  gtk_widget_class_bind_template_callback (widget_class, switched_cb);
}

static void
kelvin_configuration_form_init (KelvinConfigurationForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_configuration_form_set_open_function (KelvinConfigurationForm *self,
                                             KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_CONFIGURATION_FORM (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  set_rows (self, open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (function_changed_cb),
                            self);
  function_changed_cb (self);
}
