#include "config.h"

#include "ui/run-columns.h"

#include <glib/gi18n-lib.h>

#include "engine/analysis/money.h"
#include "ui/charts/duration.h"
#include "ui/outcome-words.h"
#include "ui/run-list.h"
#include "ui/when.h"

#define PICO_USD_IN_MICRO_USD 1e6

typedef enum {
  ALWAYS,
  WITH_ROOM,
  OF_ALL_FUNCTIONS, /* where runs of all functions are listed */
  OF_ONE_FUNCTION,  /* with little room, only where they aren't */
  OF_ONE_FUNCTION_WITH_ROOM,
} Importance;

typedef struct {
  const char *title;
  float xalign;
  int characters; /* that it has room for at least; more where there is room. 0: what it needs */
  Importance importance;
  char *(*describe) (KelvinRun *run);
} ColumnKind;

static char *
describe_when (KelvinRun *run)
{
  return kelvin_format_when (run->started_at_us, g_get_real_time ());
}

static char *
describe_function (KelvinRun *run)
{
  return g_strdup (run->function_name);
}

static char *
describe_kind (KelvinRun *run)
{
  return g_strdup (kelvin_describe_run_kind (run->kind));
}

static char *
describe_version (KelvinRun *run)
{
  char *commit = kelvin_describe_commit (run);

  return commit != NULL ? commit : g_strdup ("–");
}

static char *
describe_result (KelvinRun *run)
{
  g_autofree char *words = kelvin_describe_run_result (run);
  const char *sign = "✕";

  if (run->status == KELVIN_STATUS_OK)
    sign = "✓";
  else if (run->status == KELVIN_STATUS_RUNNING)
    sign = "…";

  return g_strdup_printf ("%s %s", sign, words);
}

static char *
describe_duration (gint64 us)
{
  return us >= 0 ? kelvin_format_duration (kelvin_us_to_ms (us)) : g_strdup ("–");
}

static char *
describe_cold_p50 (KelvinRun *run)
{
  return describe_duration (run->cold_p50_us);
}

static char *
describe_warm_p50 (KelvinRun *run)
{
  return describe_duration (run->warm_p50_us);
}

static char *
describe_cold (KelvinRun *run)
{
  /* Translators: cold starts of all invocations: "20 of 120" */
  return g_strdup_printf (_ ("%u of %u"), (guint) run->cold_starts, (guint) run->invocations);
}

static char *
describe_cost (KelvinRun *run)
{
  if (run->cost_pico_usd >= KELVIN_PICO_USD_IN_USD / 100)
    return kelvin_format_usd (run->cost_pico_usd);

  /* Translators: millionths of a dollar */
  return g_strdup_printf (_ ("%.2f µ$"), run->cost_pico_usd / PICO_USD_IN_MICRO_USD);
}

/* One more column is one line here. */
static const ColumnKind kinds[] = {
  { N_ ("when"), 0, 11, ALWAYS, describe_when },
  { N_ ("function"), 0, 8, OF_ALL_FUNCTIONS, describe_function },
  { N_ ("run"), 0, 0, OF_ONE_FUNCTION, describe_kind },
  { N_ ("version"), 0, 6, OF_ONE_FUNCTION_WITH_ROOM, describe_version },
  { N_ ("result"), 0, 7, ALWAYS, describe_result },
  { N_ ("cold p50"), 1, 0, OF_ONE_FUNCTION, describe_cold_p50 },
  { N_ ("warm p50"), 1, 0, WITH_ROOM, describe_warm_p50 },
  { N_ ("cold"), 1, 0, WITH_ROOM, describe_cold },
  { N_ ("cost"), 1, 0, WITH_ROOM, describe_cost },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), kind->xalign);
  gtk_label_set_ellipsize (GTK_LABEL (label),
                           kind->characters > 0 ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
  if (kind->characters > 0)
    gtk_label_set_width_chars (GTK_LABEL (label), kind->characters);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  KelvinRun *run = kelvin_run_item_get_run (gtk_list_item_get_item (item));
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = kind->describe (run);

  gtk_label_set_label (GTK_LABEL (label), text);
  gtk_widget_remove_css_class (label, "failed-text");
  if (kind->describe == describe_result && run->status != KELVIN_STATUS_OK &&
      run->status != KELVIN_STATUS_RUNNING && run->status != KELVIN_STATUS_CANCELLED)
    gtk_widget_add_css_class (label, "failed-text");
}

/* A column view has no setting for it: its titles are found by where they stand. */
static void
align_titles (GtkColumnView *view)
{
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (view));
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;

  for (guint i = 0; title != NULL && i < G_N_ELEMENTS (kinds); i++)
    {
      GtkWidget *box = gtk_widget_get_first_child (title);

      if (box != NULL && kinds[i].xalign > 0)
        gtk_widget_set_halign (box, GTK_ALIGN_END);
      title = gtk_widget_get_next_sibling (title);
    }
}

void
kelvin_run_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &kinds[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &kinds[i]);
      column = gtk_column_view_column_new (_ (kinds[i].title), factory);
      gtk_column_view_column_set_expand (column, kinds[i].characters > 0);
      gtk_column_view_append_column (view, column);
    }
  align_titles (view);
}

static gboolean
is_shown (const ColumnKind *kind, gboolean all_functions, gboolean narrow)
{
  switch (kind->importance)
    {
    case WITH_ROOM:
      return !narrow;
    case OF_ALL_FUNCTIONS:
      return all_functions;
    case OF_ONE_FUNCTION_WITH_ROOM:
      return !narrow && !all_functions;
    case OF_ONE_FUNCTION:
      return !narrow || !all_functions;
    case ALWAYS:
    default:
      return TRUE;
    }
}

void
kelvin_run_columns_arrange (GtkColumnView *view, gboolean all_functions, gboolean narrow)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autoptr (GtkColumnViewColumn) column =
          g_list_model_get_item (gtk_column_view_get_columns (view), i);

      gtk_column_view_column_set_visible (column, is_shown (&kinds[i], all_functions, narrow));
    }
}
