#include "config.h"

#include "ui/init-code-view.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <stdlib.h>

#include "ui/charts/duration.h"
#include "ui/charts/flame-graph.h"
#include "ui/init-columns.h"
#include "ui/init-item.h"

/* The table has the costliest; the chart's own table has all. */
#define MOST_ROWS 500

struct _KelvinInitCodeView {
  AdwBin parent_instance;

  GtkLabel *caption;
  GtkLabel *problem;
  KelvinFlameGraph *flame_graph;
  GtkWidget *table;
  GtkColumnView *rows;
  GtkLabel *unopened;

  GListStore *items;   /* of KelvinInitItem */
  GPtrArray *by_frame; /* of KelvinInitItem, one for each frame */
};

G_DEFINE_FINAL_TYPE (KelvinInitCodeView, kelvin_init_code_view, ADW_TYPE_BIN)

static void
show_line (KelvinInitCodeView *self, KelvinInitItem *item)
{
  const char *file = kelvin_init_item_get_file (item);

  if (file != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-line", "(su)", file,
                                kelvin_init_item_get_line (item));
}

static void
frame_activated_cb (KelvinInitCodeView *self, guint index)
{
  if (index < self->by_frame->len)
    show_line (self, self->by_frame->pdata[index]);
}

static void
row_activated_cb (KelvinInitCodeView *self, guint position)
{
  g_autoptr (KelvinInitItem) item =
      g_list_model_get_item (G_LIST_MODEL (gtk_column_view_get_model (self->rows)), position);

  if (item != NULL)
    show_line (self, item);
}

static KelvinHue
get_hue (const KelvinInitPart *part)
{
  if (part->failed)
    return KELVIN_HUE_FAILED;
  if (part->kind == KELVIN_INIT_PART_OWN_CODE)
    return KELVIN_HUE_HANDLER;
  return part->depth == 0 ? KELVIN_HUE_RUNTIME : KELVIN_HUE_INIT;
}

static void
show_flame_graph (KelvinInitCodeView *self, const KelvinInitCode *code)
{
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (KelvinFlameFrame));
  g_autoptr (GPtrArray) details = g_ptr_array_new_with_free_func (g_free);

  for (guint i = 0; i < code->parts->len; i++)
    {
      const KelvinInitPart *part = &g_array_index (code->parts, KelvinInitPart, i);
      char *detail = kelvin_init_part_describe (part);
      KelvinFlameFrame frame = { part->name,    detail,      part->start_ms, part->end_ms,
                                 part->self_ms, part->depth, get_hue (part) };

      g_ptr_array_add (details, detail);
      g_array_append_val (frames, frame);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->flame_graph), frames->len > 0);
  kelvin_flame_graph_set_frames (self->flame_graph,
                                 (const KelvinFlameFrame *) (void *) frames->data, frames->len);
}

static int
compare_self (gconstpointer a, gconstpointer b)
{
  double first = kelvin_init_item_get_self_ms (*(KelvinInitItem *const *) a);
  double second = kelvin_init_item_get_self_ms (*(KelvinInitItem *const *) b);

  return (second > first) - (second < first);
}

static void
show_table (KelvinInitCodeView *self, const KelvinInitCode *code)
{
  double most_ms = 0;

  for (guint i = 0; i < code->parts->len; i++)
    most_ms = MAX (most_ms, g_array_index (code->parts, KelvinInitPart, i).self_ms);
  g_ptr_array_set_size (self->by_frame, 0);
  for (guint i = 0; i < code->parts->len; i++)
    {
      const KelvinInitPart *part = &g_array_index (code->parts, KelvinInitPart, i);

      g_ptr_array_add (self->by_frame,
                       kelvin_init_item_new (part, most_ms > 0 ? part->self_ms / most_ms : 0));
    }

  g_autoptr (GPtrArray) costliest = g_ptr_array_copy (self->by_frame, NULL, NULL);
  g_ptr_array_set_free_func (costliest, NULL);
  g_ptr_array_sort (costliest, compare_self);
  g_list_store_splice (self->items, 0, g_list_model_get_n_items (G_LIST_MODEL (self->items)),
                       costliest->pdata, MIN (costliest->len, MOST_ROWS));
  gtk_widget_set_visible (self->table, costliest->len > 0);
}

