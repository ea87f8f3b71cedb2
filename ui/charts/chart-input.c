#include "config.h"

#include "ui/charts/chart-private.h"

#define ZOOM_STEP 0.7
#define PAN_STEP 0.25

static gboolean
is_in_view (KelvinChart *self, int item)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (klass->get_plot == NULL)
    return TRUE;

  graphene_rect_t plot = klass->get_plot (self);
  graphene_rect_t area = klass->get_item_area (self, (guint) item);
  return area.origin.x < plot.origin.x + plot.size.width &&
         area.origin.x + area.size.width > plot.origin.x;
}

/* The first item from @item on, by @step, that is seen, or none. */
static int
find_in_view (KelvinChart *self, int item, int step)
{
  int n = (int) KELVIN_CHART_GET_CLASS (self)->get_n_items (self);

  for (; item >= 0 && item < n; item += step)
    if (is_in_view (self, item))
      return item;

  return KELVIN_CHART_NO_ITEM;
}

/* Across and down are −1, 0 or 1; the cursor stops at both ends of what is seen. */
static gboolean
move_cursor (KelvinChart *self, int across, int down)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);
  int n = (int) klass->get_n_items (self);
  int cursor = kelvin_chart_get_private (self)->cursor;
  int step = across + down;
  int item;

  if (klass->find_neighbour != NULL)
    item = klass->find_neighbour (self, cursor, across, down);
  else
    item = find_in_view (self, cursor == KELVIN_CHART_NO_ITEM && step < 0 ? n - 1 : cursor + step,
                         step);
  if (item != KELVIN_CHART_NO_ITEM)
    kelvin_chart_set_cursor (self, item);
  return n > 0;
}

static gboolean
move_across_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  return move_cursor (KELVIN_CHART (widget), g_variant_get_int32 (args), 0);
}

static gboolean
move_down_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  return move_cursor (KELVIN_CHART (widget), 0, g_variant_get_int32 (args));
}

/* The argument is −1 for the first item that is seen, 1 for the last. */
static gboolean
jump_cursor_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);
  int n = (int) KELVIN_CHART_GET_CLASS (self)->get_n_items (self);
  gboolean to_end = g_variant_get_int32 (args) > 0;

  int item = to_end ? find_in_view (self, n - 1, -1) : find_in_view (self, 0, 1);
  if (item != KELVIN_CHART_NO_ITEM)
    kelvin_chart_set_cursor (self, item);
  return n > 0;
}

/* Where a point stands in what is seen of the axis, so that zooming keeps it there. */
static double
get_place (KelvinChart *self, double x)
{
  graphene_rect_t plot = KELVIN_CHART_GET_CLASS (self)->get_plot (self);

  return CLAMP ((x - plot.origin.x) / MAX (plot.size.width, 1), 0, 1);
}

static double
get_cursor_place (KelvinChart *self)
{
  int cursor = kelvin_chart_get_private (self)->cursor;

  if (cursor == KELVIN_CHART_NO_ITEM)
    return .5;

  graphene_rect_t area = KELVIN_CHART_GET_CLASS (self)->get_item_area (self, (guint) cursor);
  return get_place (self, area.origin.x + area.size.width / 2);
}

/* The argument: 1 nearer, −1 farther, 0 all. */
static gboolean
zoom_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);
  KelvinView view = kelvin_chart_get_private (self)->view;
  int direction = g_variant_get_int32 (args);

  if (KELVIN_CHART_GET_CLASS (self)->get_plot == NULL)
    return FALSE;

  if (direction == 0)
    kelvin_chart_set_view (self, KELVIN_VIEW_ALL);
  else
    kelvin_chart_set_view (self, kelvin_view_zoom (view, direction > 0 ? ZOOM_STEP : 1 / ZOOM_STEP,
                                                   get_cursor_place (self)));
  return TRUE;
}

static gboolean
pan_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (KELVIN_CHART_GET_CLASS (self)->get_plot == NULL)
    return FALSE;

  kelvin_chart_set_view (self, kelvin_view_pan (kelvin_chart_get_private (self)->view,
                                                g_variant_get_int32 (args) * PAN_STEP));
  return TRUE;
}

static void
motion_cb (GtkEventControllerMotion *controller, double x, double y, KelvinChart *self)
{
  kelvin_chart_get_private (self)->pointer_x = x;
}

/* With Ctrl the wheel zooms at the pointer; without, it scrolls the page. */
static gboolean
scroll_cb (GtkEventControllerScroll *controller, double dx, double dy, KelvinChart *self)
{
  KelvinChartPrivate *priv = kelvin_chart_get_private (self);
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));

  if (KELVIN_CHART_GET_CLASS (self)->get_plot == NULL || dy == 0 || (state & GDK_CONTROL_MASK) == 0)
    return FALSE;

  kelvin_chart_set_view (self, kelvin_view_zoom (priv->view, dy < 0 ? ZOOM_STEP : 1 / ZOOM_STEP,
                                                 get_place (self, priv->pointer_x)));
  return TRUE;
}

