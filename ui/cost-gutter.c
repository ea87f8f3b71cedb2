#include "config.h"

#include "ui/cost-gutter.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "ui/charts/duration.h"
#include "ui/compat-source.h"
#include "ui/compat.h"

#define PADDING 8
#define MARGIN 6
/* Less isn't worth a word. */
#define LEAST_MS 0.05

/* A line that has a cost. */
typedef struct {
  GtkTextMark *mark; /* at its beginning */
  char *statement;
  PangoLayout *layout;
  int width;
} Pill;

struct _KelvinCostGutter {
  GtkSourceGutterRenderer parent_instance;

  GtkTextBuffer *buffer;
  char *file;
  KelvinLineCosts *costs; /* nullable */
  GPtrArray *pills;       /* of Pill */
  GHashTable *by_line;    /* line, from 0 on, → Pill */
};

G_DEFINE_FINAL_TYPE (KelvinCostGutter, kelvin_cost_gutter, GTK_SOURCE_TYPE_GUTTER_RENDERER)

static void
free_pill (gpointer data)
{
  Pill *pill = data;
  GtkTextBuffer *buffer = gtk_text_mark_get_buffer (pill->mark);

  if (buffer != NULL)
    gtk_text_buffer_delete_mark (buffer, pill->mark);
  g_object_unref (pill->mark);
  g_object_unref (pill->layout);
  g_free (pill->statement);
  g_free (pill);
}

/* The text of a line without the spaces around it. */
static char *
dup_line (GtkTextBuffer *buffer, int line)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_iter_at_line (buffer, &start, line);
  end = start;
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  return g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, FALSE));
}

static int
get_line (KelvinCostGutter *self, const Pill *pill)
{
  GtkTextIter at;

  gtk_text_buffer_get_iter_at_mark (self->buffer, &at, pill->mark);
  return gtk_text_iter_get_line (&at);
}