static void
show_caption (KelvinInitCodeView *self, const KelvinInitCode *code)
{
  g_autofree char *time = kelvin_format_duration (code->accounted_ms);
  g_autoptr (GString) text = g_string_new (NULL);

  /* Translators: a time, and a number of modules */
  g_string_append_printf (text, ngettext ("%s · %u module", "%s · %u modules", code->n_modules),
                          time, code->n_modules);
  if (!isnan (code->hook_percent))
    g_string_append_printf (text, _ (" · recording cost %.1f %%"), code->hook_percent);
  /* Translators: where the figures come from; a number of starts */
  g_string_append_printf (text,
                          ngettext (" · a recorded cold start, counted nowhere else",
                                    " · one of %u recorded cold starts, counted nowhere else",
                                    code->n_starts),
                          code->n_starts);
  gtk_label_set_label (self->caption, code->parts->len > 0 ? text->str : "");
  gtk_label_set_label (self->problem, code->problem != NULL ? code->problem : "");
  gtk_widget_set_visible (GTK_WIDGET (self->problem), code->problem != NULL);
}

static void
show_unopened (KelvinInitCodeView *self, const KelvinInitCode *code)
{
  gtk_widget_set_visible (GTK_WIDGET (self->unopened), code->unopened->len > 0);
  if (code->unopened->len == 0)
    return;

  g_autofree char *all = g_format_size (code->package_bytes);
  g_autofree char *left = g_format_size (code->package_bytes - code->opened_bytes);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < code->unopened->len; i++)
    g_string_append_printf (names, "%s%s", i == 0 ? "" : ", ",
                            (const char *) code->unopened->pdata[i]);
  /* Translators: a size, the size of the whole package, and a list of folders with sizes */
  g_autofree char *text = g_strdup_printf (
      _ ("Never opened, in init and one event: %s of the package’s %s. %s"), left, all, names->str);
  gtk_label_set_label (self->unopened, text);
}

static void
kelvin_init_code_view_dispose (GObject *object)
{
  KelvinInitCodeView *self = KELVIN_INIT_CODE_VIEW (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), KELVIN_TYPE_INIT_CODE_VIEW);
  g_clear_object (&self->items);
  g_clear_pointer (&self->by_frame, g_ptr_array_unref);

  G_OBJECT_CLASS (kelvin_init_code_view_parent_class)->dispose (object);
}

static void
kelvin_init_code_view_class_init (KelvinInitCodeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_init_code_view_dispose;

  g_type_ensure (KELVIN_TYPE_FLAME_GRAPH);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/kelvinworkbench/Kelvin/init-code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, caption);
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, problem);
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, flame_graph);
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, table);
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, rows);
  gtk_widget_class_bind_template_child (widget_class, KelvinInitCodeView, unopened);
  gtk_widget_class_bind_template_callback (widget_class, frame_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
kelvin_init_code_view_init (KelvinInitCodeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->items = g_list_store_new (KELVIN_TYPE_INIT_ITEM);
  self->by_frame = g_ptr_array_new_with_free_func (g_object_unref);
  kelvin_init_columns_add (self->rows);

  GtkSorter *sorter = gtk_column_view_get_sorter (self->rows);
  GtkSortListModel *sorted =
      gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (self->items)), g_object_ref (sorter));
  g_autoptr (GtkSelectionModel) selection =
      GTK_SELECTION_MODEL (gtk_single_selection_new (G_LIST_MODEL (sorted)));
  gtk_single_selection_set_autoselect (GTK_SINGLE_SELECTION (selection), FALSE);
  gtk_single_selection_set_can_unselect (GTK_SINGLE_SELECTION (selection), TRUE);
  gtk_column_view_set_model (self->rows, selection);
}

void
kelvin_init_code_view_set_init_code (KelvinInitCodeView *self, const KelvinInitCode *code)
{
  g_return_if_fail (KELVIN_IS_INIT_CODE_VIEW (self));

  gtk_widget_set_visible (GTK_WIDGET (self), code != NULL);
  if (code == NULL)
    return;

  show_caption (self, code);
  show_flame_graph (self, code);
  show_table (self, code);
  show_unopened (self, code);
}
