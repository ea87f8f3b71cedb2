#include "config.h"

#include "ui/history-page.h"

#include <glib/gi18n-lib.h>

#include "ui/columns.h"
#include "ui/invocations-view.h"
#include "ui/run-columns.h"
#include "ui/run-details.h"
#include "ui/run-list.h"
#include "ui/run-strip.h"
#include "ui/when.h"

#define SLICES 120
/* Other programs write to the same history. */
#define REFRESH_S 5
#define NEAR_THE_END 400
/* The ends of the strip are told to the second. */
#define SHORT_TIME_US (G_GINT64_CONSTANT (600) * G_USEC_PER_SEC)

struct _KelvinHistoryPage {
  AdwBin parent_instance;

  GtkSearchEntry *filter;
  GtkLabel *count;
  KelvinRunStrip *strip;
  GtkLabel *from;
  GtkLabel *range;
  GtkLabel *to;
  GtkStack *stack;
  AdwStatusPage *empty;
  GtkScrolledWindow *scroller;
  GtkColumnView *view;
  GtkToggleButton *invocations_button;
  KelvinInvocationsView *invocations;
  KelvinInvocation *chosen; /* nullable: of the list of invocations */
  KelvinRunDetails *details;
  GtkSingleSelection *selection;
  KelvinRunList *runs;
  KelvinEngine *engine;
  char *function_name; /* nullable */
  gboolean narrow;
  char *selected_id; /* of the run that is shown: it stays when the list is read again */
  GCancellable *counting;
  guint refresh_id;
};

G_DEFINE_FINAL_TYPE (KelvinHistoryPage, kelvin_history_page, ADW_TYPE_BIN)

static KelvinRunQuery *
parse_filter (KelvinHistoryPage *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  KelvinRunQuery *query = kelvin_run_query_parse (text, g_get_real_time ());

  /* the page is about one function, whatever the filter says */
  if (self->function_name != NULL)
    {
      g_free (query->function_name);
      query->function_name = g_strdup (self->function_name);
    }
  return query;
}

static void
show_slices (KelvinHistoryPage *self, GArray *slices, gint64 from_us, gint64 to_us)
{
  gint64 now_us = g_get_real_time ();
  gboolean short_time = to_us - from_us < SHORT_TIME_US;
  g_autofree char *from = short_time ? kelvin_format_when_exactly (from_us, now_us)
                                     : kelvin_format_when (from_us, now_us);
  g_autofree char *to =
      short_time ? kelvin_format_when_exactly (to_us, now_us) : kelvin_format_when (to_us, now_us);

  kelvin_run_strip_set_slices (self->strip, slices, from_us, to_us);
  gtk_label_set_label (self->from, from);
  gtk_label_set_label (self->to, to);
}

static void
counted_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinHistoryPage) self = data;
  g_autoptr (GError) error = NULL;
  gint64 from_us, to_us;
  g_autoptr (GArray) slices =
      kelvin_store_count_runs_finish (KELVIN_STORE (source), result, &from_us, &to_us, &error);

  if (slices != NULL)
    show_slices (self, slices, from_us, to_us);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("%s", error->message);
}

/* The strip shows all that the range is a part of. */
static void
count (KelvinHistoryPage *self, KelvinStore *store, const KelvinRunQuery *query)
{
  KelvinRunFilter filter = kelvin_run_query_to_filter (query);

  filter.since_us = query->within_us;
  filter.until_us = -1;

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  self->counting = g_cancellable_new ();
  kelvin_store_count_runs_async (store, &filter, SLICES, self->counting, counted_cb,
                                 g_object_ref (self));
}

static void
update_count (KelvinHistoryPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));
  g_autofree char *text = NULL;

  if (kelvin_run_list_has_more (self->runs))
    /* Translators: a number of runs, and there are more */
    text = g_strdup_printf (_ ("%u runs and more"), n);
  else
    text = g_strdup_printf (ngettext ("%u run", "%u runs", n), n);
  gtk_label_set_label (self->count, text);
}

static void
update_empty (KelvinHistoryPage *self)
{
  gboolean filtered = *gtk_editable_get_text (GTK_EDITABLE (self->filter)) != '\0';
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->runs)) == 0;
  const char *problem = kelvin_run_list_get_problem (self->runs);

  if (empty && kelvin_run_list_is_loading (self->runs))
    return;

  gtk_stack_set_visible_child_name (self->stack, empty || problem != NULL ? "empty" : "runs");
  adw_status_page_set_title (self->empty, filtered ? _ ("No run fits") : _ ("No runs yet"));
  if (problem != NULL)
    adw_status_page_set_description (self->empty, problem);
  else
    adw_status_page_set_description (
        self->empty, filtered ? _ ("Take words out of the filter to see more.")
                              : _ ("Every run is kept here with its figures and its log."));
}

static gboolean
lists_invocations (KelvinHistoryPage *self)
{
  return gtk_toggle_button_get_active (self->invocations_button);
}

static void
loading_changed_cb (KelvinHistoryPage *self)
{
  if (lists_invocations (self))
    return;

  update_count (self);
  update_empty (self);
}