static void
update_width (KelvinCostGutter *self)
{
  int width = 0;

  for (guint i = 0; i < self->pills->len; i++)
    width = MAX (width, ((Pill *) self->pills->pdata[i])->width + 2 * PADDING + 2 * MARGIN);
  gtk_widget_set_size_request (GTK_WIDGET (self), width, -1);
  gtk_widget_set_visible (GTK_WIDGET (self), width > 0);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* A line that isn't as it was measured has no cost any more. */
static void
check_lines (KelvinCostGutter *self)
{
  if (self->pills->len == 0)
    return;

  g_hash_table_remove_all (self->by_line);
  for (guint i = self->pills->len; i > 0; i--)
    {
      Pill *pill = self->pills->pdata[i - 1];
      int line = get_line (self, pill);
      g_autofree char *text = dup_line (self->buffer, line);

      if (strcmp (text, pill->statement) != 0)
        g_ptr_array_remove_index (self->pills, i - 1);
      else
        g_hash_table_insert (self->by_line, GINT_TO_POINTER (line), pill);
    }
  update_width (self);
}

/* Where a statement stands now: at its line, or at another if the file was edited since. −1: it is
 * gone, or stands there more than once. */
static int
find_statement (KelvinCostGutter *self, const KelvinCostOfLine *cost)
{
  int n_lines = gtk_text_buffer_get_line_count (self->buffer);
  int found = -1;

  if ((int) cost->line <= n_lines)
    {
      g_autofree char *text = dup_line (self->buffer, (int) cost->line - 1);
      if (strcmp (text, cost->statement) == 0)
        return (int) cost->line - 1;
    }
  for (int line = 0; line < n_lines; line++)
    {
      g_autofree char *text = dup_line (self->buffer, line);

      if (strcmp (text, cost->statement) != 0)
        continue;
      if (found >= 0)
        return -1;
      found = line;
    }
  return found;
}

static void
add_pill (KelvinCostGutter *self, const KelvinCostOfLine *cost)
{
  int line = find_statement (self, cost);
  g_autofree char *time = kelvin_format_duration (cost->ms);
  /* Translators: what a line of code adds to init */
  g_autofree char *text = g_strdup_printf (_ ("%s of init"), time);
  GtkTextIter start;

  if (line < 0)
    return;

  Pill *pill = g_new0 (Pill, 1);
  gtk_text_buffer_get_iter_at_line (self->buffer, &start, line);
  pill->mark = g_object_ref (gtk_text_buffer_create_mark (self->buffer, NULL, &start, TRUE));
  pill->statement = g_strdup (cost->statement);
  pill->layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_get_pixel_size (pill->layout, &pill->width, NULL);
  g_ptr_array_add (self->pills, pill);
}

static void
costs_changed_cb (KelvinCostGutter *self)
{
  GArray *costs = self->costs != NULL ? kelvin_line_costs_get (self->costs) : NULL;

  g_ptr_array_set_size (self->pills, 0);
  g_hash_table_remove_all (self->by_line);
  for (guint i = 0; costs != NULL && i < costs->len; i++)
    {
      const KelvinCostOfLine *cost = &g_array_index (costs, KelvinCostOfLine, i);

      if (strcmp (cost->file, self->file) == 0 && cost->ms >= LEAST_MS)
        add_pill (self, cost);
    }
  check_lines (self);
  update_width (self);
}

/* A file is read after its view was made. */
static void
buffer_changed_cb (KelvinCostGutter *self)
{
  if (self->pills->len == 0 && self->costs != NULL && !gtk_text_buffer_get_modified (self->buffer))
    costs_changed_cb (self);
  else
    check_lines (self);
}

static void
kelvin_cost_gutter_snapshot_line (GtkSourceGutterRenderer *renderer, GtkSnapshot *snapshot,
                                  GtkSourceGutterLines *lines, guint line)
{
  KelvinCostGutter *self = KELVIN_COST_GUTTER (renderer);
  const Pill *pill = g_hash_table_lookup (self->by_line, GINT_TO_POINTER ((int) line));
  double y, height;
  int text_height;
  GskRoundedRect outline;
  GdkRGBA color, under;

  if (pill == NULL)
    return;

  kelvin_gutter_lines_get_range (lines, line, &y, &height);
  float width = (float) gtk_widget_get_width (GTK_WIDGET (self)) - 2 * MARGIN;
  graphene_rect_t area = GRAPHENE_RECT_INIT (MARGIN, (float) y + 1, width, (float) height - 2);
  kelvin_widget_get_color (GTK_WIDGET (self), &color);
  under = color;
  under.alpha *= 0.14f;
  gsk_rounded_rect_init_from_rect (&outline, &area, 4);
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  gtk_snapshot_append_color (snapshot, &under, &area);
  gtk_snapshot_pop (snapshot);

  pango_layout_get_pixel_size (pill->layout, NULL, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (MARGIN + width - PADDING - pill->width,
                                                          y + (height - text_height) / 2.f));
  gtk_snapshot_append_layout (snapshot, pill->layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
kelvin_cost_gutter_dispose (GObject *object)
{
  KelvinCostGutter *self = KELVIN_COST_GUTTER (object);

  if (self->costs != NULL)
    g_signal_handlers_disconnect_by_data (self->costs, self);
  g_clear_object (&self->costs);
  g_ptr_array_set_size (self->pills, 0);
  g_hash_table_remove_all (self->by_line);

  G_OBJECT_CLASS (kelvin_cost_gutter_parent_class)->dispose (object);
}

static void
kelvin_cost_gutter_finalize (GObject *object)
{
  KelvinCostGutter *self = KELVIN_COST_GUTTER (object);

  g_ptr_array_unref (self->pills);
  g_hash_table_unref (self->by_line);
  g_object_unref (self->buffer);
  g_free (self->file);

  G_OBJECT_CLASS (kelvin_cost_gutter_parent_class)->finalize (object);
}

static void
kelvin_cost_gutter_class_init (KelvinCostGutterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kelvin_cost_gutter_dispose;
  object_class->finalize = kelvin_cost_gutter_finalize;
  GTK_SOURCE_GUTTER_RENDERER_CLASS (klass)->snapshot_line = kelvin_cost_gutter_snapshot_line;
}

static void
kelvin_cost_gutter_init (KelvinCostGutter *self)
{
  self->pills = g_ptr_array_new_with_free_func (free_pill);
  self->by_line = g_hash_table_new (NULL, NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "line-costs");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

GtkSourceGutterRenderer *
kelvin_cost_gutter_new (GtkSourceBuffer *buffer, const char *file)
{
  KelvinCostGutter *self = g_object_new (KELVIN_TYPE_COST_GUTTER, NULL);

  self->buffer = GTK_TEXT_BUFFER (g_object_ref (buffer));
  self->file = g_strdup (file);
  g_signal_connect_object (buffer, "changed", G_CALLBACK (buffer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (buffer, "modified-changed", G_CALLBACK (buffer_changed_cb), self,
                           G_CONNECT_SWAPPED);
  return GTK_SOURCE_GUTTER_RENDERER (self);
}

void
kelvin_cost_gutter_set_line_costs (KelvinCostGutter *self, KelvinLineCosts *costs)
{
  g_return_if_fail (KELVIN_IS_COST_GUTTER (self));

  if (self->costs != NULL)
    g_signal_handlers_disconnect_by_data (self->costs, self);
  g_set_object (&self->costs, costs);
  if (costs != NULL)
    g_signal_connect_swapped (costs, "changed", G_CALLBACK (costs_changed_cb), self);
  costs_changed_cb (self);
}
