#include "config.h"

#include "ui/profile-page.h"

#include <glib/gi18n-lib.h>

#include "ui/profile-controls.h"
#include "ui/profile-view.h"

/* How often "12 s ago" is said anew. */
#define AGE_INTERVAL_S 10
/* Of each advice: enough for an interval. */
#define TRIES 20

struct _KelvinProfilePage {
  AdwBin parent_instance;

  GtkRevealer *progress_revealer;
  GtkLabel *progress_label;
  GtkProgressBar *progress_bar;
  GtkRevealer *error_revealer;
  GtkLabel *error_label;
  GtkStack *stack;
  GtkLabel *strip;
  KelvinProfileView *view;
  KelvinProfileControls *controls; /* owned; the window packs it into the header */

  KelvinEngine *engine;
  char *function_dir; /* nullable */
  char *function_name;
  GBytes *event;                  /* nullable */
  char *event_name;               /* nullable */
  KelvinMeasurement *measurement; /* nullable: what is shown */
  KelvinLineCosts *line_costs;    /* nullable */
  KelvinMachine *machine;         /* nullable: until it was examined */

  GCancellable *running; /* nullable: a measurement is under way */
  char *running_dir;
  char *running_name;
  GCancellable *loading; /* nullable: the newest measurement is being read */
  GCancellable *examining;
  guint age_timeout;
};

/* Which loading a callback belongs to: a later one has a cancellable of its own. */
typedef struct {
  KelvinProfilePage *page;
  GCancellable *cancellable;
} Loading;

static void
loading_free (Loading *loading)
{
  g_object_unref (loading->page);
  g_object_unref (loading->cancellable);
  g_free (loading);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Loading, loading_free)

enum {
  PROP_RUNNING = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinProfilePage, kelvin_profile_page, ADW_TYPE_BIN)

static void
show_error (KelvinProfilePage *self, const GError *error)
{
  gtk_label_set_label (self->error_label, error != NULL ? error->message : "");
  gtk_revealer_set_reveal_child (self->error_revealer, error != NULL);
}

static void
update_strip (KelvinProfilePage *self)
{
  if (self->measurement == NULL)
    return;

  g_autofree char *text =
      kelvin_measurement_describe (self->measurement, self->machine, g_get_real_time ());
  gtk_label_set_label (self->strip, text);
}

static gboolean
age_cb (gpointer user_data)
{
  update_strip (user_data);
  return G_SOURCE_CONTINUE;
}

static void
show_measurement (KelvinProfilePage *self, KelvinMeasurement *measurement)
{
  g_clear_pointer (&self->measurement, kelvin_measurement_free);
  self->measurement = measurement;
  if (measurement == NULL)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  kelvin_profile_view_set_measurement (self->view, measurement);
  if (self->line_costs != NULL && measurement->init_code != NULL)
    kelvin_line_costs_set_init_code (self->line_costs, measurement->init_code);
  update_strip (self);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

static void
update_running (KelvinProfilePage *self)
{
  gboolean running = self->running != NULL;

  kelvin_profile_controls_set_running (self->controls, running);
  gtk_widget_set_sensitive (GTK_WIDGET (self->controls), running || self->function_dir != NULL);
  gtk_revealer_set_reveal_child (self->progress_revealer, running);
}

static void
progress_cb (const KelvinProgress *progress, gpointer user_data)
{
  KelvinProfilePage *self = user_data;

  /* Translators: a function's name, and how many calls of how many were measured */
  g_autofree char *text = g_strdup_printf (_ ("Measuring %s: %u of %u calls"), self->running_name,
                                           progress->done, progress->total);
  gtk_label_set_label (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress_bar,
                                 (double) progress->done / MAX (progress->total, 1));
}

static void
profiled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinProfilePage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_steal_pointer (&self->running_dir);

  g_autoptr (KelvinProfile) profile =
      kelvin_engine_profile_finish (KELVIN_ENGINE (source), result, &error);
  g_clear_object (&self->running);
  g_clear_pointer (&self->running_name, g_free);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (self->engine == NULL) /* disposed meanwhile */
    return;

  update_running (self);
  if (g_strcmp0 (dir, self->function_dir) != 0)
    return;
  if (profile == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_error (self, error);
      return;
    }
  if (profile->cold->len + profile->warm->len > 0)
    show_measurement (self, kelvin_measurement_new_from_profile (profile));
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinProfilePage) self = user_data;
  g_autoptr (GError) error = NULL;

  KelvinMeasurement *measurement =
      kelvin_measurement_load_finish (KELVIN_STORE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->loading);
  if (error != NULL)
    show_error (self, error);
  show_measurement (self, measurement);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;
  KelvinProfilePage *self = loading->page;
  g_autoptr (GError) error = NULL;

  gboolean open = kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error);
  if (g_cancellable_is_cancelled (loading->cancellable))
    return;
  if (!open)
    {
      g_clear_object (&self->loading);
      show_error (self, error);
      show_measurement (self, NULL);
      return;
    }

  kelvin_measurement_load_async (kelvin_engine_get_store (self->engine), self->function_name,
                                 loading->cancellable, loaded_cb, g_object_ref (self));
}

