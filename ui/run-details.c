#include "config.h"

#include "ui/run-details.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/charts/duration.h"
#include "ui/charts/waterfall.h"
#include "ui/company.h"
#include "ui/outcome-words.h"
#include "ui/result-tabs.h"
#include "ui/when.h"

/* The first invocations of a run are listed; its figures are of all of them. */
#define MOST_LISTED 200

struct _KelvinRunDetails {
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *heading;
  GtkLabel *circumstances;
  GtkLabel *note;
  GtkButton *show_load;
  KelvinWaterfall *waterfall;
  GtkDropDown *chooser;
  GtkLabel *outcome;
  KelvinResultTabs *tabs;
  GPtrArray *invocations; /* of KelvinInvocation */
  gboolean listed;        /* they are those of the run */
  guint64 wanted;         /* the number of one that is to be shown; 0: the first */
  KelvinRun *run;
  KelvinStore *store;
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (KelvinRunDetails, kelvin_run_details, GTK_TYPE_WIDGET)

static char *
describe_circumstances (KelvinRun *run)
{
  g_autofree char *when = kelvin_format_when (run->started_at_us, g_get_real_time ());
  g_autofree char *commit = kelvin_describe_commit (run);
  guint warm = (guint) (run->invocations - run->cold_starts);

  /* Translators: a kind of run, as "profile", a function, an instant, numbers of cold and warm
   * invocations, a commit */
  return g_strdup_printf (_ ("%s · %s · %s · %u cold, %u warm · %s"),
                          kelvin_describe_run_kind (run->kind), run->function_name, when,
                          (guint) run->cold_starts, warm,
                          commit != NULL ? commit : _ ("no commit"));
}

static char *
describe_note (KelvinRun *run)
{
  if (g_strcmp0 (run->isolation, "process") == 0)
    return g_strdup (_ ("measured without isolation"));

  return g_strdup (run->note != NULL ? run->note : "");
}

static GPtrArray *
filter_starts (GPtrArray *invocations, KelvinStart start)
{
  GPtrArray *found = g_ptr_array_new ();

  for (guint i = 0; i < invocations->len; i++)
    {
      KelvinInvocation *invocation = g_ptr_array_index (invocations, i);

      if (invocation->start == start && invocation->status == KELVIN_STATUS_OK)
        g_ptr_array_add (found, invocation);
    }

  return found;
}

static void
show_waterfall (KelvinRunDetails *self)
{
  g_autoptr (GPtrArray) cold = filter_starts (self->invocations, KELVIN_START_COLD);
  g_autoptr (GPtrArray) warm = filter_starts (self->invocations, KELVIN_START_WARM);
  const KelvinInvocation *median_cold = kelvin_company_find_median (cold);
  const KelvinInvocation *median_warm = kelvin_company_find_median (warm);
  KelvinWaterfallRow rows[2];
  guint n = 0;

  if (median_cold != NULL)
    rows[n++] = (KelvinWaterfallRow){ .label = cold->len > 1 ? _ ("median cold") : _ ("cold"),
                                      .phases = median_cold->phases };
  if (median_warm != NULL)
    rows[n++] = (KelvinWaterfallRow){ .label = warm->len > 1 ? _ ("median warm") : _ ("warm"),
                                      .phases = median_warm->phases };
  if (n == 0 && self->invocations->len > 0)
    {
      const KelvinInvocation *first = g_ptr_array_index (self->invocations, 0);

      rows[n++] = (KelvinWaterfallRow){ .label = _ ("this run"), .phases = first->phases };
    }

  kelvin_waterfall_set_rows (self->waterfall, rows, n);
}

static char *
describe_invocation (KelvinInvocation *invocation)
{
  gint64 waited_us = kelvin_phases_get_total_us (&invocation->phases);
  g_autofree char *duration = kelvin_format_duration (kelvin_us_to_ms (waited_us));
  const char *start = kelvin_start_to_string (invocation->start);

  /* Translators: the number of an invocation in its run, cold or warm, a length of time */
  return g_strdup_printf (_ ("%u: %s, %s"), (guint) invocation->number,
                          start != NULL ? start : _ ("not reached"), duration);
}

static void
fill_chooser (KelvinRunDetails *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->invocations->len; i++)
    gtk_string_list_take (names, describe_invocation (g_ptr_array_index (self->invocations, i)));

  gtk_drop_down_set_model (self->chooser, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->chooser), self->invocations->len > 1);
}

