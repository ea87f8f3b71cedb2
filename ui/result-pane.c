#include "config.h"

#include "ui/result-pane.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/duration.h"
#include "ui/charts/waterfall.h"
#include "ui/columns.h"
#include "ui/company.h"
#include "ui/machine-words.h"
#include "ui/outcome-words.h"
#include "ui/result-tabs.h"

/* A shorter wait isn't worth a clock that runs. */
#define CLOCK_AFTER_US (300 * 1000)
#define TICK_MS 100

struct _KelvinResultPane {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *figure;
  GtkLabel *status;
  GtkLabel *use;
  GtkLabel *mechanism;
  KelvinWaterfall *waterfall;
  KelvinResultTabs *tabs;
  KelvinEngine *engine;
  KelvinOpenFunction *open_function;
  KelvinInvocation *recalled; /* nullable: of a run before the function was opened here */
  GCancellable *cancellable;  /* of the search for company, or for what is recalled */
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (KelvinResultPane, kelvin_result_pane, GTK_TYPE_WIDGET)

/* Setting the text overwrites the name: it is said again. */
static void
set_status (KelvinResultPane *self, const char *text, const char *css_class)
{
  const char *classes[] = { "status", css_class, NULL };

  gtk_label_set_label (self->status, text);
  gtk_widget_set_css_classes (GTK_WIDGET (self->status), classes);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->status), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  "Result", -1);
}

static KelvinRunControl *
get_control (KelvinResultPane *self)
{
  return kelvin_open_function_get_run_control (self->open_function);
}

static KelvinInvocation *
get_shown (KelvinResultPane *self)
{
  KelvinInvocation *invocation = kelvin_run_control_get_invocation (get_control (self));

  if (invocation != NULL || kelvin_run_control_get_problem (get_control (self)) != NULL)
    return invocation;

  return self->recalled;
}

static void
show_rows (KelvinResultPane *self, KelvinInvocation *invocation, const KelvinCompany *company)
{
  KelvinWaterfallRow rows[3] = { { .label = invocation == self->recalled ? _ ("last run")
                                                                         : _ ("this run"),
                                   .phases = invocation->phases } };
  g_autofree char *note = NULL;
  guint n = 1;

  if (company != NULL && company->last_warm != NULL)
    rows[n++] =
        (KelvinWaterfallRow){ .label = _ ("last warm"), .phases = company->last_warm->phases };
  if (company != NULL && company->median_cold != NULL)
    {
      note =
          g_strdup_printf (ngettext ("median of %u cold start of this version",
                                     "median of %u cold starts of this version", company->n_cold),
                           company->n_cold);
      rows[n++] = (KelvinWaterfallRow){ .label = _ ("median cold"),
                                        .phases = company->median_cold->phases,
                                        .note = note };
    }

  kelvin_waterfall_set_rows (self->waterfall, rows, n);
}

static void
company_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinResultPane) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinCompany) company = kelvin_company_find_finish (result, &error);
  KelvinInvocation *invocation;

  if (company == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_warning ("%s", error->message);
      return;
    }
  if (self->open_function == NULL)
    return;

  invocation = get_shown (self);
  if (invocation != NULL)
    show_rows (self, invocation, company);
}

static void
find_company (KelvinResultPane *self, KelvinInvocation *invocation)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (store == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  kelvin_company_find_async (store, invocation, self->cancellable, company_found_cb,
                             g_object_ref (self));
}

static const char *
get_status_class (KelvinStatus status)
{
  if (status == KELVIN_STATUS_OK)
    return "good-text";

  return status == KELVIN_STATUS_CANCELLED ? "dim-label" : "failed-text";
}

/* Of the run that is shown, which another machine or an older Kelvin may have made. */
static void
show_mechanism (KelvinResultPane *self, KelvinInvocation *invocation)
{
  gboolean known = invocation->limits.by[KELVIN_LIMIT_MEMORY] != NULL;
  g_autofree char *text = known ? kelvin_describe_enforcement (&invocation->limits) : NULL;

  gtk_label_set_label (self->mechanism, known ? text : _ ("what held its limits wasn’t kept"));
}

static void
show_invocation (KelvinResultPane *self, KelvinInvocation *invocation)
{
  gint64 waited_us = kelvin_phases_get_total_us (&invocation->phases);
  g_autofree char *figure = kelvin_format_duration (kelvin_us_to_ms (waited_us));
  g_autofree char *outcome = kelvin_describe_outcome (invocation);
  g_autofree char *use = kelvin_describe_use (invocation);

  gtk_label_set_label (self->figure, figure);
  set_status (self, outcome, get_status_class (invocation->status));
  gtk_label_set_label (self->use, use);
  show_mechanism (self, invocation);
  show_rows (self, invocation, NULL);
  kelvin_result_tabs_set_invocation (self->tabs, kelvin_engine_get_store (self->engine),
                                     invocation);
  find_company (self, invocation);
}

