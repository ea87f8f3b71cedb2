#include "config.h"

#include "ui/invocations-view.h"

#include <glib/gi18n-lib.h>

#include "engine/analysis/money.h"
#include "ui/charts/duration.h"
#include "ui/outcome-words.h"
#include "ui/when.h"

/* Older ones are found by a range of time. */
#define MOST 1000

#define KELVIN_TYPE_INVOCATION_ITEM (kelvin_invocation_item_get_type ())
G_DECLARE_FINAL_TYPE (KelvinInvocationItem, kelvin_invocation_item, KELVIN, INVOCATION_ITEM,
                      GObject)

struct _KelvinInvocationItem {
  GObject parent_instance;

  KelvinInvocation *invocation;
};

G_DEFINE_FINAL_TYPE (KelvinInvocationItem, kelvin_invocation_item, G_TYPE_OBJECT)

struct _KelvinInvocationsView {
  AdwBin parent_instance;

  GtkColumnView *view;
  GListStore *items;
  GtkSingleSelection *selection;
  GCancellable *cancellable; /* not NULL: they are on their way */
  char *problem;             /* nullable */
};

enum {
  CHOSEN,
  LISTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinInvocationsView, kelvin_invocations_view, ADW_TYPE_BIN)

typedef struct {
  const char *title;
  float xalign;
  int characters;   /* that it has room for at least; 0: what it needs */
  gboolean minor;   /* not with little room */
  gboolean several; /* where there are several functions alone */
  char *(*describe) (KelvinInvocation *invocation);
} ColumnKind;

static void
kelvin_invocation_item_finalize (GObject *object)
{
  kelvin_invocation_unref (KELVIN_INVOCATION_ITEM (object)->invocation);

  G_OBJECT_CLASS (kelvin_invocation_item_parent_class)->finalize (object);
}

static void
kelvin_invocation_item_class_init (KelvinInvocationItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_invocation_item_finalize;
}

static void
kelvin_invocation_item_init (KelvinInvocationItem *self)
{
}

static char *
describe_when (KelvinInvocation *invocation)
{
  return kelvin_format_when_exactly (invocation->started_at_us, g_get_real_time ());
}

static char *
describe_function (KelvinInvocation *invocation)
{
  return g_strdup (invocation->function_name);
}

static char *
describe_start (KelvinInvocation *invocation)
{
  const char *start = kelvin_start_to_string (invocation->start);

  return g_strdup (start != NULL ? start : "–");
}

static char *
describe_result (KelvinInvocation *invocation)
{
  return g_strdup_printf ("%s %s", invocation->status == KELVIN_STATUS_OK ? "✓" : "✕",
                          kelvin_status_to_string (invocation->status));
}

static char *
describe_time (KelvinInvocation *invocation)
{
  return kelvin_format_duration (
      kelvin_us_to_ms (kelvin_phases_get_total_us (&invocation->phases)));
}

static char *
describe_billed (KelvinInvocation *invocation)
{
  return g_strdup_printf (_ ("%" G_GINT64_FORMAT " ms"), invocation->billed_duration_ms);
}

static char *
describe_memory (KelvinInvocation *invocation)
{
  if (invocation->memory_peak_bytes < 0)
    return g_strdup ("–");

  /* Translators: megabytes */
  return g_strdup_printf (_ ("%.1f MB"), (double) invocation->memory_peak_bytes / (1024 * 1024));
}

static char *
describe_cost (KelvinInvocation *invocation)
{
  return kelvin_format_usd (invocation->cost_pico_usd);
}

/* One more column is one line here. */
static const ColumnKind kinds[] = {
  { N_ ("when"), 0, 13, FALSE, FALSE, describe_when },
  { N_ ("function"), 0, 8, FALSE, TRUE, describe_function },
  { N_ ("start"), 0, 0, FALSE, FALSE, describe_start },
  { N_ ("result"), 0, 7, FALSE, FALSE, describe_result },
  { N_ ("time"), 1, 0, FALSE, FALSE, describe_time },
  { N_ ("billed"), 1, 0, TRUE, FALSE, describe_billed },
  { N_ ("memory"), 1, 0, TRUE, FALSE, describe_memory },
  { N_ ("cost"), 1, 0, TRUE, FALSE, describe_cost },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), kind->xalign);
  if (kind->characters > 0)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_width_chars (GTK_LABEL (label), kind->characters);
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  KelvinInvocation *invocation = KELVIN_INVOCATION_ITEM (gtk_list_item_get_item (item))->invocation;
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = kind->describe (invocation);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_remove_css_class (label, "failed-text");
  if (kind->describe == describe_result && invocation->status != KELVIN_STATUS_OK)
    gtk_widget_add_css_class (label, "failed-text");
}

