#include "config.h"

#include "ui/quantity-button.h"

#include <glib/gi18n-lib.h>

/* A person turns the number for a while: it is taken when they pause. */
#define PAUSE_MS 600

struct _KelvinQuantityButton {
  GtkWidget parent_instance;

  GtkMenuButton *button;
  GtkLabel *name;
  GtkLabel *figure;
  GtkLabel *range;
  GtkSpinButton *spin;
  char *label;
  char *unit;
  guint lowest, highest, step;
  guint value;
  guint chosen_id;
};

enum {
  PROP_LABEL = 1,
  PROP_UNIT,
  PROP_LOWEST,
  PROP_HIGHEST,
  PROP_STEP,
  N_PROPS,
};

enum {
  CHOSEN,
  N_SIGNALS,
};

static GParamSpec *props[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinQuantityButton, kelvin_quantity_button, GTK_TYPE_WIDGET)

static void
update_figure (KelvinQuantityButton *self)
{
  /* Translators: a number and its unit: "256 MB" */
  g_autofree char *figure = *self->unit != '\0'
                                ? g_strdup_printf (_ ("%u %s"), self->value, self->unit)
                                : g_strdup_printf ("%u", self->value);
  g_autofree char *name = g_strdup_printf ("%s %s", self->label, figure);

  gtk_label_set_label (self->figure, figure);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  name, -1);
}

static gboolean
chosen_cb (gpointer data)
{
  KelvinQuantityButton *self = data;
  guint value = gtk_spin_button_get_value_as_int (self->spin);

  self->chosen_id = 0;
  if (value != self->value)
    g_signal_emit (self, signals[CHOSEN], 0, value);
  return G_SOURCE_REMOVE;
}

static void
value_changed_cb (KelvinQuantityButton *self)
{
  g_clear_handle_id (&self->chosen_id, g_source_remove);
  self->chosen_id = g_timeout_add (PAUSE_MS, chosen_cb, self);
}

/* Closing the popover doesn't lose what was turned. */
static void
closed_cb (KelvinQuantityButton *self)
{
  if (self->chosen_id == 0)
    return;

  g_clear_handle_id (&self->chosen_id, g_source_remove);
  chosen_cb (self);
}

static void
kelvin_quantity_button_set_property (GObject *object, guint id, const GValue *value,
                                     GParamSpec *pspec)
{
  KelvinQuantityButton *self = KELVIN_QUANTITY_BUTTON (object);

  switch (id)
    {
    case PROP_LABEL:
      g_free (self->label);
      self->label = g_value_dup_string (value);
      break;
    case PROP_UNIT:
      g_free (self->unit);
      self->unit = g_value_dup_string (value);
      break;
    case PROP_LOWEST:
      self->lowest = g_value_get_uint (value);
      break;
    case PROP_HIGHEST:
      self->highest = g_value_get_uint (value);
      break;
    case PROP_STEP:
      self->step = g_value_get_uint (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kelvin_quantity_button_constructed (GObject *object)
{
  KelvinQuantityButton *self = KELVIN_QUANTITY_BUTTON (object);

  G_OBJECT_CLASS (kelvin_quantity_button_parent_class)->constructed (object);

  /* Translators: the ends of a range and their unit: "128 to 10240 MB" */
  g_autofree char *range =
      g_strchomp (g_strdup_printf (_ ("%u to %u %s"), self->lowest, self->highest, self->unit));
  gtk_label_set_label (self->name, self->label);
  gtk_label_set_label (self->range, range);
  g_signal_handlers_block_by_func (self->spin, value_changed_cb, self);
  gtk_spin_button_set_range (self->spin, self->lowest, self->highest);
  gtk_spin_button_set_increments (self->spin, self->step, 4 * self->step);
  g_signal_handlers_unblock_by_func (self->spin, value_changed_cb, self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->spin), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->label, -1);
}

static void
kelvin_quantity_button_dispose (GObject *object)
{
  KelvinQuantityButton *self = KELVIN_QUANTITY_BUTTON (object);

  g_clear_handle_id (&self->chosen_id, g_source_remove);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_QUANTITY_BUTTON);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->unit, g_free);

  G_OBJECT_CLASS (kelvin_quantity_button_parent_class)->dispose (object);
}

static void
kelvin_quantity_button_class_init (KelvinQuantityButtonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS;

  object_class->set_property = kelvin_quantity_button_set_property;
  object_class->constructed = kelvin_quantity_button_constructed;
  object_class->dispose = kelvin_quantity_button_dispose;

  props[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, "", flags);
  props[PROP_UNIT] = g_param_spec_string ("unit", NULL, NULL, "", flags);
  props[PROP_LOWEST] = g_param_spec_uint ("lowest", NULL, NULL, 0, G_MAXINT, 0, flags);
  props[PROP_HIGHEST] = g_param_spec_uint ("highest", NULL, NULL, 0, G_MAXINT, 100, flags);
  props[PROP_STEP] = g_param_spec_uint ("step", NULL, NULL, 1, G_MAXINT, 1, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/quantity-button.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinQuantityButton, button);
  gtk_widget_class_bind_template_child (widget_class, KelvinQuantityButton, name);
  gtk_widget_class_bind_template_child (widget_class, KelvinQuantityButton, figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinQuantityButton, range);
  gtk_widget_class_bind_template_child (widget_class, KelvinQuantityButton, spin);
  gtk_widget_class_bind_template_callback (widget_class, value_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);
}

static void
kelvin_quantity_button_init (KelvinQuantityButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_quantity_button_set_value (KelvinQuantityButton *self, guint value)
{
  g_return_if_fail (KELVIN_IS_QUANTITY_BUTTON (self));

  if (self->value == value)
    return;

  self->value = value;
  g_signal_handlers_block_by_func (self->spin, value_changed_cb, self);
  gtk_spin_button_set_value (self->spin, value);
  g_signal_handlers_unblock_by_func (self->spin, value_changed_cb, self);
  update_figure (self);
}

guint
kelvin_quantity_button_get_value (KelvinQuantityButton *self)
{
  g_return_val_if_fail (KELVIN_IS_QUANTITY_BUTTON (self), 0);

  gtk_spin_button_update (self->spin);
  return (guint) gtk_spin_button_get_value_as_int (self->spin);
}
