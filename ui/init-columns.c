#include "config.h"

#include "ui/init-columns.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/duration.h"
#include "ui/init-item.h"

#define BAR_WIDTH 90

static char *
describe_name (KelvinInitItem *item)
{
  return g_strdup (kelvin_init_item_get_name (item));
}

static char *
describe_self (KelvinInitItem *item)
{
  return kelvin_format_duration (kelvin_init_item_get_self_ms (item));
}

static char *
describe_whole (KelvinInitItem *item)
{
  return kelvin_format_duration (kelvin_init_item_get_whole_ms (item));
}

static char *
describe_origin (KelvinInitItem *item)
{
  return g_strdup (kelvin_init_item_get_origin (item));
}

typedef int (*Compares) (KelvinInitItem *, KelvinInitItem *);

static int
compare_numbers (double first, double second)
{
  return (first > second) - (first < second);
}

static int
compare_name (KelvinInitItem *a, KelvinInitItem *b)
{
  return g_utf8_collate (kelvin_init_item_get_name (a), kelvin_init_item_get_name (b));
}

static int
compare_self (KelvinInitItem *a, KelvinInitItem *b)
{
  return compare_numbers (kelvin_init_item_get_self_ms (a), kelvin_init_item_get_self_ms (b));
}

static int
compare_whole (KelvinInitItem *a, KelvinInitItem *b)
{
  return compare_numbers (kelvin_init_item_get_whole_ms (a), kelvin_init_item_get_whole_ms (b));
}

static int
compare_origin (KelvinInitItem *a, KelvinInitItem *b)
{
  return g_utf8_collate (kelvin_init_item_get_origin (a), kelvin_init_item_get_origin (b));
}

typedef struct {
  const char *title;
  float xalign;
  gboolean expand;
  char *(*describe) (KelvinInitItem *item);
  Compares compares;
} ColumnKind;

#define SELF_COLUMN 1

static const ColumnKind kinds[] = {
  { N_ ("module"), 0, TRUE, describe_name, compare_name },
  { N_ ("self"), 1, FALSE, describe_self, compare_self },
  { N_ ("with its own"), 1, FALSE, describe_whole, compare_whole },
  { N_ ("whose"), 0, TRUE, describe_origin, compare_origin },
};

static void
setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), kind->xalign);
  if (kind->expand)
    {
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
      gtk_label_set_width_chars (GTK_LABEL (label), 16);
    }
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  const ColumnKind *kind = data;
  KelvinInitItem *row = gtk_list_item_get_item (item);
  GtkWidget *label = gtk_list_item_get_child (item);
  g_autofree char *text = kind->describe (row);

  gtk_label_set_label (GTK_LABEL (label), text);
  if (kind->describe != describe_origin)
    return;
  if (kelvin_init_item_get_file (row) != NULL)
    gtk_widget_add_css_class (label, "cold-text");
  else
    gtk_widget_remove_css_class (label, "cold-text");
}

/* A bar as long as the share of the largest. */
static void
bar_setup_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  GtkWidget *bar =
      g_object_new (GTK_TYPE_BOX, "css-name", "bar", "halign", GTK_ALIGN_START, "valign",
                    GTK_ALIGN_CENTER, "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);

  gtk_list_item_set_child (item, bar);
}

static void
bar_bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
  KelvinInitItem *row = gtk_list_item_get_item (item);
  GtkWidget *bar = gtk_list_item_get_child (item);
  gboolean own = kelvin_init_item_get_kind (row) == KELVIN_INIT_PART_OWN_CODE;

  gtk_widget_set_size_request (bar, MAX ((int) (kelvin_init_item_get_share (row) * BAR_WIDTH), 1),
                               10);
  gtk_widget_remove_css_class (bar, own ? "init" : "handler");
  gtk_widget_add_css_class (bar, own ? "handler" : "init");
}

static int
compare_cb (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const ColumnKind *kind = user_data;

  return kind->compares ((KelvinInitItem *) a, (KelvinInitItem *) b);
}

static void
add_bar_column (GtkColumnView *view)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) column = gtk_column_view_column_new ("", factory);

  g_signal_connect (factory, "setup", G_CALLBACK (bar_setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bar_bind_cb), NULL);
  gtk_column_view_column_set_fixed_width (column, BAR_WIDTH + 20);
  gtk_column_view_append_column (view, column);
}

void
kelvin_init_columns_add (GtkColumnView *view)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr (GtkColumnViewColumn) column = NULL;
      g_autoptr (GtkSorter) sorter =
          GTK_SORTER (gtk_custom_sorter_new (compare_cb, (gpointer) &kinds[i], NULL));

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), (gpointer) &kinds[i]);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), (gpointer) &kinds[i]);
      column = gtk_column_view_column_new (_ (kinds[i].title), factory);
      gtk_column_view_column_set_expand (column, kinds[i].expand);
      gtk_column_view_column_set_sorter (column, sorter);
      gtk_column_view_append_column (view, column);
      if (i == SELF_COLUMN)
        gtk_column_view_sort_by_column (view, column, GTK_SORT_DESCENDING);
    }
  add_bar_column (view);
}
