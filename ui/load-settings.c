#include "config.h"

#include "ui/load-settings.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/pattern-curve.h"
#include "ui/flow-layout.h"
#include "ui/quantity-button.h"

/* Rows of the list of patterns; the last is the closed model. */
static const KelvinPattern patterns[] = { KELVIN_PATTERN_STEADY, KELVIN_PATTERN_POISSON,
                                          KELVIN_PATTERN_BURST, KELVIN_PATTERN_RAMP,
                                          KELVIN_PATTERN_DAILY };
#define WAITING_CALLERS G_N_ELEMENTS (patterns)

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

struct _KelvinLoadSettings {
  GtkWidget parent_instance;

  GtkLabel *event;
  GtkDropDown *pattern;
  KelvinQuantityButton *rate;
  KelvinQuantityButton *concurrency;
  KelvinQuantityButton *duration;
  GtkMenuButton *callers;
  GtkLabel *callers_figure;
  GtkSpinButton *retries;
  GtkDropDown *backoff;
  GtkSpinButton *timeout;
  GtkDropDown *limits;
  GtkCheckButton *reserve;
  GtkSpinButton *reserved;
  GtkMenuButton *limit;
  GtkLabel *limit_figure;
  KelvinQuantityButton *seed;
  KelvinPatternCurve *curve;
};

G_DEFINE_FINAL_TYPE (KelvinLoadSettings, kelvin_load_settings, GTK_TYPE_WIDGET)

static gboolean
is_closed (KelvinLoadSettings *self)
{
  return gtk_drop_down_get_selected (self->pattern) >= WAITING_CALLERS;
}

static void
pattern_changed_cb (KelvinLoadSettings *self)
{
  gboolean closed = is_closed (self);

  gtk_widget_set_visible (GTK_WIDGET (self->rate), !closed);
  gtk_widget_set_visible (GTK_WIDGET (self->concurrency), closed);
  gtk_widget_set_visible (GTK_WIDGET (self->curve), !closed);
  if (!closed)
    kelvin_pattern_curve_set_pattern (self->curve,
                                      patterns[gtk_drop_down_get_selected (self->pattern)]);
}

static void
set_figure (GtkMenuButton *button, GtkLabel *label, const char *name, const char *figure)
{
  g_autofree char *words = g_strdup_printf ("%s %s", name, figure);

  gtk_label_set_label (label, figure);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                  -1);
}

static void
callers_changed_cb (KelvinLoadSettings *self)
{
  guint tries = (guint) gtk_spin_button_get_value_as_int (self->retries) + 1;
  guint backoff = gtk_drop_down_get_selected (self->backoff);
  g_autofree char *count = g_strdup_printf (ngettext ("%u try", "%u tries", tries), tries);
  g_autofree char *figure = NULL;

  if (tries == 1)
    figure = g_strdup (count);
  else if (backoff == KELVIN_BACKOFF_FULL_JITTER)
    /* Translators: %s is a number of tries */
    figure = g_strdup_printf (_ ("full jitter, %s"), count);
  else if (backoff == KELVIN_BACKOFF_EXPONENTIAL)
    figure = g_strdup_printf (_ ("exponential, %s"), count);
  else
    figure = g_strdup_printf (_ ("at once, %s"), count);
  set_figure (self->callers, self->callers_figure, _ ("Callers"), figure);
}

static void
limits_changed_cb (KelvinLoadSettings *self)
{
  static const char *const words[] = { N_ ("service"), N_ ("machine"), N_ ("free") };
  guint selected = gtk_drop_down_get_selected (self->limits);
  gboolean reserved = gtk_check_button_get_active (self->reserve);
  g_autofree char *figure =
      reserved ? g_strdup_printf ("%d", gtk_spin_button_get_value_as_int (self->reserved))
               : g_strdup (_ (words[MIN (selected, G_N_ELEMENTS (words) - 1)]));

  gtk_widget_set_sensitive (GTK_WIDGET (self->reserved), reserved);
  set_figure (self->limit, self->limit_figure, _ ("Limit"), figure);
}

static void
chosen_cb (KelvinQuantityButton *button, guint value)
{
  kelvin_quantity_button_set_value (button, value);
}

static void
kelvin_load_settings_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_LOAD_SETTINGS);

  G_OBJECT_CLASS (kelvin_load_settings_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, event);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, pattern);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, rate);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, concurrency);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, duration);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, callers);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, callers_figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, retries);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, backoff);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, timeout);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, limits);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, reserve);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, reserved);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, limit);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, limit_figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, seed);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadSettings, curve);
}

static void
kelvin_load_settings_class_init (KelvinLoadSettingsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_load_settings_dispose;

  g_type_ensure (KELVIN_TYPE_FLOW_LAYOUT);
  g_type_ensure (KELVIN_TYPE_QUANTITY_BUTTON);
  g_type_ensure (KELVIN_TYPE_PATTERN_CURVE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/load-settings.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, pattern_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, callers_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, limits_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

/* The button inside a list has no name of its own. */
static void
name_list (GtkDropDown *list, const char *name)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (list))),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
kelvin_load_settings_init (KelvinLoadSettings *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  kelvin_quantity_button_set_value (self->rate, 20);
  kelvin_quantity_button_set_value (self->concurrency, 10);
  kelvin_quantity_button_set_value (self->duration, 10);
  kelvin_quantity_button_set_value (self->seed, 1);
  name_list (self->pattern, _ ("Pattern"));
  name_list (self->backoff, _ ("Between tries"));
  name_list (self->limits, _ ("Limits of"));
  pattern_changed_cb (self);
  callers_changed_cb (self);
  limits_changed_cb (self);
}

void
kelvin_load_settings_set_event_name (KelvinLoadSettings *self, const char *event_name)
{
  g_return_if_fail (KELVIN_IS_LOAD_SETTINGS (self));

  g_autofree char *base = event_name != NULL ? g_path_get_basename (event_name) : g_strdup ("{}");
  if (g_str_has_suffix (base, ".json"))
    base[strlen (base) - strlen (".json")] = '\0';
  gtk_label_set_label (self->event, base);
}

void
kelvin_load_settings_fill (KelvinLoadSettings *self, KelvinLoadRequest *request)
{
  g_return_if_fail (KELVIN_IS_LOAD_SETTINGS (self));

  if (is_closed (self))
    request->concurrency = kelvin_quantity_button_get_value (self->concurrency);
  else
    {
      request->pattern = patterns[gtk_drop_down_get_selected (self->pattern)];
      request->rate = kelvin_quantity_button_get_value (self->rate);
    }
  request->duration_ns = kelvin_quantity_button_get_value (self->duration) * NS_PER_S;
  request->seed = kelvin_quantity_button_get_value (self->seed);
  request->caller.retries = (guint) gtk_spin_button_get_value_as_int (self->retries);
  request->caller.backoff = (KelvinBackoff) gtk_drop_down_get_selected (self->backoff);
  request->caller.timeout_ns =
      (gint64) (gtk_spin_button_get_value (self->timeout) * (double) NS_PER_S);
  request->admission = (KelvinAdmission) gtk_drop_down_get_selected (self->limits);
  request->reserved_concurrency = gtk_check_button_get_active (self->reserve)
                                      ? gtk_spin_button_get_value_as_int (self->reserved)
                                      : -1;
}
