#include "config.h"

#include "ui/charts/chart.h"

#include <glib/gi18n-lib.h>

#include "ui/charts/chart-private.h"
#include "ui/compat.h"

#define TIP_GAP 6
#define MOST_TABLE_HEIGHT 480

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KelvinChart, kelvin_chart, GTK_TYPE_WIDGET)

KelvinChartPrivate *
kelvin_chart_get_private (KelvinChart *self)
{
  return kelvin_chart_get_instance_private (self);
}

/* The part of an item that is seen. */
static graphene_rect_t
get_visible_area (KelvinChart *self, int item)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);
  graphene_rect_t area = klass->get_item_area (self, (guint) item);

  if (klass->get_plot == NULL)
    return area;

  graphene_rect_t plot = klass->get_plot (self);
  graphene_rect_t seen;
  return graphene_rect_intersection (&area, &plot, &seen) ? seen : area;
}

static void
ensure_tip (KelvinChart *self)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);

  if (priv->tip != NULL)
    return;

  priv->tip = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (priv->tip), TRUE);
  gtk_widget_add_css_class (priv->tip, "tip");
  gtk_widget_set_can_target (priv->tip, FALSE);
  gtk_widget_set_parent (priv->tip, GTK_WIDGET (self));
}

/* Above the item, or below where there is no room, and always within the chart: a popover would
 * stand outside the screen when the chart is scrolled. */
static void
place_tip (KelvinChart *self, int width, int height)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);
  graphene_rect_t area = get_visible_area (self, priv->cursor);
  GtkAllocation tip;
  int natural;

  gtk_widget_measure (priv->tip, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);
  tip.width = MIN (natural, width);
  gtk_widget_measure (priv->tip, GTK_ORIENTATION_VERTICAL, tip.width, NULL, &tip.height, NULL,
                      NULL);

  int above = (int) area.origin.y - tip.height - TIP_GAP;
  int below = (int) (area.origin.y + area.size.height) + TIP_GAP;
  int x = (int) (area.origin.x + (area.size.width - tip.width) / 2);
  tip.x = CLAMP (x, 0, MAX (width - tip.width, 0));
  tip.y = CLAMP (above >= 0 ? above : below, 0, MAX (height - tip.height, 0));
  gtk_widget_size_allocate (priv->tip, &tip, -1);
}

void
kelvin_chart_set_cursor (KelvinChart *self, int item)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);

  priv->cursor = item;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
  if (item == KELVIN_CHART_NO_ITEM)
    {
      g_clear_pointer (&priv->tip, gtk_widget_unparent);
      return;
    }

  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);
  g_autofree char *text = klass->dup_item_text (self, (guint) item);
  if (klass->reveal_item != NULL)
    klass->reveal_item (self, (guint) item);
  ensure_tip (self);
  gtk_label_set_label (GTK_LABEL (priv->tip), text);
}

static gboolean
close_cb (GtkWidget *window, GVariant *args, gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (window));
  return TRUE;
}

static GtkWidget *
create_table_window (KelvinChart *self, GtkWidget *table)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *window = gtk_window_new ();
  GtkEventController *keys = gtk_shortcut_controller_new ();

  gtk_widget_add_css_class (table, "in-window");
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), table);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), MOST_TABLE_HEIGHT);
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (keys),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                        gtk_callback_action_new (close_cb, NULL, NULL)));
  gtk_widget_add_controller (window, keys);
  gtk_window_set_child (GTK_WINDOW (window), scroller);
  gtk_window_set_titlebar (GTK_WINDOW (window), gtk_header_bar_new ());
  gtk_window_set_title (GTK_WINDOW (window), _ ("Numbers"));
  gtk_window_set_modal (GTK_WINDOW (window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (window), TRUE);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (window), GTK_WINDOW (root));
  return window;
}

void
kelvin_chart_show_table (KelvinChart *self)
{
  GtkWidget *table = KELVIN_CHART_GET_CLASS (self)->create_table (self);

  kelvin_chart_set_cursor (self, KELVIN_CHART_NO_ITEM);
  gtk_window_present (GTK_WINDOW (create_table_window (self, table)));
}

static gboolean
is_in_plot (KelvinChart *self, double x, double y)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (klass->get_plot == NULL)
    return TRUE;

  graphene_rect_t plot = klass->get_plot (self);
  return graphene_rect_contains_point (&plot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
}

static gboolean
kelvin_chart_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard_mode,
                            GtkTooltip *tooltip)
{
  KelvinChart *self = KELVIN_CHART (widget);
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (keyboard_mode)
    return FALSE;

  int item = is_in_plot (self, x, y) ? klass->find_item (self, x, y) : KELVIN_CHART_NO_ITEM;
  if (item == KELVIN_CHART_NO_ITEM)
    return FALSE;

  g_autofree char *text = klass->dup_item_text (self, (guint) item);
  graphene_rect_t area = get_visible_area (self, item);
  GdkRectangle tip_area = { (int) area.origin.x, (int) area.origin.y,
                            MAX ((int) area.size.width, 1), MAX ((int) area.size.height, 1) };
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &tip_area);
  return TRUE;
}