static void
show_problem (KelvinResultPane *self, const char *problem)
{
  gtk_label_set_label (self->figure, "–");
  set_status (self, problem, "failed-text");
  gtk_label_set_label (self->use, _ ("nothing was run"));
  kelvin_waterfall_set_rows (self->waterfall, NULL, 0);
  kelvin_result_tabs_set_invocation (self->tabs, NULL, NULL);
}

static gboolean
tick_cb (gpointer data)
{
  KelvinResultPane *self = data;
  gint64 waited_us =
      g_get_monotonic_time () - kelvin_run_control_get_started_us (get_control (self));

  if (waited_us < CLOCK_AFTER_US)
    return G_SOURCE_CONTINUE;

  /* Translators: seconds */
  g_autofree char *text = g_strdup_printf (_ ("%.1f s"), waited_us / (double) G_USEC_PER_SEC);
  gtk_label_set_label (self->figure, text);
  gtk_label_set_label (self->use, _ ("Esc ends it"));
  return G_SOURCE_CONTINUE;
}

static void
show_running (KelvinResultPane *self)
{
  set_status (self, _ ("Running"), "dim-label");
  if (self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MS, tick_cb, self);
}

/* What is shown next stays where it is until there is something else to show. */
static void
update (KelvinResultPane *self)
{
  KelvinRunControl *control = get_control (self);
  KelvinInvocation *invocation = get_shown (self);
  const char *problem = kelvin_run_control_get_problem (control);
  gboolean running = kelvin_run_control_is_running (control);

  gtk_stack_set_visible_child_name (
      self->stack, running || invocation != NULL || problem != NULL ? "result" : "empty");
  if (running)
    {
      show_running (self);
      return;
    }

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (invocation != NULL)
    show_invocation (self, invocation);
  else if (problem != NULL)
    show_problem (self, problem);
}

static void
recalled_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinResultPane) self = data;
  g_autoptr (GPtrArray) invocations =
      kelvin_store_list_invocations_finish (KELVIN_STORE (source), result, NULL, NULL);

  /* without it the page says what a run will show */
  if (invocations == NULL || invocations->len == 0 || self->open_function == NULL)
    return;

  g_clear_pointer (&self->recalled, kelvin_invocation_unref);
  self->recalled = kelvin_invocation_ref (g_ptr_array_index (invocations, 0));
  update (self);
}

/* A function that was run before shows how that went. */
static void
recall (KelvinResultPane *self)
{
  KelvinRun *run = kelvin_open_function_get_last_run (self->open_function);
  KelvinStore *store = kelvin_engine_get_store (self->engine);

  if (run == NULL || run->kind != KELVIN_RUN_INVOKE || run->status == KELVIN_STATUS_RUNNING)
    return;
  if (store == NULL || self->recalled != NULL ||
      kelvin_run_control_get_started_us (get_control (self)) != 0)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  kelvin_store_list_invocations_async (store, run->id, 1, NULL, self->cancellable, recalled_cb,
                                       g_object_ref (self));
}

static void
forget_function (KelvinResultPane *self)
{
  if (self->open_function == NULL)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_signal_handlers_disconnect_by_data (get_control (self), self);
  g_signal_handlers_disconnect_by_data (self->open_function, self);
  g_clear_pointer (&self->recalled, kelvin_invocation_unref);
  kelvin_result_tabs_set_open_function (self->tabs, NULL);
  g_clear_object (&self->open_function);
}

static void
kelvin_result_pane_dispose (GObject *object)
{
  KelvinResultPane *self = KELVIN_RESULT_PANE (object);

  forget_function (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_RESULT_PANE);
  g_clear_object (&self->engine);

  G_OBJECT_CLASS (kelvin_result_pane_parent_class)->dispose (object);
}

static void
kelvin_result_pane_class_init (KelvinResultPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_result_pane_dispose;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_WATERFALL);
  g_type_ensure (KELVIN_TYPE_RESULT_TABS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/result-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, status);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, use);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, mechanism);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, waterfall);
  gtk_widget_class_bind_template_child (widget_class, KelvinResultPane, tabs);
}

static void
kelvin_result_pane_init (KelvinResultPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  set_status (self, "", "dim-label");
}

void
kelvin_result_pane_set_engine (KelvinResultPane *self, KelvinEngine *engine)
{
  g_return_if_fail (KELVIN_IS_RESULT_PANE (self));

  self->engine = g_object_ref (engine);
}

void
kelvin_result_pane_set_open_function (KelvinResultPane *self, KelvinOpenFunction *open_function)
{
  g_return_if_fail (KELVIN_IS_RESULT_PANE (self));

  if (self->open_function == open_function)
    return;

  forget_function (self);
  if (open_function == NULL)
    return;

  self->open_function = g_object_ref (open_function);
  kelvin_result_tabs_set_open_function (self->tabs, open_function);
  g_signal_connect_swapped (get_control (self), "notify::running", G_CALLBACK (update), self);
  g_signal_connect_swapped (get_control (self), "notify::problem", G_CALLBACK (update), self);
  g_signal_connect_swapped (self->open_function, "notify::last-run", G_CALLBACK (recall), self);
  update (self);
  recall (self);
}