static void
add_columns (KelvinInvocationsView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &kinds[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &kinds[i]);
      column = gtk_column_view_column_new (_ (kinds[i].title), factory);
      gtk_column_view_column_set_expand (column, kinds[i].characters > 0);
      gtk_column_view_append_column (self->view, column);
    }
}

static void
selected_changed_cb (KelvinInvocationsView *self)
{
  KelvinInvocationItem *item = gtk_single_selection_get_selected_item (self->selection);

  if (item != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, item->invocation);
}

static void
show (KelvinInvocationsView *self, GPtrArray *invocations)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < invocations->len; i++)
    {
      KelvinInvocationItem *item = g_object_new (KELVIN_TYPE_INVOCATION_ITEM, NULL);

      item->invocation = kelvin_invocation_ref (invocations->pdata[i]);
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       items->pdata, items->len);
}

static void
listed_cb (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (KelvinInvocationsView) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) invocations =
      kelvin_store_list_newest_finish (KELVIN_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return; /* another search has begun */

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->problem, g_free);
  if (invocations != NULL)
    show (self, invocations);
  else
    self->problem = g_strdup (error->message);
  g_signal_emit (self, signals[LISTED], 0);
}

static void
kelvin_invocations_view_dispose (GObject *object)
{
  KelvinInvocationsView *self = KELVIN_INVOCATIONS_VIEW (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->selection);
  g_clear_object (&self->items);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (kelvin_invocations_view_parent_class)->dispose (object);
}

static void
kelvin_invocations_view_class_init (KelvinInvocationsViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kelvin_invocations_view_dispose;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, KELVIN_TYPE_INVOCATION);
  signals[LISTED] = g_signal_new ("listed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);
}

static void
kelvin_invocations_view_init (KelvinInvocationsView *self)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();

  self->items = g_list_store_new (KELVIN_TYPE_INVOCATION_ITEM);
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->items)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  self->view = GTK_COLUMN_VIEW (gtk_column_view_new (NULL));
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->selection));
  gtk_widget_add_css_class (GTK_WIDGET (self->view), "runs");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Invocations"), -1);
  add_columns (self);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), GTK_WIDGET (self->view));
  adw_bin_set_child (ADW_BIN (self), scroller);
  g_signal_connect_object (self->selection, "notify::selected-item",
                           G_CALLBACK (selected_changed_cb), self, G_CONNECT_SWAPPED);
}

void
kelvin_invocations_view_search (KelvinInvocationsView *self, KelvinStore *store,
                                const KelvinRunQuery *query)
{
  KelvinRunFilter filter = kelvin_run_query_to_filter (query);

  g_return_if_fail (KELVIN_IS_INVOCATIONS_VIEW (self));

  filter.limit = MOST;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  kelvin_store_list_newest_async (store, &filter, self->cancellable, listed_cb,
                                  g_object_ref (self));
}

void
kelvin_invocations_view_arrange (KelvinInvocationsView *self, gboolean all_functions,
                                 gboolean narrow)
{
  g_return_if_fail (KELVIN_IS_INVOCATIONS_VIEW (self));

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GtkColumnViewColumn) column =
          g_list_model_get_item (gtk_column_view_get_columns (self->view), i);

      gtk_column_view_column_set_visible (column, (!narrow || !kinds[i].minor) &&
                                                      (all_functions || !kinds[i].several));
    }
}

char *
kelvin_invocations_view_describe (KelvinInvocationsView *self)
{
  g_return_val_if_fail (KELVIN_IS_INVOCATIONS_VIEW (self), NULL);

  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->items));
  if (self->problem != NULL)
    return g_strdup (self->problem);
  if (n == MOST)
    /* Translators: a number of invocations */
    return g_strdup_printf (_ ("the newest %u invocations"), n);

  return g_strdup_printf (ngettext ("%u invocation", "%u invocations", n), n);
}