/* Subclasses chain up last, so that items are where they will be drawn. */
static void
kelvin_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (kelvin_chart_get_private (self)->tip != NULL)
    place_tip (self, width, height);
}

static void
kelvin_chart_dispose (GObject *object)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (KELVIN_CHART (object));

  for (guint i = 0; i < KELVIN_N_HUES; i++)
    g_clear_pointer (&priv->swatches[i], gtk_widget_unparent);
  g_clear_pointer (&priv->tip, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_chart_parent_class)->dispose (object);
}

static void
kelvin_chart_finalize (GObject *object)
{
  g_free (kelvin_chart_get_private (KELVIN_CHART (object))->description);

  G_OBJECT_CLASS (kelvin_chart_parent_class)->finalize (object);
}

static void
kelvin_chart_class_init (KelvinChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_chart_dispose;
  G_OBJECT_CLASS (klass)->finalize = kelvin_chart_finalize;
  widget_class->query_tooltip = kelvin_chart_query_tooltip;
  widget_class->size_allocate = kelvin_chart_size_allocate;

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  kelvin_chart_add_bindings (widget_class);
}

static void
add_swatches (KelvinChart *self)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);

  for (guint i = 0; i < KELVIN_N_HUES; i++)
    {
      priv->swatches[i] = kelvin_hue_create_swatch ((KelvinHue) i);
      gtk_widget_set_visible (priv->swatches[i], FALSE);
      gtk_widget_set_parent (priv->swatches[i], GTK_WIDGET (self));
    }
}

static void
kelvin_chart_init (KelvinChart *self)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);

  priv->cursor = KELVIN_CHART_NO_ITEM;
  priv->view = KELVIN_VIEW_ALL;
  add_swatches (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  kelvin_chart_add_controllers (self);
}

void
kelvin_chart_set_label (KelvinChart *self, const char *label)
{
  g_return_if_fail (KELVIN_IS_CHART (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void
kelvin_chart_set_description (KelvinChart *self, const char *description)
{
  g_return_if_fail (KELVIN_IS_CHART (self));

  KelvinChartPrivate *priv = kelvin_chart_get_private (self);
  g_free (priv->description);
  priv->description = g_strdup (description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

const char *
kelvin_chart_get_description (KelvinChart *self)
{
  g_return_val_if_fail (KELVIN_IS_CHART (self), NULL);

  return kelvin_chart_get_private (self)->description;
}

void
kelvin_chart_items_changed (KelvinChart *self)
{
  g_return_if_fail (KELVIN_IS_CHART (self));

  KelvinChartPrivate *priv = kelvin_chart_get_private (self);
  priv->view = KELVIN_VIEW_ALL;
  kelvin_chart_set_cursor (self, KELVIN_CHART_NO_ITEM);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
kelvin_chart_items_added (KelvinChart *self, gboolean height_changed)
{
  g_return_if_fail (KELVIN_IS_CHART (self));

  if (height_changed)
    gtk_widget_queue_resize (GTK_WIDGET (self));
  else
    gtk_widget_queue_allocate (GTK_WIDGET (self));
}

int
kelvin_chart_get_cursor (KelvinChart *self)
{
  return kelvin_chart_get_private (self)->cursor;
}

KelvinView
kelvin_chart_get_view (KelvinChart *self)
{
  return kelvin_chart_get_private (self)->view;
}

void
kelvin_chart_set_view (KelvinChart *self, KelvinView view)
{
  kelvin_chart_get_private (self)->view = view;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

KelvinAxis
kelvin_chart_fit_axis (KelvinChart *self, double high, guint most_ticks)
{
  KelvinView view = kelvin_chart_get_private (self)->view;

  return kelvin_axis_fit (high * view.low, high * view.high, most_ticks);
}

void
kelvin_chart_get_hue (KelvinChart *self, KelvinHue hue, GdkRGBA *out_color)
{
  kelvin_widget_get_color (kelvin_chart_get_private (self)->swatches[hue], out_color);
}

void
kelvin_chart_append_cursor (KelvinChart *self, GtkSnapshot *snapshot)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);
  static const float widths[] = { 2, 2, 2, 2 };
  GskRoundedRect outline;
  GdkRGBA color;

  if (priv->cursor == KELVIN_CHART_NO_ITEM)
    return;

  graphene_rect_t area = get_visible_area (self, priv->cursor);
  graphene_rect_inset (&area, -3, -3);
  kelvin_chart_get_text_color (self, &color);
  gsk_rounded_rect_init_from_rect (&outline, &area, 4);
  gtk_snapshot_append_border (snapshot, &outline, widths,
                              (GdkRGBA[]){ color, color, color, color });
  gtk_widget_snapshot_child (GTK_WIDGET (self), priv->tip, snapshot);
}
