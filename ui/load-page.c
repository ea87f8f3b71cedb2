#include "config.h"

#include "ui/load-page.h"

#include <glib/gi18n-lib.h>

#include "ui/load-settings.h"
#include "ui/load-view.h"
#include "ui/when.h"

struct _KelvinLoadPage {
  AdwBin parent_instance;

  KelvinLoadSettings *settings;
  GtkRevealer *error_revealer;
  GtkLabel *error_label;
  GtkStack *stack;
  GtkLabel *strip;
  KelvinLoadView *view;
  GtkWidget *controls; /* owned; the window packs it into the header */
  GtkWidget *start;    /* children of the controls */
  GtkWidget *cancel;

  KelvinEngine *engine;
  char *function_dir; /* nullable */
  char *function_name;
  GBytes *event;    /* nullable */
  char *event_name; /* nullable */

  GCancellable *running; /* nullable: a load is under way */
  char *running_dir;
  GCancellable *loading; /* nullable: a load of the history is being looked for */
  char *asked;           /* nullable: the id of the one that was asked for */
};

enum {
  PROP_RUNNING = 1,
  N_PROPS,
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (KelvinLoadPage, kelvin_load_page, ADW_TYPE_BIN)

static void
show_error (KelvinLoadPage *self, const char *message)
{
  gtk_label_set_label (self->error_label, message != NULL ? message : "");
  gtk_revealer_set_reveal_child (self->error_revealer, message != NULL);
}

/* Focus stays where it was, on the button that stands there now. */
static void
update_running (KelvinLoadPage *self)
{
  gboolean running = self->running != NULL;
  GtkWidget *hidden = running ? self->start : self->cancel;
  GtkWidget *shown = running ? self->cancel : self->start;
  gboolean had_focus = gtk_widget_has_focus (hidden);

  gtk_widget_set_visible (shown, TRUE);
  if (had_focus)
    gtk_widget_grab_focus (shown);
  gtk_widget_set_visible (hidden, FALSE);
  gtk_widget_set_sensitive (self->controls, running || self->function_dir != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (self->settings), !running);
}

/* Whether what is under way is what the page is about. */
static gboolean
is_shown (KelvinLoadPage *self, const char *dir)
{
  return self->engine != NULL && g_strcmp0 (dir, self->function_dir) == 0;
}

static void
batch_cb (const KelvinLoadBatch *batch, gpointer user_data)
{
  KelvinLoadPage *self = user_data;

  if (is_shown (self, self->running_dir))
    kelvin_load_view_add (self->view, batch);
}

static void
describe (KelvinLoadPage *self, const KelvinRun *run)
{
  g_autofree char *when = kelvin_format_when (run->started_at_us, g_get_real_time ());
  /* Translators: an instant, and how functions are kept apart */
  g_autofree char *text =
      g_strdup_printf (_ ("Load of %s · times are real, of this machine’s clock%s%s"), when,
                       run->note != NULL ? " · " : "", run->note != NULL ? run->note : "");

  gtk_label_set_label (self->strip, text);
}

static void
loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLoadPage) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_steal_pointer (&self->running_dir);

  g_autoptr (KelvinLoadResult) load =
      kelvin_engine_load_finish (KELVIN_ENGINE (source), result, &error);
  g_clear_object (&self->running);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  if (self->engine == NULL) /* disposed meanwhile */
    return;

  update_running (self);
  if (!is_shown (self, dir))
    return;
  if (load == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_error (self, error->message);
      return;
    }
  describe (self, load->run);
  kelvin_load_view_end (self->view, load);
}

/* --- a load of the history --- */

