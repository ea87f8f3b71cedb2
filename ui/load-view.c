#include "config.h"

#include "ui/load-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/lanes.h"
#include "ui/charts/scatter.h"
#include "ui/columns.h"
#include "ui/facts.h"
#include "ui/load-bars.h"
#include "ui/load-past.h"
#include "ui/load-sums.h"
#include "ui/outcome-words.h"
#include "ui/result-tabs.h"

/* Labels not at every frame. */
#define SUMS_INTERVAL_US 200000
#define NS_PER_US 1000

struct _KelvinLoadView {
  AdwBin parent_instance;

  GtkLabel *environments;
  KelvinLanes *lanes;
  KelvinScatter *scatter;
  GtkLabel *figure;
  GtkLabel *equation;
  GtkLabel *warning;
  KelvinFacts *facts;
  GtkRevealer *opened_revealer;
  GtkLabel *opened_heading;
  GtkLabel *opened_identity;
  KelvinResultTabs *opened_tabs;

  KelvinEngine *engine;
  char *run_id;          /* nullable: of what is shown */
  gint64 run_started_us; /* of a run of the history */
  gint64 run_started_ns; /* likewise, by the clock of its transitions; -1: unknown */
  gint64 sums_us;        /* monotonic: when they were last written */
  GCancellable *reading; /* nullable: a run of the history */
  GCancellable *opening; /* nullable: an invocation */
};

G_DEFINE_FINAL_TYPE (KelvinLoadView, kelvin_load_view, ADW_TYPE_BIN)

static void
show_sums (KelvinLoadView *self, const KelvinLoadSums *sums)
{
  g_autofree char *figure = kelvin_load_sums_dup_figure (sums);
  g_autofree char *equation = kelvin_load_sums_dup_equation (sums);
  g_autofree char *environments = kelvin_load_sums_dup_environments (sums);

  self->sums_us = g_get_monotonic_time ();
  gtk_label_set_label (self->figure, figure);
  gtk_label_set_label (self->equation, equation);
  gtk_label_set_label (self->environments, environments);
  kelvin_load_sums_show (sums, self->facts);
}

static void
end_charts (KelvinLoadView *self)
{
  gint64 end_ns = kelvin_lane_data_get_end_ns (kelvin_lanes_get_data (self->lanes));

  kelvin_lanes_end (self->lanes);
  kelvin_scatter_end (self->scatter, end_ns);
}

static void
show_warning (KelvinLoadView *self, const char *stopped_by, const char *warning)
{
  g_autofree char *stopped =
      /* Translators: a condition */
      stopped_by != NULL ? g_strdup_printf (_ ("Stopped early: %s"), stopped_by) : NULL;
  const char *parts[] = { stopped != NULL ? stopped : warning, stopped != NULL ? warning : NULL,
                          NULL };
  g_autofree char *text = parts[0] != NULL ? g_strjoinv ("\n", (char **) parts) : g_strdup ("");

  gtk_label_set_label (self->warning, text);
  gtk_widget_set_visible (GTK_WIDGET (self->warning), *text != '\0');
}

static void
close_opened (KelvinLoadView *self)
{
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  gtk_revealer_set_reveal_child (self->opened_revealer, FALSE);
  kelvin_result_tabs_set_invocation (self->opened_tabs, NULL, NULL);
  kelvin_lanes_set_opened (self->lanes, NULL);
}

static void
close_clicked_cb (KelvinLoadView *self)
{
  close_opened (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->lanes));
}

static void
show_opened (KelvinLoadView *self, KelvinInvocation *invocation)
{
  g_autofree char *outcome = kelvin_describe_outcome (invocation);
  char id[KELVIN_REQUEST_ID_LENGTH + 1];

  kelvin_request_id_to_text (&invocation->request_id, id);
  /* Translators: the number of an invocation in its run, and its id */
  g_autofree char *identity = g_strdup_printf (
      _ ("invocation %" G_GUINT64_FORMAT ", request id %s"), invocation->number, id);

  gtk_label_set_label (self->opened_heading, outcome);
  gtk_label_set_label (self->opened_identity, identity);
  kelvin_result_tabs_set_invocation (self->opened_tabs, kelvin_engine_get_store (self->engine),
                                     invocation);
  gtk_revealer_set_reveal_child (self->opened_revealer, TRUE);
  kelvin_lanes_set_opened (self->lanes, identity);
}

