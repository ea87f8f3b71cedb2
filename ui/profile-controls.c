#include "config.h"

#include "ui/profile-controls.h"

#include <glib/gi18n-lib.h>

#include "ui/quantity-button.h"

#define USUAL_COLD 20
#define USUAL_WARM 100

struct _KelvinProfileControls {
  AdwBin parent_instance;

  GtkWidget *counts;
  KelvinQuantityButton *cold;
  KelvinQuantityButton *warm;
  GtkWidget *start;
  GtkWidget *cancel;
};

enum {
  CANCEL,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinProfileControls, kelvin_profile_controls, ADW_TYPE_BIN)

static void
cancel_clicked_cb (KelvinProfileControls *self)
{
  g_signal_emit (self, signals[CANCEL], 0);
}

static void
chosen_cb (KelvinQuantityButton *button, guint value)
{
  kelvin_quantity_button_set_value (button, value);
}

static void
kelvin_profile_controls_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_PROFILE_CONTROLS);

  G_OBJECT_CLASS (kelvin_profile_controls_parent_class)->dispose (object);
}

static void
kelvin_profile_controls_class_init (KelvinProfileControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_profile_controls_dispose;

  signals[CANCEL] = g_signal_new ("cancel", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KELVIN_TYPE_QUANTITY_BUTTON);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/profile-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileControls, counts);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileControls, cold);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileControls, warm);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileControls, start);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfileControls, cancel);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
kelvin_profile_controls_init (KelvinProfileControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kelvin_quantity_button_set_value (self->cold, USUAL_COLD);
  kelvin_quantity_button_set_value (self->warm, USUAL_WARM);
}

GtkWidget *
kelvin_profile_controls_new (void)
{
  return g_object_new (KELVIN_TYPE_PROFILE_CONTROLS, NULL);
}

guint
kelvin_profile_controls_get_cold (KelvinProfileControls *self)
{
  g_return_val_if_fail (KELVIN_IS_PROFILE_CONTROLS (self), 0);

  return kelvin_quantity_button_get_value (self->cold);
}

guint
kelvin_profile_controls_get_warm (KelvinProfileControls *self)
{
  g_return_val_if_fail (KELVIN_IS_PROFILE_CONTROLS (self), 0);

  return kelvin_quantity_button_get_value (self->warm);
}

void
kelvin_profile_controls_set_counts (KelvinProfileControls *self, guint cold, guint warm)
{
  g_return_if_fail (KELVIN_IS_PROFILE_CONTROLS (self));

  kelvin_quantity_button_set_value (self->cold, cold);
  kelvin_quantity_button_set_value (self->warm, warm);
}

void
kelvin_profile_controls_set_narrow (KelvinProfileControls *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_PROFILE_CONTROLS (self));

  gtk_widget_set_visible (self->counts, !narrow);
  if (narrow)
    gtk_button_set_icon_name (GTK_BUTTON (self->start), "media-playback-start-symbolic");
  else
    gtk_button_set_label (GTK_BUTTON (self->start), _ ("Profile"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->start), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Profile"), -1);
}

void
kelvin_profile_controls_set_running (KelvinProfileControls *self, gboolean running)
{
  g_return_if_fail (KELVIN_IS_PROFILE_CONTROLS (self));

  /* Focus stays where it was, on the button that stands there now. */
  GtkWidget *hidden = running ? self->start : self->cancel;
  GtkWidget *shown = running ? self->cancel : self->start;
  gboolean had_focus = gtk_widget_has_focus (hidden);

  gtk_widget_set_visible (shown, TRUE);
  if (had_focus)
    gtk_widget_grab_focus (shown);
  gtk_widget_set_visible (hidden, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->cold), !running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->warm), !running);
}
