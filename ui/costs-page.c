#include "config.h"

#include "ui/costs-page.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/duration.h"
#include "ui/columns.h"
#include "ui/cost-lines.h"
#include "ui/measurement.h"

/* From so many of the newest calls the typical one is taken. */
#define MOST_CALLS 100

struct _KelvinCostsPage {
  AdwBin parent_instance;

  GtkStack *stack;
  AdwStatusPage *failure;
  GtkLabel *strip;
  GtkLabel *month_figure;
  GtkLabel *month_caption;
  GtkAdjustment *calls_adjustment;
  GtkAdjustment *cold_share_adjustment;
  GtkSwitch *free_tier;
  KelvinFacts *month;
  GtkWidget *cold_box;
  KelvinFacts *cold;
  GtkWidget *warm_box;
  KelvinFacts *warm;

  KelvinEngine *engine;
  KelvinFunction *function; /* nullable */
  char *function_dir;       /* nullable */
  GPtrArray *cold_calls;    /* of KelvinInvocation, the newest first */
  GPtrArray *warm_calls;
  GCancellable *loading; /* nullable */
};

G_DEFINE_FINAL_TYPE (KelvinCostsPage, kelvin_costs_page, ADW_TYPE_BIN)

/* Which loading a callback belongs to: a later one has a cancellable of its own. */
typedef struct {
  KelvinCostsPage *page;
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

static void
show_failure (KelvinCostsPage *self, const GError *error)
{
  adw_status_page_set_description (self->failure, error->message);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static KelvinUse
use_of (KelvinCostsPage *self, const KelvinInvocation *invocation)
{
  return (KelvinUse){ .init_us = invocation->init_duration_us,
                      .duration_us = invocation->duration_us,
                      .memory_mb = invocation->memory_size_mb,
                      .ephemeral_mb = kelvin_function_get_ephemeral_storage_mb (self->function),
                      .architecture = kelvin_function_get_architecture (self->function) };
}

static void
show_call (KelvinCostsPage *self, GtkWidget *box, KelvinFacts *facts, GPtrArray *calls)
{
  gtk_widget_set_visible (box, calls->len > 0);
  if (calls->len == 0)
    return;

  KelvinUse use = use_of (self, calls->pdata[0]);
  kelvin_cost_lines_show_call (facts, kelvin_engine_get_prices (self->engine), &use);
}

/* A function that was never called warm is taken to need as long as its cold calls do. */
static KelvinMonth
compute_month (KelvinCostsPage *self)
{
  KelvinInvocation *cold = kelvin_measurement_find_typical_bill (self->cold_calls);
  KelvinInvocation *warm = kelvin_measurement_find_typical_bill (self->warm_calls);
  KelvinMonth month = { .calls = (gint64) gtk_adjustment_get_value (self->calls_adjustment),
                        .cold_share = gtk_adjustment_get_value (self->cold_share_adjustment) / 100,
                        .memory_mb = kelvin_function_get_memory_size_mb (self->function),
                        .ephemeral_mb = kelvin_function_get_ephemeral_storage_mb (self->function),
                        .architecture = kelvin_function_get_architecture (self->function),
                        .free_tier = gtk_switch_get_active (self->free_tier) };

  if (cold != NULL)
    {
      month.cold_init_us = MAX (cold->init_duration_us, 0);
      month.cold_duration_us = month.warm_duration_us = cold->duration_us;
    }
  if (warm != NULL)
    month.warm_duration_us = warm->duration_us;
  if (cold == NULL)
    month.cold_duration_us = month.warm_duration_us;

  return month;
}

static void
add_basis (GString *text, const char *kind, GPtrArray *calls)
{
  const KelvinInvocation *median = kelvin_measurement_find_typical_bill (calls);

  if (text->len > 0)
    g_string_append (text, " · ");
  if (median == NULL)
    {
      /* Translators: "no warm call yet" */
      g_string_append_printf (text, _ ("no %s call yet"), kind);
      return;
    }

  gint64 billed_us = MAX (median->init_duration_us, 0) + median->duration_us;
  g_autofree char *time = kelvin_format_duration (kelvin_us_to_ms (billed_us));
  /* Translators: "a cold call 160.9 ms, as the median of the last 20" */
  g_string_append_printf (text,
                          ngettext ("a %s call %s, as the last one",
                                    "a %s call %s, as the median of the last %u", calls->len),
                          kind, time, calls->len);
}

static void
update_month (KelvinCostsPage *self)
{
  if (self->function == NULL || self->cold_calls->len + self->warm_calls->len == 0)
    return;

  KelvinPriceTable *prices = kelvin_engine_get_prices (self->engine);
  KelvinMonth month = compute_month (self);
  KelvinMonthCost cost = kelvin_price_table_month (prices, &month);
  g_autofree char *figure = kelvin_format_usd (cost.total_pico_usd);
  g_autoptr (GString) basis = g_string_new (NULL);

  add_basis (basis, _ ("warm"), self->warm_calls);
  add_basis (basis, _ ("cold"), self->cold_calls);
  g_string_append_printf (basis, _ (" · %u MB"), month.memory_mb);
  gtk_label_set_label (self->month_figure, figure);
  gtk_label_set_label (self->month_caption, basis->str);
  kelvin_cost_lines_show_month (self->month, prices, &month);
}

static void
show_result (KelvinCostsPage *self)
{
  KelvinPriceTable *prices = kelvin_engine_get_prices (self->engine);

  if (self->cold_calls->len + self->warm_calls->len == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      return;
    }

  /* Translators: date and region of the price table */
  g_autofree char *text = g_strdup_printf (_ ("Estimated from what was measured here, by the "
                                              "prices of %s, %s · initialisation is billed"),
                                           kelvin_price_table_get_date (prices),
                                           kelvin_price_table_get_region (prices));
  gtk_label_set_label (self->strip, text);
  show_call (self, self->cold_box, self->cold, self->cold_calls);
  show_call (self, self->warm_box, self->warm, self->warm_calls);
  update_month (self);
  gtk_stack_set_visible_child_name (self->stack, "result");
}

/* TRUE where the page still wants the answer. */
static gboolean
take_calls (Loading *loading, GAsyncResult *result, GPtrArray **place)
{
  KelvinCostsPage *self = loading->page;
  g_autoptr (GError) error = NULL;

  g_autoptr (GPtrArray) calls =
      kelvin_store_list_recent_finish (kelvin_engine_get_store (self->engine), result, &error);
  if (g_cancellable_is_cancelled (loading->cancellable))
    return FALSE;
  if (calls == NULL)
    {
      show_failure (self, error);
      return FALSE;
    }

  g_ptr_array_unref (*place);
  *place = g_steal_pointer (&calls);
  return TRUE;
}

static void
warm_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;

  if (take_calls (loading, result, &loading->page->warm_calls))
    show_result (loading->page);
}

static void
load_calls (Loading *loading, KelvinStart start, GAsyncReadyCallback callback)
{
  KelvinCostsPage *self = loading->page;

  kelvin_store_list_recent_async (kelvin_engine_get_store (self->engine),
                                  kelvin_function_get_name (self->function), NULL, start,
                                  MOST_CALLS, loading->cancellable, callback, loading);
}

static void
cold_loaded_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;

  if (take_calls (loading, result, &loading->page->cold_calls))
    load_calls (g_steal_pointer (&loading), KELVIN_START_WARM, warm_loaded_cb);
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Loading) loading = user_data;
  g_autoptr (GError) error = NULL;

  gboolean open = kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error);
  if (g_cancellable_is_cancelled (loading->cancellable))
    return;
  if (!open)
    {
      show_failure (loading->page, error);
      return;
    }

  load_calls (g_steal_pointer (&loading), KELVIN_START_COLD, cold_loaded_cb);
}