typedef struct {
  KelvinLoadView *view;
  guint64 number;
} Opening;

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autofree Opening *opening = data;
  g_autoptr (KelvinLoadView) self = opening->view;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found =
      kelvin_store_list_invocations_finish (KELVIN_STORE (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->engine == NULL)
    return;

  if (found != NULL && found->len > 0 &&
      ((KelvinInvocation *) found->pdata[0])->number == opening->number)
    {
      show_opened (self, found->pdata[0]);
      return;
    }
  gtk_label_set_label (self->opened_heading,
                       error != NULL ? error->message
                                     : _ ("Not settled yet: open it again in a moment"));
  gtk_label_set_label (self->opened_identity, "");
  gtk_revealer_set_reveal_child (self->opened_revealer, TRUE);
}

static void
open_invocation (KelvinLoadView *self, guint64 number)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);
  g_autofree char *cursor = kelvin_store_format_invocation_cursor (number);
  Opening *opening;

  if (self->run_id == NULL || store == NULL)
    return;

  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  opening = g_new0 (Opening, 1);
  opening->view = g_object_ref (self);
  opening->number = number;
  kelvin_store_list_invocations_async (store, self->run_id, 1, cursor, self->opening, opened_cb,
                                       opening);
}

static void
activated_cb (KelvinLoadView *self, guint index)
{
  open_invocation (self,
                   kelvin_lane_data_get_bar (kelvin_lanes_get_data (self->lanes), index)->event);
}

static void
dot_activated_cb (KelvinLoadView *self, guint64 event)
{
  open_invocation (self, event);
}

static void
kelvin_load_view_dispose (GObject *object)
{
  KelvinLoadView *self = KELVIN_LOAD_VIEW (object);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->run_id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_LOAD_VIEW);

  G_OBJECT_CLASS (kelvin_load_view_parent_class)->dispose (object);
}

static void
kelvin_load_view_class_init (KelvinLoadViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_load_view_dispose;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_FACTS);
  g_type_ensure (KELVIN_TYPE_LANES);
  g_type_ensure (KELVIN_TYPE_SCATTER);
  g_type_ensure (KELVIN_TYPE_RESULT_TABS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/load-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, environments);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, lanes);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, scatter);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, equation);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, warning);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, facts);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, opened_revealer);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, opened_heading);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, opened_identity);
  gtk_widget_class_bind_template_child (widget_class, KelvinLoadView, opened_tabs);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, dot_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_clicked_cb);
}

static void
kelvin_load_view_init (KelvinLoadView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_load_view_set_engine (KelvinLoadView *self, KelvinEngine *engine)
{
  g_return_if_fail (KELVIN_IS_LOAD_VIEW (self));

  g_set_object (&self->engine, engine);
}

void
kelvin_load_view_begin (KelvinLoadView *self)
{
  g_return_if_fail (KELVIN_IS_LOAD_VIEW (self));

  const KelvinLoadCounts none = { .p50_ms = NAN, .p99_ms = NAN, .lateness_max_ns = -1 };
  KelvinLoadSums sums = kelvin_load_sums_of_counts (&none);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->run_id, g_free);
  close_opened (self);
  kelvin_lane_data_clear (kelvin_lanes_get_data (self->lanes));
  kelvin_lanes_reset (self->lanes);
  kelvin_scatter_clear (self->scatter);
  show_sums (self, &sums);
  show_warning (self, NULL, NULL);
}

static void
add_attempt (KelvinLoadView *self, const KelvinLoadAttempt *attempt)
{
  KelvinLaneData *data = kelvin_lanes_get_data (self->lanes);
  KelvinLaneBar bar;
  KelvinScatterDot dot;

  if (kelvin_load_bar_of_attempt (attempt, &bar))
    kelvin_lane_data_add_bar (data, &bar);
  else if (attempt->status == KELVIN_STATUS_THROTTLED)
    kelvin_lane_data_add_throttle (data, attempt->event, attempt->ended_ns);
  if (kelvin_load_dot_of_attempt (attempt, &dot))
    kelvin_scatter_add (self->scatter, &dot, 1);
}

