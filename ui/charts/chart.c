#include "config.h"

#include "ui/charts/chart.h"

#include "ui/compat.h"

#define NO_ITEM (-1)

typedef struct {
  GtkWidget *swatches[KELVIN_N_HUES]; /* never drawn: the style's colours are read from them */
  GtkWidget *tip;                     /* nullable: a popover at the cursor */
  GtkWidget *tip_label;
  GtkWidget *table; /* nullable: a popover */
  char *description;
  int cursor;
} KelvinChartPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KelvinChart, kelvin_chart, GTK_TYPE_WIDGET)

static KelvinChartPrivate *
get_private (KelvinChart *self)
{
  return kelvin_chart_get_instance_private (self);
}

static void
point_popover_at (GtkWidget *popover, const graphene_rect_t *area)
{
  GdkRectangle rectangle = { .x = (int) area->origin.x,
                             .y = (int) area->origin.y,
                             .width = MAX ((int) area->size.width, 1),
                             .height = MAX ((int) area->size.height, 1) };

  gtk_popover_set_pointing_to (GTK_POPOVER (popover), &rectangle);
}

static void
ensure_tip (KelvinChart *self)
{
  KelvinChartPrivate *priv = get_private (self);

  if (priv->tip != NULL)
    return;

  priv->tip = gtk_popover_new ();
  priv->tip_label = gtk_label_new (NULL);
  gtk_popover_set_child (GTK_POPOVER (priv->tip), priv->tip_label);
  gtk_popover_set_autohide (GTK_POPOVER (priv->tip), FALSE);
  gtk_popover_set_position (GTK_POPOVER (priv->tip), GTK_POS_TOP);
  gtk_widget_set_can_focus (priv->tip, FALSE);
  gtk_widget_set_can_target (priv->tip, FALSE);
  gtk_widget_set_parent (priv->tip, GTK_WIDGET (self));
}

static void
set_cursor (KelvinChart *self, int item)
{
  KelvinChartPrivate *priv = get_private (self);
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  priv->cursor = item;
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (item == NO_ITEM)
    {
      if (priv->tip != NULL)
        gtk_popover_popdown (GTK_POPOVER (priv->tip));
      return;
    }

  g_autofree char *text = klass->dup_item_text (self, (guint) item);
  graphene_rect_t area = klass->get_item_area (self, (guint) item);

  ensure_tip (self);
  gtk_label_set_label (GTK_LABEL (priv->tip_label), text);
  point_popover_at (priv->tip, &area);
  gtk_popover_popup (GTK_POPOVER (priv->tip));
}

/* The argument is the step; the cursor stops at both ends. */
static gboolean
move_cursor_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);
  KelvinChartPrivate *priv = get_private (self);
  int n = (int) KELVIN_CHART_GET_CLASS (self)->get_n_items (self);
  int step = g_variant_get_int32 (args);

  if (n == 0)
    return FALSE;

  if (priv->cursor == NO_ITEM)
    set_cursor (self, step > 0 ? 0 : n - 1);
  else
    set_cursor (self, CLAMP (priv->cursor + step, 0, n - 1));
  return TRUE;
}

static gboolean
hide_cursor_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (get_private (self)->cursor == NO_ITEM)
    return FALSE;

  set_cursor (self, NO_ITEM);
  return TRUE;
}

static GtkWidget *
create_table_popover (GtkWidget *table)
{
  GtkWidget *scroller = gtk_scrolled_window_new ();
  GtkWidget *popover = gtk_popover_new ();

  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroller), table);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroller), GTK_POLICY_AUTOMATIC,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_propagate_natural_width (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_propagate_natural_height (GTK_SCROLLED_WINDOW (scroller), TRUE);
  gtk_scrolled_window_set_max_content_height (GTK_SCROLLED_WINDOW (scroller), 360);
  gtk_scrolled_window_set_max_content_width (GTK_SCROLLED_WINDOW (scroller), 640);
  gtk_popover_set_child (GTK_POPOVER (popover), scroller);
  return popover;
}

static gboolean
show_table_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);
  KelvinChartPrivate *priv = get_private (self);
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (klass->get_n_items (self) == 0)
    return FALSE;

  set_cursor (self, NO_ITEM);
  g_clear_pointer (&priv->table, gtk_widget_unparent);
  priv->table = create_table_popover (klass->create_table (self));
  gtk_widget_set_parent (priv->table, widget);
  gtk_popover_popup (GTK_POPOVER (priv->table));
  return TRUE;
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *widget)
{
  gtk_widget_grab_focus (widget);
}

static void
focus_left_cb (GtkEventControllerFocus *controller, KelvinChart *self)
{
  set_cursor (self, NO_ITEM);
}

static gboolean
kelvin_chart_query_tooltip (GtkWidget *widget, int x, int y, gboolean keyboard_mode,
                            GtkTooltip *tooltip)
{
  KelvinChart *self = KELVIN_CHART (widget);
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (keyboard_mode)
    return FALSE;

  int item = klass->find_item (self, x, y);
  if (item == NO_ITEM)
    return FALSE;

  g_autofree char *text = klass->dup_item_text (self, (guint) item);
  graphene_rect_t area = klass->get_item_area (self, (guint) item);
  GdkRectangle tip_area = { (int) area.origin.x, (int) area.origin.y,
                            MAX ((int) area.size.width, 1), MAX ((int) area.size.height, 1) };
  gtk_tooltip_set_text (tooltip, text);
  gtk_tooltip_set_tip_area (tooltip, &tip_area);
  return TRUE;
}

static void
kelvin_chart_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinChartPrivate *priv = get_private (KELVIN_CHART (widget));

  if (priv->tip != NULL)
    gtk_popover_present (GTK_POPOVER (priv->tip));
  if (priv->table != NULL)
    gtk_popover_present (GTK_POPOVER (priv->table));
}