static void
show_range (KelvinHistoryPage *self, const KelvinRunQuery *query)
{
  gint64 now_us = g_get_real_time ();
  g_autofree char *since =
      query->since_us >= 0 ? kelvin_format_when_exactly (query->since_us, now_us) : NULL;
  g_autofree char *until =
      query->until_us >= 0 ? kelvin_format_when_exactly (query->until_us, now_us) : NULL;
  g_autofree char *text = NULL;

  if (since != NULL && until != NULL)
    /* Translators: two instants */
    text = g_strdup_printf (_ ("%s – %s"), since, until);
  else if (since != NULL)
    text = g_strdup_printf (_ ("since %s"), since);
  else if (until != NULL)
    text = g_strdup_printf (_ ("until %s"), until);
  gtk_label_set_label (self->range, text != NULL ? text : "");
  kelvin_run_strip_set_range (self->strip, query->since_us, query->until_us);
}

/* The filter's text says what is chosen: changing it searches. */
static void
range_chosen_cb (KelvinHistoryPage *self, gint64 since_us, gint64 until_us)
{
  const char *before = gtk_editable_get_text (GTK_EDITABLE (self->filter));
  g_autofree char *text = kelvin_run_query_set_range (before, since_us, until_us);

  gtk_editable_set_text (GTK_EDITABLE (self->filter), text);
  gtk_editable_set_position (GTK_EDITABLE (self->filter), -1);
}

static void
search (KelvinHistoryPage *self)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);
  g_autoptr (KelvinRunQuery) query = parse_filter (self);

  if (query->problem != NULL)
    {
      gtk_label_set_label (self->count, query->problem);
      return;
    }
  if (store == NULL)
    return;

  count (self, store, query);
  show_range (self, query);
  if (lists_invocations (self))
    {
      kelvin_invocations_view_search (self->invocations, store, query);
      return;
    }
  kelvin_run_list_search (self->runs, store, g_steal_pointer (&query));
}

static void
kind_toggled_cb (KelvinHistoryPage *self)
{
  if (lists_invocations (self))
    gtk_stack_set_visible_child_name (self->stack, "invocations");
  search (self);
}

static void
invocations_listed_cb (KelvinHistoryPage *self)
{
  g_autofree char *text = kelvin_invocations_view_describe (self->invocations);

  if (!lists_invocations (self))
    return;

  gtk_label_set_label (self->count, text);
  gtk_stack_set_visible_child_name (self->stack, "invocations");
}

static void
run_found_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinHistoryPage) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (KelvinRun) run = kelvin_store_get_run_finish (KELVIN_STORE (source), result, &error);

  if (run == NULL)
    {
      g_warning ("%s", error->message);
      return;
    }
  if (self->chosen == NULL || !g_str_equal (self->chosen->run_id, run->id))
    return; /* another one was chosen since */

  kelvin_run_details_set_run (self->details, KELVIN_STORE (source), run);
  kelvin_run_details_choose (self->details, self->chosen->number);
}

static void
invocation_chosen_cb (KelvinHistoryPage *self, KelvinInvocation *invocation)
{
  KelvinStore *store = kelvin_engine_get_store (self->engine);

  g_clear_pointer (&self->chosen, kelvin_invocation_unref);
  self->chosen = kelvin_invocation_ref (invocation);
  if (store != NULL)
    kelvin_store_get_run_async (store, invocation->run_id, NULL, run_found_cb, g_object_ref (self));
}

static void
opened_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinHistoryPage) self = data;
  g_autoptr (GError) error = NULL;

  if (kelvin_engine_wait_open_finish (KELVIN_ENGINE (source), result, &error))
    search (self);
  else
    adw_status_page_set_description (self->empty, error->message);
}

static void
selected_changed_cb (KelvinHistoryPage *self)
{
  KelvinRunItem *item = gtk_single_selection_get_selected_item (self->selection);
  KelvinRun *run = item != NULL ? kelvin_run_item_get_run (item) : NULL;

  if (run == NULL)
    return;

  g_free (self->selected_id);
  self->selected_id = g_strdup (run->id);
  kelvin_run_details_set_run (self->details, kelvin_engine_get_store (self->engine), run);
}

/* What was chosen stays chosen when new runs come in above it. */
static void
items_changed_cb (KelvinHistoryPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->runs));

  for (guint i = 0; self->selected_id != NULL && i < n; i++)
    {
      g_autoptr (KelvinRunItem) item = g_list_model_get_item (G_LIST_MODEL (self->runs), i);

      if (!g_str_equal (kelvin_run_item_get_run (item)->id, self->selected_id))
        continue;
      gtk_single_selection_set_selected (self->selection, i);
      return;
    }

  if (n == 0)
    kelvin_run_details_set_run (self->details, NULL, NULL);
  else if (self->selected_id == NULL)
    gtk_single_selection_set_selected (self->selection, 0);
}

static void
scrolled_cb (KelvinHistoryPage *self, GtkAdjustment *adjustment)
{
  double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

  if (gtk_adjustment_get_value (adjustment) > end - NEAR_THE_END)
    kelvin_run_list_load_more (self->runs);
}