void
kelvin_load_view_add (KelvinLoadView *self, const KelvinLoadBatch *batch)
{
  g_return_if_fail (KELVIN_IS_LOAD_VIEW (self));

  KelvinLaneData *data = kelvin_lanes_get_data (self->lanes);

  if (g_strcmp0 (self->run_id, batch->run_id) != 0)
    {
      g_free (self->run_id);
      self->run_id = g_strdup (batch->run_id);
    }
  for (guint i = 0; i < batch->n_transitions; i++)
    kelvin_lane_data_add_step (data, batch->transitions[i].environment, batch->transitions[i].to,
                               batch->transitions[i].at_ns);
  for (guint i = 0; i < batch->n_attempts; i++)
    add_attempt (self, &batch->attempts[i]);
  for (guint i = 0; i < batch->n_doors; i++)
    kelvin_lane_data_add_door (data, batch->doors[i].door, batch->doors[i].open,
                               batch->doors[i].at_ns);
  kelvin_lane_data_add_due (data, batch->due_ns, batch->n_due);
  data->now_ns = batch->now_ns;
  data->planned_ns = batch->planned_ns;
  kelvin_lanes_update (self->lanes);
  kelvin_scatter_update (self->scatter, kelvin_lane_data_get_end_ns (data));
  if (g_get_monotonic_time () - self->sums_us < SUMS_INTERVAL_US)
    return;

  KelvinLoadSums sums = kelvin_load_sums_of_counts (&batch->counts);
  show_sums (self, &sums);
}

void
kelvin_load_view_end (KelvinLoadView *self, const KelvinLoadResult *result)
{
  g_return_if_fail (KELVIN_IS_LOAD_VIEW (self));

  KelvinLoadSums sums = kelvin_load_sums_of_result (result);

  g_free (self->run_id);
  self->run_id = g_strdup (result->run->id);
  show_sums (self, &sums);
  show_warning (self, result->stopped_by, result->warning);
  end_charts (self);
}

/* --- a run of the history --- */

static void
add_past_invocation (KelvinLoadView *self, KelvinInvocation *invocation)
{
  KelvinLaneData *data = kelvin_lanes_get_data (self->lanes);
  gint64 due_ns = (invocation->started_at_us - self->run_started_us) * NS_PER_US;
  KelvinLaneBar bar;
  KelvinScatterDot dot;

  kelvin_lane_data_add_due (data, &due_ns, 1);
  data->planned_ns = MAX (data->planned_ns, due_ns);
  if (kelvin_load_bar_of_invocation (invocation, self->run_started_us, &bar))
    {
      kelvin_lane_data_add_bar (data, &bar);
      data->now_ns = MAX (data->now_ns, bar.end_ns);
    }
  if (invocation->start == KELVIN_START_NONE)
    kelvin_lane_data_add_throttle (data, invocation->number, due_ns);
  if (kelvin_load_dot_of_invocation (invocation, self->run_started_us, &dot))
    kelvin_scatter_add (self->scatter, &dot, 1);
}

static void
add_past_transition (KelvinLoadView *self, const KelvinTransition *transition)
{
  gint64 at_ns = transition->at_ns - self->run_started_ns;

  kelvin_lane_data_add_step (kelvin_lanes_get_data (self->lanes), transition->environment,
                             transition->to, MAX (at_ns, 0));
}

static void
past_page_cb (const KelvinLoadPastPage *page, gpointer user_data)
{
  KelvinLoadView *self = user_data;
  KelvinLaneData *data = kelvin_lanes_get_data (self->lanes);

  for (guint i = 0; self->run_started_ns >= 0 && i < page->transitions->len; i++)
    add_past_transition (self,
                         &((const KelvinPastTransition *) page->transitions->pdata[i])->transition);
  for (guint i = 0; i < page->invocations->len; i++)
    add_past_invocation (self, page->invocations->pdata[i]);
  kelvin_lanes_update (self->lanes);
  kelvin_scatter_update (self->scatter, kelvin_lane_data_get_end_ns (data));
}

static void
past_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (KelvinLoadView) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_load_past_read_finish (KELVIN_STORE (source), result, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && self->engine != NULL)
        show_warning (self, NULL, error->message);
      return;
    }
  if (self->engine != NULL)
    end_charts (self);
}

void
kelvin_load_view_show_run (KelvinLoadView *self, KelvinRun *run)
{
  g_return_if_fail (KELVIN_IS_LOAD_VIEW (self));

  KelvinStore *store = kelvin_engine_get_store (self->engine);
  KelvinLoadSums sums;

  kelvin_load_view_begin (self);
  self->run_id = g_strdup (run->id);
  self->run_started_us = run->started_at_us;
  self->run_started_ns = run->started_at_ns;
  if (kelvin_load_sums_read (run, &sums))
    show_sums (self, &sums);
  self->reading = g_cancellable_new ();
  kelvin_load_past_read_async (store, run->id, self->reading, past_page_cb, self, past_read_cb,
                               g_object_ref (self));
}