static void
load_newest (KelvinProfilePage *self)
{
  Loading *loading = g_new0 (Loading, 1);

  self->loading = g_cancellable_new ();
  loading->page = g_object_ref (self);
  loading->cancellable = g_object_ref (self->loading);
  kelvin_engine_wait_open_async (self->engine, opened_cb, loading);
}

static void
examined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinProfilePage) self = user_data;
  g_autoptr (GError) error = NULL;

  g_autoptr (KelvinMachine) machine =
      kelvin_engine_examine_finish (KELVIN_ENGINE (source), result, &error);
  if (machine == NULL || self->engine == NULL)
    return;

  self->machine = g_steal_pointer (&machine);
  update_strip (self);
}

static void
examine (KelvinProfilePage *self)
{
  if (self->examining != NULL)
    return;

  self->examining = g_cancellable_new ();
  kelvin_engine_examine_async (self->engine, self->examining, examined_cb, g_object_ref (self));
}

static void
kelvin_profile_page_map (GtkWidget *widget)
{
  KelvinProfilePage *self = KELVIN_PROFILE_PAGE (widget);

  GTK_WIDGET_CLASS (kelvin_profile_page_parent_class)->map (widget);
  update_strip (self);
  self->age_timeout = g_timeout_add_seconds (AGE_INTERVAL_S, age_cb, self);
  examine (self);
}

static void
kelvin_profile_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&KELVIN_PROFILE_PAGE (widget)->age_timeout, g_source_remove);

  GTK_WIDGET_CLASS (kelvin_profile_page_parent_class)->unmap (widget);
}

static void
cancel_loading (KelvinProfilePage *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
kelvin_profile_page_dispose (GObject *object)
{
  KelvinProfilePage *self = KELVIN_PROFILE_PAGE (object);

  cancel_loading (self);
  kelvin_profile_page_cancel (self);
  if (self->examining != NULL)
    g_cancellable_cancel (self->examining);
  g_clear_object (&self->examining);
  g_clear_object (&self->engine);
  g_clear_object (&self->controls);
  g_clear_object (&self->line_costs);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_PROFILE_PAGE);

  G_OBJECT_CLASS (kelvin_profile_page_parent_class)->dispose (object);
}

static void
kelvin_profile_page_finalize (GObject *object)
{
  KelvinProfilePage *self = KELVIN_PROFILE_PAGE (object);

  g_clear_pointer (&self->measurement, kelvin_measurement_free);
  g_clear_pointer (&self->machine, kelvin_machine_free);
  g_clear_pointer (&self->event, g_bytes_unref);
  g_clear_object (&self->running);
  g_free (self->function_dir);
  g_free (self->function_name);
  g_free (self->event_name);
  g_free (self->running_dir);
  g_free (self->running_name);

  G_OBJECT_CLASS (kelvin_profile_page_parent_class)->finalize (object);
}

static void
kelvin_profile_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RUNNING)
    g_value_set_boolean (value, kelvin_profile_page_is_running (KELVIN_PROFILE_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_profile_page_class_init (KelvinProfilePageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kelvin_profile_page_dispose;
  object_class->finalize = kelvin_profile_page_finalize;
  object_class->get_property = kelvin_profile_page_get_property;
  widget_class->map = kelvin_profile_page_map;
  widget_class->unmap = kelvin_profile_page_unmap;

  props[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (KELVIN_TYPE_PROFILE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/profile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, progress_revealer);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, error_revealer);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, error_label);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinProfilePage, view);
}