static gboolean
hide_cursor_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (kelvin_chart_get_private (self)->cursor == KELVIN_CHART_NO_ITEM)
    return FALSE;

  kelvin_chart_set_cursor (self, KELVIN_CHART_NO_ITEM);
  return TRUE;
}

static gboolean
show_table_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (KELVIN_CHART_GET_CLASS (self)->get_n_items (self) == 0)
    return FALSE;

  kelvin_chart_show_table (self);
  return TRUE;
}

static gboolean
activate (KelvinChart *self)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);
  int cursor = kelvin_chart_get_private (self)->cursor;

  if (cursor == KELVIN_CHART_NO_ITEM || klass->activate_item == NULL)
    return FALSE;

  klass->activate_item (self, (guint) cursor);
  return TRUE;
}

static gboolean
activate_cb (GtkWidget *widget, GVariant *args, gpointer user_data)
{
  return activate (KELVIN_CHART (widget));
}

/* What keys do, for assistive technology and the menu. */
static void
act (GtkWidget *widget, const char *name, GVariant *parameter)
{
  KelvinChart *self = KELVIN_CHART (widget);

  if (g_str_equal (name, "chart.next"))
    move_cursor (self, 1, 0);
  else if (g_str_equal (name, "chart.previous"))
    move_cursor (self, -1, 0);
  else if (g_str_equal (name, "chart.open") && !activate (self))
    {
      move_cursor (self, 1, 0);
      activate (self);
    }
  else if (g_str_equal (name, "chart.show-table") &&
           KELVIN_CHART_GET_CLASS (self)->get_n_items (self) > 0)
    kelvin_chart_show_table (self);
}

static void
released_cb (GtkGestureClick *gesture, int n_press, double x, double y, KelvinChart *self)
{
  KelvinChartClass *klass = KELVIN_CHART_GET_CLASS (self);

  if (klass->activate_item == NULL)
    return;

  int item = klass->find_item (self, x, y);
  if (item == KELVIN_CHART_NO_ITEM)
    return;
  kelvin_chart_set_cursor (self, item);
  klass->activate_item (self, (guint) item);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, GtkWidget *widget)
{
  gtk_widget_grab_focus (widget);
}

static void
focus_left_cb (GtkEventControllerFocus *controller, KelvinChart *self)
{
  kelvin_chart_set_cursor (self, KELVIN_CHART_NO_ITEM);
}

void
kelvin_chart_add_bindings (GtkWidgetClass *widget_class)
{
  static const struct {
    guint key;
    GdkModifierType modifiers;
    GtkShortcutFunc func;
    int argument;
  } keys[] = {
    { GDK_KEY_Left, 0, move_across_cb, -1 },
    { GDK_KEY_Up, 0, move_down_cb, -1 },
    { GDK_KEY_KP_Left, 0, move_across_cb, -1 },
    { GDK_KEY_Right, 0, move_across_cb, 1 },
    { GDK_KEY_Down, 0, move_down_cb, 1 },
    { GDK_KEY_KP_Right, 0, move_across_cb, 1 },
    { GDK_KEY_Home, 0, jump_cursor_cb, -1 },
    { GDK_KEY_End, 0, jump_cursor_cb, 1 },
    { GDK_KEY_plus, 0, zoom_cb, 1 },
    { GDK_KEY_equal, 0, zoom_cb, 1 },
    { GDK_KEY_KP_Add, 0, zoom_cb, 1 },
    { GDK_KEY_minus, 0, zoom_cb, -1 },
    { GDK_KEY_KP_Subtract, 0, zoom_cb, -1 },
    { GDK_KEY_0, 0, zoom_cb, 0 },
    { GDK_KEY_Left, GDK_SHIFT_MASK, pan_cb, -1 },
    { GDK_KEY_Right, GDK_SHIFT_MASK, pan_cb, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    gtk_widget_class_add_binding (widget_class, keys[i].key, keys[i].modifiers, keys[i].func, "i",
                                  keys[i].argument);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_t, 0, show_table_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Return, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_KP_Enter, 0, activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, hide_cursor_cb, NULL);
  gtk_widget_class_install_action (widget_class, "chart.open", NULL, act);
  gtk_widget_class_install_action (widget_class, "chart.next", NULL, act);
  gtk_widget_class_install_action (widget_class, "chart.previous", NULL, act);
  gtk_widget_class_install_action (widget_class, "chart.show-table", NULL, act);
}

static void
add_controller (KelvinChart *self, gpointer controller, const char *signal, GCallback callback)
{
  g_signal_connect (controller, signal, callback, self);
  gtk_widget_add_controller (GTK_WIDGET (self), controller);
}

void
kelvin_chart_add_controllers (KelvinChart *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  g_signal_connect (click, "released", G_CALLBACK (released_cb), self);
  add_controller (self, click, "pressed", G_CALLBACK (pressed_cb));
  add_controller (self, gtk_event_controller_focus_new (), "leave", G_CALLBACK (focus_left_cb));
  add_controller (self, gtk_event_controller_motion_new (), "motion", G_CALLBACK (motion_cb));
  add_controller (self, gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_VERTICAL),
                  "scroll", G_CALLBACK (scroll_cb));
}