static void
show_run (KelvinLoadPage *self, KelvinRun *run)
{
  describe (self, run);
  kelvin_load_view_show_run (self->view, run);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLoadPage) self = user_data;
  g_autoptr (GError) error = NULL;

  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (KELVIN_STORE (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->loading);
  if (run != NULL)
    show_run (self, run);
  else
    show_error (self, error->message);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLoadPage) self = user_data;
  g_autoptr (GError) error = NULL;

  g_autoptr (GPtrArray) runs =
      kelvin_store_list_runs_finish (KELVIN_STORE (source), result, NULL, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (runs == NULL || runs->len == 0)
    {
      g_clear_object (&self->loading);
      show_error (self, error != NULL ? error->message : NULL);
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  kelvin_store_get_run_async (KELVIN_STORE (source), ((KelvinRun *) runs->pdata[0])->id,
                              self->loading, found_cb, g_object_ref (self));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLoadPage) self = user_data;
  g_autoptr (GError) error = NULL;

  gboolean open = kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error);
  if (self->engine == NULL || self->loading == NULL)
    return;
  if (!open)
    {
      g_clear_object (&self->loading);
      show_error (self, error->message);
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  KelvinStore *store = kelvin_engine_get_store (self->engine);
  const KelvinRunFilter filter = { .function_name = self->function_name,
                                   .kinds = "load",
                                   .since_us = -1,
                                   .until_us = -1,
                                   .limit = 1 };
  if (self->asked != NULL)
    kelvin_store_get_run_async (store, self->asked, self->loading, found_cb, g_object_ref (self));
  else
    kelvin_store_list_runs_async (store, &filter, self->loading, listed_cb, g_object_ref (self));
}

static void
stop_loading (KelvinLoadPage *self)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

/* @run_id: nullable: the newest of the function */
static void
load_past (KelvinLoadPage *self, const char *run_id)
{
  char *asked = g_strdup (run_id);

  stop_loading (self);
  g_free (self->asked);
  self->asked = asked;
  self->loading = g_cancellable_new ();
  kelvin_engine_wait_open_async (self->engine, opened_cb, g_object_ref (self));
}

static void
kelvin_load_page_dispose (GObject *object)
{
  KelvinLoadPage *self = KELVIN_LOAD_PAGE (object);

  stop_loading (self);
  kelvin_load_page_cancel (self);
  g_clear_object (&self->engine);
  g_clear_object (&self->controls);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_LOAD_PAGE);

  G_OBJECT_CLASS (kelvin_load_page_parent_class)->dispose (object);
}

static void
kelvin_load_page_finalize (GObject *object)
{
  KelvinLoadPage *self = KELVIN_LOAD_PAGE (object);

  g_clear_pointer (&self->event, g_bytes_unref);
  g_clear_object (&self->running);
  g_free (self->function_dir);
  g_free (self->function_name);
  g_free (self->event_name);
  g_free (self->running_dir);
  g_free (self->asked);

  G_OBJECT_CLASS (kelvin_load_page_parent_class)->finalize (object);
}

static void
kelvin_load_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_RUNNING)
    g_value_set_boolean (value, kelvin_load_page_is_running (KELVIN_LOAD_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kelvin_load_page_class_init (KelvinLoadPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kelvin_load_page_dispose;
  object_class->finalize = kelvin_load_page_finalize;
  object_class->get_property = kelvin_load_page_get_property;

  props[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);

  g_type_ensure (KELVIN_TYPE_LOAD_SETTINGS);
  g_type_ensure (KELVIN_TYPE_LOAD_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/load-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, settings);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, error_revealer);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, error_label);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadPage, view);
}

static GtkWidget *
create_button (const char *label, const char *tip)
{
  GtkWidget *button = gtk_button_new_with_label (label);

  gtk_widget_set_tooltip_text (button, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
  return button;
}

static void
create_controls (KelvinLoadPage *self)
{
  self->controls = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));
  self->start =
      create_button (_ ("Start load"), _ ("Save, and send events as the strip says (F6)"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->start), "win.start-load");
  self->cancel = create_button (_ ("Cancel"), _ ("Stop, and keep what was measured (Esc)"));
  g_signal_connect_object (self->cancel, "clicked", G_CALLBACK (kelvin_load_page_cancel), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_css_class (self->start, "suggested-action");
  gtk_widget_set_valign (self->controls, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (self->controls), self->start);
  gtk_box_append (GTK_BOX (self->controls), self->cancel);
}

