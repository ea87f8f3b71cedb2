#include "config.h"

#include "ui/all-costs-page.h"

#include <glib/gi18n-lib.h>

#include "engine/analysis/money.h"
#include "ui/when.h"

#define DAY_US (G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC)

struct _KelvinAllCostsPage {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *failure;
  GtkLabel *strip;
  GtkLabel *figure;
  GtkLabel *caption;
  GtkDropDown *period;
  GtkListBox *functions;
  KelvinEngine *engine;
  GCancellable *cancellable; /* not NULL: costs are being added up */
};

G_DEFINE_FINAL_TYPE (KelvinAllCostsPage, kelvin_all_costs_page, ADW_TYPE_BIN)

/* In the order of the drop-down; days, 0: all. */
static const int periods[] = { 0, 30, 7, 1 };

static void
show_failure (KelvinAllCostsPage *self, const GError *error)
{
  adw_status_page_set_description (self->failure, error->message);
  gtk_stack_set_visible_child_name (self->stack, "failure");
}

static char *
describe_function (const KelvinFunctionCost *cost)
{
  g_autofree char *runs =
      g_strdup_printf (ngettext ("%d run", "%d runs", (gulong) cost->runs), (int) cost->runs);
  gint64 million_pico_usd =
      cost->invocations > 0
          ? (gint64) ((double) cost->cost_pico_usd / (double) cost->invocations * 1e6)
          : 0;
  g_autofree char *million = kelvin_format_usd (million_pico_usd);

  /* Translators: "7 runs", a number of invocations and how many of them were cold, money */
  return g_strdup_printf (_ ("%s · %" G_GINT64_FORMAT " invocations, %" G_GINT64_FORMAT
                             " cold · a million as these %s"),
                          runs, cost->invocations, cost->cold_starts, million);
}

static GtkWidget *
create_row (const KelvinFunctionCost *cost)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *subtitle = describe_function (cost);
  g_autofree char *money = kelvin_format_usd (cost->cost_pico_usd);
  GtkWidget *figure = gtk_label_new (money);
  const char *name = cost->function_name;

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 name != NULL ? name : _ ("Several functions together"));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  gtk_widget_add_css_class (figure, "numeric");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), figure);
  if (name != NULL)
    {
      g_autofree char *filter = g_strdup_printf ("function:%s", name);

      gtk_widget_set_tooltip_text (row, _ ("Its runs"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "win.runs");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", filter);
    }
  return row;
}

static void
show_sum (KelvinAllCostsPage *self, GPtrArray *costs)
{
  KelvinFunctionCost sum = { .since_us = G_MAXINT64 };

  for (guint i = 0; i < costs->len; i++)
    {
      const KelvinFunctionCost *cost = costs->pdata[i];

      sum.runs += cost->runs;
      sum.invocations += cost->invocations;
      sum.cold_starts += cost->cold_starts;
      sum.cost_pico_usd += cost->cost_pico_usd;
      sum.since_us = MIN (sum.since_us, cost->since_us);
    }

  g_autofree char *figure = kelvin_format_usd (sum.cost_pico_usd);
  g_autofree char *since = kelvin_format_when (sum.since_us, g_get_real_time ());
  /* Translators: numbers of runs, invocations and cold ones, and when the first run was */
  g_autofree char *caption =
      g_strdup_printf (_ ("%" G_GINT64_FORMAT " runs · %" G_GINT64_FORMAT
                          " invocations, %" G_GINT64_FORMAT " of them cold · the first one %s"),
                       sum.runs, sum.invocations, sum.cold_starts, since);
  gtk_label_set_label (self->figure, figure);
  gtk_label_set_label (self->caption, caption);
}

static void
show_costs (KelvinAllCostsPage *self, GPtrArray *costs)
{
  KelvinPriceTable *prices = kelvin_engine_get_prices (self->engine);
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->functions))) != NULL)
    gtk_list_box_remove (self->functions, row);
  if (costs->len == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  /* Translators: date and region of the price table */
  g_autofree char *strip = g_strdup_printf (
      _ ("What these calls would have cost, by the prices of %s, %s · nothing was paid"),
      kelvin_price_table_get_date (prices), kelvin_price_table_get_region (prices));
  gtk_label_set_label (self->strip, strip);
  show_sum (self, costs);
  for (guint i = 0; i < costs->len; i++)
    gtk_list_box_append (self->functions, create_row (costs->pdata[i]));
  gtk_stack_set_visible_child_name (self->stack, "costs");
}

static void
summed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinAllCostsPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) costs =
      kelvin_store_sum_costs_finish (KELVIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->engine == NULL)
    return;

  g_clear_object (&self->cancellable);
  if (costs != NULL)
    show_costs (self, costs);
  else
    show_failure (self, error);
}

static void
sum (KelvinAllCostsPage *self)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);
  int days = periods[MIN (gtk_drop_down_get_selected (self->period), G_N_ELEMENTS (periods) - 1)];
  const KelvinRunFilter filter = { .since_us = days > 0 ? g_get_real_time () - days * DAY_US : -1,
                                   .until_us = -1 };

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (store == NULL)
    return;

  self->cancellable = g_cancellable_new ();
  kelvin_store_sum_costs_async (store, &filter, self->cancellable, summed_cb, g_object_ref (self));
}

static void
period_changed_cb (KelvinAllCostsPage *self)
{
  if (self->engine != NULL)
    sum (self);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinAllCostsPage) self = data;
  g_autoptr (GError) error = NULL;

  if (!kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error))
    show_failure (self, error);
  else if (self->engine != NULL)
    sum (self);
}

static void
kelvin_all_costs_page_map (GtkWidget *widget)
{
  KelvinAllCostsPage *self = KELVIN_ALL_COSTS_PAGE (widget);

  GTK_WIDGET_CLASS (kelvin_all_costs_page_parent_class)->map (widget);
  kelvin_engine_wait_open_async (self->engine, opened_cb, g_object_ref (self));
}

static void
kelvin_all_costs_page_dispose (GObject *object)
{
  KelvinAllCostsPage *self = KELVIN_ALL_COSTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->engine);
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_ALL_COSTS_PAGE);

  G_OBJECT_CLASS (kelvin_all_costs_page_parent_class)->dispose (object);
}

static void
kelvin_all_costs_page_class_init (KelvinAllCostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_all_costs_page_dispose;
  widget_class->map = kelvin_all_costs_page_map;

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/all-costs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, failure);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, caption);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, period);
  gtk_widget_class_bind_template_child (widget_class, KelvinAllCostsPage, functions);
  gtk_widget_class_bind_template_callback (widget_class, period_changed_cb);
}

static void
kelvin_all_costs_page_init (KelvinAllCostsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_all_costs_page_new (KelvinEngine *engine)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (engine), NULL);

  KelvinAllCostsPage *self = g_object_new (KELVIN_TYPE_ALL_COSTS_PAGE, NULL);
  self->engine = g_object_ref (engine);
  return GTK_WIDGET (self);
}