static void
chosen_cb (KelvinRunDetails *self)
{
  guint position = gtk_drop_down_get_selected (self->chooser);

  if (self->invocations == NULL || position >= self->invocations->len)
    {
      kelvin_result_tabs_set_invocation (self->tabs, NULL, NULL);
      gtk_label_set_label (self->outcome, "");
      return;
    }

  KelvinInvocation *invocation = g_ptr_array_index (self->invocations, position);
  g_autofree char *outcome = kelvin_describe_outcome (invocation);
  g_autofree char *use = kelvin_describe_use (invocation);
  g_autofree char *text = g_strdup_printf ("%s\n%s", outcome, use);
  gboolean alone = self->invocations->len == 1 && self->run != NULL && self->run->invocations == 1;

  /* A run of one went as its invocation did, which says why. */
  if (alone)
    gtk_label_set_label (self->heading, outcome);
  gtk_label_set_label (self->outcome, alone ? use : text);
  kelvin_result_tabs_set_invocation (self->tabs, self->store, invocation);
}

static void
choose_wanted (KelvinRunDetails *self)
{
  for (guint i = 0; self->listed && i < self->invocations->len; i++)
    {
      const KelvinInvocation *invocation = self->invocations->pdata[i];

      if (invocation->number == self->wanted)
        gtk_drop_down_set_selected (self->chooser, i);
    }
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinRunDetails) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) invocations =
      kelvin_store_list_invocations_finish (KELVIN_STORE (source), result, NULL, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another run was chosen */
  if (error != NULL)
    {
      gtk_label_set_label (self->note, error->message);
      return;
    }

  g_clear_pointer (&self->invocations, g_ptr_array_unref);
  self->invocations = g_steal_pointer (&invocations);
  show_waterfall (self);
  self->listed = TRUE;
  fill_chooser (self);
  choose_wanted (self);
  chosen_cb (self);
}

static void
kelvin_run_details_dispose (GObject *object)
{
  KelvinRunDetails *self = KELVIN_RUN_DETAILS (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_RUN_DETAILS);
  g_clear_pointer (&self->invocations, g_ptr_array_unref);
  g_clear_pointer (&self->run, kelvin_run_unref);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (kelvin_run_details_parent_class)->dispose (object);
}

static void
kelvin_run_details_class_init (KelvinRunDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_run_details_dispose;

  g_type_ensure (KELVIN_TYPE_WATERFALL);
  g_type_ensure (KELVIN_TYPE_RESULT_TABS);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/run-details.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, heading);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, circumstances);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, note);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, show_load);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, waterfall);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, chooser);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, outcome);
  gtk_widget_class_bind_template_child (widget_class, KelvinRunDetails, tabs);
  gtk_widget_class_bind_template_callback (widget_class, chosen_cb);
}

static void
kelvin_run_details_init (KelvinRunDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
kelvin_run_details_set_run (KelvinRunDetails *self, KelvinStore *store, KelvinRun *run)
{
  g_return_if_fail (KELVIN_IS_RUN_DETAILS (self));

  gboolean same = run != NULL && self->run != NULL && g_str_equal (run->id, self->run->id) &&
                  run->invocations == self->run->invocations && run->status == self->run->status;
  if (same)
    return;

  self->listed = FALSE;
  self->wanted = 0;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->run, kelvin_run_unref);
  gtk_stack_set_visible_child_name (self->stack, run != NULL ? "run" : "empty");
  if (run == NULL)
    return;

  g_autofree char *heading = kelvin_describe_run_outcome (run);
  g_autofree char *circumstances = describe_circumstances (run);
  g_autofree char *note = describe_note (run);
  /* Translators: a hash and an id */
  g_autofree char *identity = g_strdup_printf (_ ("version %s\nrun %s"), run->version, run->id);
  self->run = kelvin_run_ref (run);
  g_set_object (&self->store, store);
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->circumstances, circumstances);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->circumstances), identity);
  gtk_label_set_label (self->note, note);
  gtk_widget_set_visible (GTK_WIDGET (self->note), *note != '\0');
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->show_load), "s", run->id);
  gtk_widget_set_visible (GTK_WIDGET (self->show_load), run->kind == KELVIN_RUN_LOAD);
  self->cancellable = g_cancellable_new ();
  kelvin_store_list_invocations_async (store, run->id, MOST_LISTED, NULL, self->cancellable,
                                       listed_cb, g_object_ref (self));
}

void
kelvin_run_details_choose (KelvinRunDetails *self, guint64 number)
{
  g_return_if_fail (KELVIN_IS_RUN_DETAILS (self));

  self->wanted = number;
  choose_wanted (self);
}