static void
kelvin_load_page_init (KelvinLoadPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  create_controls (self);
  update_running (self);
}

GtkWidget *
kelvin_load_page_new (KelvinEngine *engine)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (engine), NULL);

  KelvinLoadPage *self = g_object_new (KELVIN_TYPE_LOAD_PAGE, NULL);
  self->engine = g_object_ref (engine);
  kelvin_load_view_set_engine (self->view, engine);
  return GTK_WIDGET (self);
}

void
kelvin_load_page_set_function (KelvinLoadPage *self, const char *function_dir,
                               KelvinFunction *function)
{
  g_return_if_fail (KELVIN_IS_LOAD_PAGE (self));
  g_return_if_fail ((function_dir == NULL) == (function == NULL));

  const char *name = function != NULL ? kelvin_function_get_name (function) : NULL;
  if (g_strcmp0 (self->function_dir, function_dir) == 0 &&
      g_strcmp0 (self->function_name, name) == 0)
    return;

  g_free (self->function_dir);
  g_free (self->function_name);
  self->function_dir = g_strdup (function_dir);
  self->function_name = g_strdup (name);
  stop_loading (self);
  kelvin_load_page_set_event (self, NULL, NULL);
  show_error (self, NULL);
  update_running (self);
  gtk_stack_set_visible_child_name (self->stack, function_dir != NULL ? "blank" : "empty");
  if (function_dir != NULL)
    load_past (self, NULL);
}

void
kelvin_load_page_set_event (KelvinLoadPage *self, GBytes *event, const char *event_name)
{
  g_return_if_fail (KELVIN_IS_LOAD_PAGE (self));

  GBytes *kept = event != NULL ? g_bytes_ref (event) : NULL;
  g_clear_pointer (&self->event, g_bytes_unref);
  self->event = kept;
  g_free (self->event_name);
  self->event_name = g_strdup (event_name);
  kelvin_load_settings_set_event_name (self->settings, event_name);
}

GtkWidget *
kelvin_load_page_get_header_controls (KelvinLoadPage *self)
{
  g_return_val_if_fail (KELVIN_IS_LOAD_PAGE (self), NULL);

  return self->controls;
}

void
kelvin_load_page_start (KelvinLoadPage *self)
{
  g_return_if_fail (KELVIN_IS_LOAD_PAGE (self));

  if (self->running != NULL || self->function_dir == NULL)
    return;

  KelvinLoadRequest request = { .function_dir = self->function_dir,
                                .event = self->event,
                                .event_name = self->event_name };
  kelvin_load_settings_fill (self->settings, &request);
  g_autofree char *wrong = kelvin_load_request_check (&request);
  show_error (self, wrong);
  if (wrong != NULL)
    return;

  stop_loading (self);
  self->running = g_cancellable_new ();
  self->running_dir = g_strdup (self->function_dir);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_RUNNING]);
  gtk_label_set_label (self->strip, _ ("Under way · times are real, of this machine’s clock"));
  kelvin_load_view_begin (self->view);
  gtk_stack_set_visible_child_name (self->stack, "result");
  update_running (self);
  kelvin_engine_load_async (self->engine, &request, self->running, batch_cb, self, loaded_cb,
                            g_object_ref (self));
}

void
kelvin_load_page_cancel (KelvinLoadPage *self)
{
  g_return_if_fail (KELVIN_IS_LOAD_PAGE (self));

  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

gboolean
kelvin_load_page_is_running (KelvinLoadPage *self)
{
  g_return_val_if_fail (KELVIN_IS_LOAD_PAGE (self), FALSE);

  return self->running != NULL;
}

void
kelvin_load_page_show_run (KelvinLoadPage *self, const char *run_id)
{
  g_return_if_fail (KELVIN_IS_LOAD_PAGE (self));

  if (self->running == NULL)
    load_past (self, run_id);
}