static void
cancel_loading (KelvinCostsPage *self)
{
  if (self->loading != NULL)
    g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
}

static void
reload (KelvinCostsPage *self)
{
  Loading *loading = g_new0 (Loading, 1);

  cancel_loading (self);
  self->loading = g_cancellable_new ();
  loading->page = g_object_ref (self);
  loading->cancellable = g_object_ref (self->loading);
  kelvin_engine_wait_open_async (self->engine, opened_cb, loading);
}

/* There may have been calls since the page was last seen. */
static void
kelvin_costs_page_map (GtkWidget *widget)
{
  KelvinCostsPage *self = KELVIN_COSTS_PAGE (widget);

  GTK_WIDGET_CLASS (kelvin_costs_page_parent_class)->map (widget);
  if (self->function != NULL)
    reload (self);
}

static void
kelvin_costs_page_dispose (GObject *object)
{
  KelvinCostsPage *self = KELVIN_COSTS_PAGE (object);

  cancel_loading (self);
  g_clear_object (&self->function);
  g_clear_object (&self->engine);
  adw_bin_set_child (ADW_BIN (object), NULL); /* else both it and the template end the child */
  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_COSTS_PAGE);

  G_OBJECT_CLASS (kelvin_costs_page_parent_class)->dispose (object);
}

static void
kelvin_costs_page_finalize (GObject *object)
{
  KelvinCostsPage *self = KELVIN_COSTS_PAGE (object);

  g_ptr_array_unref (self->cold_calls);
  g_ptr_array_unref (self->warm_calls);
  g_free (self->function_dir);

  G_OBJECT_CLASS (kelvin_costs_page_parent_class)->finalize (object);
}

static void
kelvin_costs_page_class_init (KelvinCostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_costs_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kelvin_costs_page_finalize;
  widget_class->map = kelvin_costs_page_map;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_FACTS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/costs-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, failure);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, month_figure);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, month_caption);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, calls_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, cold_share_adjustment);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, free_tier);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, month);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, cold_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, cold);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, warm_box);
  gtk_widget_class_bind_template_child (widget_class, KelvinCostsPage, warm);
  gtk_widget_class_bind_template_callback (widget_class, update_month);
}

static void
kelvin_costs_page_init (KelvinCostsPage *self)
{
  self->cold_calls = g_ptr_array_new ();
  self->warm_calls = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kelvin_costs_page_new (KelvinEngine *engine)
{
  g_return_val_if_fail (KELVIN_IS_ENGINE (engine), NULL);

  KelvinCostsPage *self = g_object_new (KELVIN_TYPE_COSTS_PAGE, NULL);
  self->engine = g_object_ref (engine);
  return GTK_WIDGET (self);
}

void
kelvin_costs_page_set_function (KelvinCostsPage *self, const char *function_dir,
                                KelvinFunction *function)
{
  g_return_if_fail (KELVIN_IS_COSTS_PAGE (self));
  g_return_if_fail ((function_dir == NULL) == (function == NULL));

  gboolean is_other = g_strcmp0 (self->function_dir, function_dir) != 0;
  g_set_object (&self->function, function);
  if (!is_other)
    {
      update_month (self);
      return;
    }

  g_free (self->function_dir);
  self->function_dir = g_strdup (function_dir);
  cancel_loading (self);
  g_ptr_array_set_size (self->cold_calls, 0);
  g_ptr_array_set_size (self->warm_calls, 0);
  gtk_stack_set_visible_child_name (self->stack, function != NULL ? "blank" : "empty");
  if (function != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    reload (self);
}
