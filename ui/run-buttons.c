#include "config.h"

#include "ui/run-buttons.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/quantity-button.h"

/* Shorter runs show nothing but their result: a button that flickers can't be pressed. */
#define CANCEL_AFTER_MS 150

struct _KelvinRunButtons {
  GtkWidget parent_instance;

  GtkWidget *quantities;
  KelvinQuantityButton *memory;
  KelvinQuantityButton *timeout;
  GtkStack *stack;
  GtkWidget *run;
  KelvinOpenFunction *open_function;
  guint cancel_id;
};

G_DEFINE_FINAL_TYPE (KelvinRunButtons, kelvin_run_buttons, GTK_TYPE_WIDGET)

/* A button that is activated by key or by assistive technology shows itself pressed for a while
 * before it is clicked; nobody who cancels wants to wait for that. */
static void
cancel_activated_cb (KelvinRunButtons *self)
{
  if (self->open_function != NULL)
    kelvin_run_control_cancel (kelvin_open_function_get_run_control (self->open_function));
}

static gboolean
show_cancel_cb (gpointer data)
{
  KelvinRunButtons *self = data;

  self->cancel_id = 0;
  gtk_stack_set_visible_child_name (self->stack, "cancel");
  return G_SOURCE_REMOVE;
}

static void
running_changed_cb (KelvinRunButtons *self)
{
  KelvinRunControl *control = kelvin_open_function_get_run_control (self->open_function);

  g_clear_handle_id (&self->cancel_id, g_source_remove);
  if (kelvin_run_control_is_running (control))
    self->cancel_id = g_timeout_add (CANCEL_AFTER_MS, show_cancel_cb, self);
  else
    gtk_stack_set_visible_child_name (self->stack, "run");
}

static void
function_changed_cb (KelvinRunButtons *self)
{
  KelvinFunction *function = kelvin_open_function_get_function (self->open_function);

  gtk_widget_set_sensitive (self->quantities, function != NULL);
  if (function == NULL)
    return;

  kelvin_quantity_button_set_value (self->memory, kelvin_function_get_memory_size_mb (function));
  kelvin_quantity_button_set_value (self->timeout, kelvin_function_get_timeout_s (function));
}

static void
edit_number (KelvinRunButtons *self, const char *path, guint value)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_VALUE);
  g_autoptr (GError) error = NULL;

  if (self->open_function == NULL ||
      kelvin_open_function_get_function (self->open_function) == NULL)
    return;

  json_node_set_int (node, value);
  /* the range of the spin button is the rule */
  if (!kelvin_configuration_edit (kelvin_open_function_get_configuration (self->open_function),
                                  path, node, &error))
    g_warning ("%s", error->message);
}

static void
memory_chosen_cb (KelvinRunButtons *self, guint value)
{
  edit_number (self, "MemorySize", value);
}

static void
timeout_chosen_cb (KelvinRunButtons *self, guint value)
{
  edit_number (self, "Timeout", value);
}

static void
forget_function (KelvinRunButtons *self)
{
  if (self->open_function == NULL)
    return;

  g_clear_handle_id (&self->cancel_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_signal_handlers_disconnect_by_data (kelvin_open_function_get_run_control (self->open_function),
                                        self);
  g_clear_object (&self->open_function);
}

static void
kelvin_run_buttons_dispose (GObject *object)
{
  KelvinRunButtons *self = KELVIN_RUN_BUTTONS (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_RUN_BUTTONS);

  G_OBJECT_CLASS (kelvin_run_buttons_parent_class)->dispose (object);
}

static void
kelvin_run_buttons_class_init (KelvinRunButtonsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_run_buttons_dispose;

  g_type_ensure (KELVIN_TYPE_QUANTITY_BUTTON);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/run-buttons.ui");
  gtk_widget_class_bind_template_child_full (widget_class, "content", FALSE, 0);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunButtons, quantities);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunButtons, memory);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunButtons, timeout);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunButtons, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunButtons, run);
  gtk_widget_class_bind_template_callback (widget_class, cancel_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, memory_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, timeout_chosen_cb);
}

/* A split button has no property for the name of its arrow. */
static void
name_arrow (AdwSplitButton *button)
{
  GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (button));

  while (child != NULL && !GTK_IS_MENU_BUTTON (child))
    child = gtk_widget_get_next_sibling (child);
  if (child != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _ ("Other ways to run"), -1);
}

static void
kelvin_run_buttons_init (KelvinRunButtons *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  name_arrow (ADW_SPLIT_BUTTON (self->run));
}

GtkWidget *
kelvin_run_buttons_new (void)
{
  return g_object_new (KELVIN_TYPE_RUN_BUTTONS, NULL);
}

void
kelvin_run_buttons_set_open_function (KelvinRunButtons *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_RUN_BUTTONS (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  g_signal_connect_swapped (open_function, "notify::function", G_CALLBACK (function_changed_cb),
                            self);
  g_signal_connect_swapped (kelvin_open_function_get_run_control (open_function), "notify::running",
                            G_CALLBACK (running_changed_cb), self);
  function_changed_cb (self);
  running_changed_cb (self);
}

void
kelvin_run_buttons_set_narrow (KelvinRunButtons *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_RUN_BUTTONS (self));

  gtk_widget_set_visible (self->quantities, !narrow);
}