static void
kelvin_chart_dispose (GObject *object)
{
  KelvinChartPrivate *priv = get_private (KELVIN_CHART (object));

  for (guint i = 0; i < KELVIN_N_HUES; i++)
    g_clear_pointer (&priv->swatches[i], gtk_widget_unparent);
  g_clear_pointer (&priv->tip, gtk_widget_unparent);
  g_clear_pointer (&priv->table, gtk_widget_unparent);
  priv->tip_label = NULL;

  G_OBJECT_CLASS (kelvin_chart_parent_class)->dispose (object);
}

static void
kelvin_chart_finalize (GObject *object)
{
  g_free (get_private (KELVIN_CHART (object))->description);

  G_OBJECT_CLASS (kelvin_chart_parent_class)->finalize (object);
}

static void
add_bindings (GtkWidgetClass *widget_class)
{
  static const struct {
    guint key;
    int step;
  } moves[] = {
    { GDK_KEY_Left, -1 },          { GDK_KEY_Up, -1 },          { GDK_KEY_Right, 1 },
    { GDK_KEY_Down, 1 },           { GDK_KEY_KP_Left, -1 },     { GDK_KEY_KP_Right, 1 },
    { GDK_KEY_Home, -G_MAXINT16 }, { GDK_KEY_End, G_MAXINT16 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (moves); i++)
    gtk_widget_class_add_binding (widget_class, moves[i].key, 0, move_cursor_cb, "i",
                                  moves[i].step);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_t, 0, show_table_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, hide_cursor_cb, NULL);
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
  add_bindings (widget_class);
}

static void
add_swatches (KelvinChart *self)
{
  KelvinChartPrivate *priv = get_private (self);

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
  GtkGesture *click = gtk_gesture_click_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  get_private (self)->cursor = NO_ITEM;
  add_swatches (self);
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);

  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
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

  KelvinChartPrivate *priv = get_private (self);
  g_free (priv->description);
  priv->description = g_strdup (description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
}

const char *
kelvin_chart_get_description (KelvinChart *self)
{
  g_return_val_if_fail (KELVIN_IS_CHART (self), NULL);

  return get_private (self)->description;
}

void
kelvin_chart_items_changed (KelvinChart *self)
{
  g_return_if_fail (KELVIN_IS_CHART (self));

  KelvinChartPrivate *priv = get_private (self);
  set_cursor (self, NO_ITEM);
  if (priv->table != NULL)
    gtk_popover_popdown (GTK_POPOVER (priv->table));
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

void
kelvin_chart_get_hue (KelvinChart *self, KelvinHue hue, GdkRGBA *out_color)
{
  kelvin_widget_get_color (get_private (self)->swatches[hue], out_color);
}

void
kelvin_chart_get_text_color (KelvinChart *self, GdkRGBA *out_color)
{
  kelvin_widget_get_color (GTK_WIDGET (self), out_color);
}

void
kelvin_chart_get_dim_color (KelvinChart *self, GdkRGBA *out_color)
{
  kelvin_widget_get_color (GTK_WIDGET (self), out_color);
  out_color->alpha *= 0.76f; /* as .dim-label in ui/style.css */
}

void
kelvin_chart_get_line_color (KelvinChart *self, GdkRGBA *out_color)
{
  kelvin_widget_get_color (GTK_WIDGET (self), out_color);
  out_color->alpha *= 0.3f;
}

static void
append_hatch (GtkSnapshot *snapshot, const GdkRGBA *color, const graphene_rect_t *area)
{
  GdkRGBA gap = *color;
  gap.alpha *= 0.25f;
  const GskColorStop stops[] = { { 0, *color }, { .5f, *color }, { .5f, gap }, { 1, gap } };
  graphene_point_t end = GRAPHENE_POINT_INIT (area->origin.x + 4, area->origin.y + 4);

  gtk_snapshot_append_repeating_linear_gradient (snapshot, area, &area->origin, &end, stops,
                                                 G_N_ELEMENTS (stops));
}

void
kelvin_chart_append_bar (KelvinChart *self, GtkSnapshot *snapshot, KelvinHue hue,
                         const graphene_rect_t *area)
{
  GskRoundedRect outline;
  GdkRGBA color;

  kelvin_chart_get_hue (self, hue, &color);
  gsk_rounded_rect_init_from_rect (&outline, area, MIN (2.5f, area->size.width / 3));
  gtk_snapshot_push_rounded_clip (snapshot, &outline);
  if (hue == KELVIN_HUE_WAITING)
    append_hatch (snapshot, &color, area);
  else
    gtk_snapshot_append_color (snapshot, &color, area);
  gtk_snapshot_pop (snapshot);
}

void
kelvin_chart_append_text (GtkSnapshot *snapshot, PangoLayout *layout, const graphene_point_t *point,
                          const GdkRGBA *color)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, point);
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

void
kelvin_chart_append_cursor (KelvinChart *self, GtkSnapshot *snapshot)
{
  KelvinChartPrivate *priv = get_private (self);
  static const float widths[] = { 2, 2, 2, 2 };
  GskRoundedRect outline;
  GdkRGBA color;

  if (priv->cursor == NO_ITEM)
    return;

  graphene_rect_t area = KELVIN_CHART_GET_CLASS (self)->get_item_area (self, (guint) priv->cursor);
  graphene_rect_inset (&area, -3, -3);
  kelvin_chart_get_text_color (self, &color);
  gsk_rounded_rect_init_from_rect (&outline, &area, 4);
  gtk_snapshot_append_border (snapshot, &outline, widths,
                              (GdkRGBA[]){ color, color, color, color });
}

PangoLayout *
kelvin_chart_create_bold_layout (KelvinChart *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}