/* A person who reads further down isn't thrown back to the top. */
static gboolean
refresh_cb (gpointer data)
{
  KelvinHistoryPage *self = data;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);

  /* what is chosen among invocations stays chosen: they aren't listed anew by themselves */
  if (!lists_invocations (self) && gtk_adjustment_get_value (adjustment) <= 0 &&
      !kelvin_run_list_is_loading (self->runs))
    search (self);
  return G_SOURCE_CONTINUE;
}

static void
kelvin_history_page_map (GtkWidget *widget)
{
  KelvinHistoryPage *self = KELVIN_HISTORY_PAGE (widget);

  GTK_WIDGET_CLASS (kelvin_history_page_parent_class)->map (widget);

  kelvin_history_page_refresh (self);
  self->refresh_id = g_timeout_add_seconds (REFRESH_S, refresh_cb, self);
}

static void
kelvin_history_page_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&KELVIN_HISTORY_PAGE (widget)->refresh_id, g_source_remove);

  GTK_WIDGET_CLASS (kelvin_history_page_parent_class)->unmap (widget);
}

static void
kelvin_history_page_dispose (GObject *object)
{
  KelvinHistoryPage *self = KELVIN_HISTORY_PAGE (object);

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  if (self->runs != NULL)
    g_signal_handlers_disconnect_by_data (self->runs, self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KELVIN_TYPE_HISTORY_PAGE);
  g_clear_object (&self->selection);
  g_clear_object (&self->runs);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->function_name, g_free);
  g_clear_pointer (&self->selected_id, g_free);
  g_clear_pointer (&self->chosen, kelvin_invocation_unref);

  G_OBJECT_CLASS (kelvin_history_page_parent_class)->dispose (object);
}

static void
kelvin_history_page_class_init (KelvinHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_history_page_dispose;
  widget_class->map = kelvin_history_page_map;
  widget_class->unmap = kelvin_history_page_unmap;

  g_type_ensure (KELVIN_TYPE_COLUMNS);
  g_type_ensure (KELVIN_TYPE_INVOCATIONS_VIEW);
  g_type_ensure (KELVIN_TYPE_RUN_STRIP);
  g_type_ensure (KELVIN_TYPE_RUN_DETAILS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, filter);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, count);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, strip);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, from);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, range);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, to);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, empty);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, scroller);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, view);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, invocations_button);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, invocations);
  gtk_widget_class_bind_template_child (widget_class, KelvinHistoryPage, details);
  gtk_widget_class_bind_template_callback (widget_class, search);
  gtk_widget_class_bind_template_callback (widget_class, range_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, invocation_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, invocations_listed_cb);
}

static void
kelvin_history_page_init (KelvinHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->runs = kelvin_run_list_new ();
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->runs)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  kelvin_run_columns_add (self->view);
  g_signal_connect_swapped (self->runs, "notify::loading", G_CALLBACK (loading_changed_cb), self);
  g_signal_connect_object (self->runs, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (selected_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scroller), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
}

static void
update_columns (KelvinHistoryPage *self)
{
  kelvin_run_columns_arrange (self->view, self->function_name == NULL, self->narrow);
  kelvin_invocations_view_arrange (self->invocations, self->function_name == NULL, self->narrow);
}

GtkWidget *
kelvin_history_page_new (KelvinEngine *engine)
{
  KelvinHistoryPage *self = g_object_new (KELVIN_TYPE_HISTORY_PAGE, NULL);

  self->engine = g_object_ref (engine);
  update_columns (self);
  return GTK_WIDGET (self);
}

void
kelvin_history_page_set_function_name (KelvinHistoryPage *self, const char *function_name)
{
  g_return_if_fail (KELVIN_IS_HISTORY_PAGE (self));

  if (g_strcmp0 (self->function_name, function_name) == 0)
    return;

  g_free (self->function_name);
  self->function_name = g_strdup (function_name);
  update_columns (self);
  g_clear_pointer (&self->selected_id, g_free);
  kelvin_run_details_set_run (self->details, NULL, NULL);
  kelvin_history_page_refresh (self);
}

void
kelvin_history_page_set_narrow (KelvinHistoryPage *self, gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_HISTORY_PAGE (self));

  self->narrow = narrow;
  update_columns (self);
}

void
kelvin_history_page_set_filter (KelvinHistoryPage *self, const char *text)
{
  g_return_if_fail (KELVIN_IS_HISTORY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->filter), text);
}

void
kelvin_history_page_show_run (KelvinHistoryPage *self, KelvinRun *run)
{
  g_return_if_fail (KELVIN_IS_HISTORY_PAGE (self));

  g_free (self->selected_id);
  self->selected_id = g_strdup (run->id);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_editable_set_text (GTK_EDITABLE (self->filter), "");
  kelvin_run_details_set_run (self->details, kelvin_engine_get_store (self->engine), run);
  kelvin_history_page_refresh (self);
}

void
kelvin_history_page_refresh (KelvinHistoryPage *self)
{
  g_return_if_fail (KELVIN_IS_HISTORY_PAGE (self));

  kelvin_engine_wait_open_async (self->engine, opened_cb, g_object_ref (self));
}