static void
kelvin_profile_page_init (KelvinProfilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->controls = KELVIN_PROFILE_CONTROLS (g_object_ref_sink (kelvin_profile_controls_new ()));
  g_signal_connect_object (self->controls, "cancel", G_CALLBACK (kelvin_profile_page_cancel), self,
                           G_CONNECT_SWAPPED);
  update_running (self);
}

GtkWidget *
kelvin_profile_page_new (KelvinEngine *engine)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (engine), NULL);

  KelvinProfilePage *self = g_object_new (KELVIN_TYPE_PROFILE_PAGE, NULL);
  self->engine = g_object_ref (engine);
  return GTK_WIDGET (self);
}

void
kelvin_profile_page_set_function (KelvinProfilePage *self, const char *function_dir,
                                  KelvinFunction *function)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));
  g_return_if_fail ((function_dir == NULL) == (function == NULL));

  const char *name = function != NULL ? kelvin_function_get_name (function) : NULL;
  if (g_strcmp0 (self->function_dir, function_dir) == 0 &&
      g_strcmp0 (self->function_name, name) == 0)
    return;

  g_free (self->function_dir);
  g_free (self->function_name);
  self->function_dir = g_strdup (function_dir);
  self->function_name = g_strdup (name);
  cancel_loading (self);
  kelvin_profile_page_set_event (self, NULL, NULL);
  show_error (self, NULL);
  update_running (self);
  gtk_stack_set_visible_child_name (self->stack, function_dir != NULL ? "blank" : "empty");
  if (function_dir != NULL)
    load_newest (self);
}

void
kelvin_profile_page_set_line_costs (KelvinProfilePage *self, KelvinLineCosts *costs)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  g_set_object (&self->line_costs, costs);
}

void
kelvin_profile_page_set_event (KelvinProfilePage *self, GBytes *event, const char *event_name)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  GBytes *kept = event != NULL ? g_bytes_ref (event) : NULL;
  g_clear_pointer (&self->event, g_bytes_unref);
  self->event = kept;
  g_free (self->event_name);
  self->event_name = g_strdup (event_name);
}

GtkWidget *
kelvin_profile_page_get_header_controls (KelvinProfilePage *self)
{
  g_return_val_if_fail (KELVIN_IS_PROFILE_PAGE (self), NULL);

  return GTK_WIDGET (self->controls);
}

void
kelvin_profile_page_set_narrow (KelvinProfilePage *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  kelvin_profile_controls_set_narrow (self->controls, narrow);
}

static void
start (KelvinProfilePage *self, guint tries)
{
  if (self->running != NULL || self->function_dir == NULL)
    return;

  KelvinProfileRequest request = { .function_dir = self->function_dir,
                                   .event = self->event,
                                   .event_name = self->event_name,
                                   .cold = kelvin_profile_controls_get_cold (self->controls),
                                   .warm = kelvin_profile_controls_get_warm (self->controls) };
  KelvinProgress none = { .total = request.cold + request.warm };

  request.imports = request.cold > 0;
  request.advise = tries;
  if (none.total == 0)
    return;

  self->running = g_cancellable_new ();
  self->running_dir = g_strdup (self->function_dir);
  self->running_name = g_strdup (self->function_name);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  show_error (self, NULL);
  progress_cb (&none, self);
  update_running (self);
  kelvin_engine_profile_async (self->engine, &request, self->running, progress_cb, self,
                               profiled_cb, g_object_ref (self));
}

void
kelvin_profile_page_start (KelvinProfilePage *self)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  start (self, 0);
}

void
kelvin_profile_page_start_advising (KelvinProfilePage *self)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  start (self, TRIES);
}

void
kelvin_profile_page_start_with (KelvinProfilePage *self, guint cold, guint warm)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  kelvin_profile_controls_set_counts (self->controls, cold, warm);
  kelvin_profile_page_start (self);
}

void
kelvin_profile_page_cancel (KelvinProfilePage *self)
{
  g_return_if_fail (KELVIN_IS_PROFILE_PAGE (self));

  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

gboolean
kelvin_profile_page_is_running (KelvinProfilePage *self)
{
  g_return_val_if_fail (KELVIN_IS_PROFILE_PAGE (self), FALSE);

  return self->running != NULL;
}
