#include "config.h"

#include "ui/charts/lanes-private.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/charts/chart-private.h"
#include "ui/charts/duration.h"

#define LEAST_WIDTH 240
#define NATURAL_WIDTH 640
#define SCROLLBAR_WIDTH 10
#define LEAST_BIN_WIDTH 12
/* In words not at every frame. */
#define DESCRIBE_INTERVAL_US 500000
#define MOST_TABLE_ROWS 200

enum {
  SIGNAL_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinLanes, kelvin_lanes, KELVIN_TYPE_CHART)

static gboolean
has_throttles (KelvinLanes *self)
{
  return self->data->throttles->len > 0;
}

static gboolean
has_doors (KelvinLanes *self)
{
  return self->data->doors->len > 0;
}

static guint
kelvin_lanes_get_n_items (KelvinChart *chart)
{
  return KELVIN_LANES (chart)->data->bars->len;
}

static graphene_rect_t
kelvin_lanes_get_item_area (KelvinChart *chart, guint index)
{
  KelvinLanes *self = KELVIN_LANES (chart);
  const KelvinLaneBar *bar = kelvin_lane_data_get_bar (self->data, index);
  float x = kelvin_lanes_layout_place (&self->layout, bar->start_ns);
  float end = kelvin_lanes_layout_place (&self->layout, bar->end_ns);
  float height = kelvin_lanes_layout_get_bar_height (&self->layout);

  return GRAPHENE_RECT_INIT (
      x, kelvin_lanes_layout_get_row_middle (&self->layout, bar->lane) - height / 2,
      MAX (end - x, 1), height);
}

static graphene_rect_t
kelvin_lanes_get_plot (KelvinChart *chart)
{
  return kelvin_lanes_layout_get_rows_area (&KELVIN_LANES (chart)->layout);
}

static int
kelvin_lanes_find_item (KelvinChart *chart, double x, double y)
{
  KelvinLanes *self = KELVIN_LANES (chart);

  return kelvin_lanes_layout_find_bar (&self->layout, self->data, (float) x, (float) y);
}

static const char *
get_start_word (KelvinStart start)
{
  return start == KELVIN_START_COLD ? _ ("cold") : _ ("warm");
}

static char *
kelvin_lanes_dup_item_text (KelvinChart *chart, guint index)
{
  KelvinLanes *self = KELVIN_LANES (chart);
  const KelvinLaneBar *bar = kelvin_lane_data_get_bar (self->data, index);
  g_autofree char *handler =
      kelvin_format_duration ((double) (bar->end_ns - bar->handler_ns) / 1e6);
  g_autofree char *waited = kelvin_format_duration ((double) (bar->end_ns - bar->due_ns) / 1e6);
  g_autofree char *try =
      bar->attempt > 1 ? g_strdup_printf (_ (", try %u"), bar->attempt) : g_strdup ("");

  /* Translators: number of an invocation, ", try 2" or nothing, environment, cold or warm, how it
   * ended, time of the handler, time since the event was due */
  return g_strdup_printf (_ ("#%" G_GUINT64_FORMAT "%s in env %u, %s: %s\nhandler %s, %s from when "
                             "it was due"),
                          bar->event, try, bar->lane + 1, get_start_word (bar->start),
                          kelvin_status_to_string (bar->status), handler, waited);
}

static int
kelvin_lanes_find_neighbour_item (KelvinChart *chart, int item, int across, int down)
{
  return kelvin_lanes_find_neighbour (KELVIN_LANES (chart)->data, item, across, down);
}

static int
compare_tries (gconstpointer a, gconstpointer b)
{
  const KelvinLanesTry *first = a;
  const KelvinLanesTry *second = b;

  return (first->at_ns > second->at_ns) - (first->at_ns < second->at_ns);
}

static void
add_try (KelvinLanes *self, int bar, gint64 at_ns)
{
  if (self->n_tries < KELVIN_LANES_MOST_TRIES)
    self->tries[self->n_tries++] = (KelvinLanesTry){ bar, at_ns };
}

/* All tries of the event that is pointed at: found when the pointer moves, not while drawing. */
static void
point_at (KelvinLanes *self, int item)
{
  if (self->pointed == item)
    return;

  self->pointed = item;
  self->n_tries = 0;
  g_clear_object (&self->link_label);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  if (item < 0)
    return;

  const KelvinLaneBar *pointed = kelvin_lane_data_get_bar (self->data, (guint) item);
  for (guint i = 0; i < self->data->bars->len; i++)
    {
      const KelvinLaneBar *bar = kelvin_lane_data_get_bar (self->data, i);

      if (bar->event == pointed->event)
        add_try (self, (int) i, bar->start_ns);
    }
  for (guint i = 0; i < self->data->throttles->len; i++)
    {
      const KelvinLaneThrottle *throttle =
          &g_array_index (self->data->throttles, KelvinLaneThrottle, i);

      if (throttle->event == pointed->event)
        add_try (self, -1, throttle->at_ns);
    }
  qsort (self->tries, self->n_tries, sizeof (KelvinLanesTry), compare_tries);
  if (pointed->attempt < 2)
    return;

  /* Translators: which try of the invocation with this number a bar is */
  g_autofree char *text =
      g_strdup_printf (_ ("try %u of #%" G_GUINT64_FORMAT), pointed->attempt, pointed->event);
  self->link_label = kelvin_chart_create_bold_layout (KELVIN_CHART (self), text);
}

static void
kelvin_lanes_reveal_item (KelvinChart *chart, guint index)
{
  KelvinLanes *self = KELVIN_LANES (chart);
  const KelvinLaneBar *bar = kelvin_lane_data_get_bar (self->data, index);
  KelvinView view = kelvin_chart_get_view (chart);
  double place = (double) bar->start_ns / (double) kelvin_lane_data_get_end_ns (self->data);

  gtk_adjustment_clamp_page (self->scroll, bar->lane * self->layout.row_height,
                             (bar->lane + 1) * self->layout.row_height);
  if (place < view.low || place > view.high)
    kelvin_chart_set_view (chart, kelvin_view_pan (view, (place - (view.low + view.high) / 2) /
                                                             (view.high - view.low)));
  point_at (self, (int) index);
}

static void
kelvin_lanes_activate_item (KelvinChart *chart, guint index)
{
  g_signal_emit (chart, signals[SIGNAL_ACTIVATED], 0, index);
}

static GtkWidget *
kelvin_lanes_create_table (KelvinChart *chart)
{
  KelvinLanes *self = KELVIN_LANES (chart);
  const char *titles[] = { _ ("Environment"), _ ("Served"),      _ ("Failed"), _ ("Began at"),
                           _ ("Busy for"),    _ ("Of its time"), NULL };
  GtkWidget *table = kelvin_number_table_new (titles);

  for (guint i = 0; i < MIN (self->data->lanes->len, MOST_TABLE_ROWS); i++)
    {
      const KelvinLane *lane = kelvin_lane_data_get_lane (self->data, i);
      gint64 end_ns = lane->dead_ns >= 0 ? lane->dead_ns : self->data->now_ns;
      double life_ns = (double) MAX (end_ns - lane->born_ns, 1);
      g_autofree char *name = g_strdup_printf ("%u", i + 1);
      g_autofree char *served = g_strdup_printf ("%u", lane->bars->len);
      g_autofree char *failed = g_strdup_printf ("%u", lane->failed);
      g_autofree char *born = kelvin_format_duration ((double) lane->born_ns / 1e6);
      g_autofree char *busy = kelvin_format_duration ((double) lane->busy_ns / 1e6);
      g_autofree char *share =
          g_strdup_printf ("%.0f %%", MIN (100. * (double) lane->busy_ns / life_ns, 100));
      const char *cells[] = { name, served, failed, born, busy, share, NULL };

      kelvin_number_table_add_row (KELVIN_NUMBER_TABLE (table), cells);
    }
  return table;
}

static KelvinLanesNeeds
get_needs (KelvinLanes *self, float width)
{
  float end;
  float legend_height = kelvin_legend_measure (&self->legend, width, &end);

  return (KelvinLanesNeeds){ .width = width,
                             .label_width = self->label_width,
                             .legend_height = legend_height,
                             .axis_height = kelvin_axis_marks_measure (GTK_WIDGET (self)),
                             .n_rows = self->data->lanes->len,
                             .with_throttles = has_throttles (self),
                             .with_door = has_doors (self) };
}

static GtkSizeRequestMode
kelvin_lanes_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
kelvin_lanes_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                      int *natural, int *minimum_baseline, int *natural_baseline)
{
  KelvinLanes *self = KELVIN_LANES (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = LEAST_WIDTH;
      *natural = NATURAL_WIDTH;
      return;
    }

  KelvinLanesNeeds needs = get_needs (self, for_size < 0 ? LEAST_WIDTH : for_size);
  *minimum = *natural = (int) ceilf (kelvin_lanes_layout_fit (&needs).height);
}

static void
set_number (PangoLayout *layout, double number)
{
  g_autofree char *text = g_strdup_printf ("%'.0f", number);

  pango_layout_set_text (layout, text, -1);
}

static void
update_scroll (KelvinLanes *self, int width)
{
  const KelvinLanesLayout *layout = &self->layout;
  double upper = layout->n_rows * layout->row_height;
  gboolean needed = kelvin_lanes_layout_get_most_scroll (layout) > .5;

  gtk_adjustment_configure (self->scroll, gtk_adjustment_get_value (self->scroll), 0,
                            MAX (upper, layout->rows_height), layout->row_height,
                            layout->rows_height * .9, layout->rows_height);
  self->layout.scroll = gtk_adjustment_get_value (self->scroll);
  gtk_widget_set_child_visible (self->scrollbar, needed);
  if (needed)
    gtk_widget_size_allocate (self->scrollbar,
                              &(GtkAllocation){ width - SCROLLBAR_WIDTH, (int) layout->rows_y,
                                                SCROLLBAR_WIDTH, (int) layout->rows_height },
                              -1);
}

static void
kelvin_lanes_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinLanes *self = KELVIN_LANES (widget);
  KelvinLanesNeeds needs = get_needs (self, width);
  double end_ms = (double) kelvin_lane_data_get_end_ns (self->data) / 1e6;
  int scrollbar_width;

  self->layout = kelvin_lanes_layout_fit (&needs);
  self->layout.axis = kelvin_chart_fit_axis (KELVIN_CHART (self), end_ms,
                                             kelvin_axis_marks_count (self->layout.plot_width));
  kelvin_axis_marks_place (&self->marks, widget, &self->layout.axis, self->layout.plot_x,
                           self->layout.axis_y, self->layout.plot_width, width);
  kelvin_legend_place (&self->legend, width);
  self->bin_ns = kelvin_lanes_layout_get_bin_ns (&self->layout, LEAST_BIN_WIDTH);
  self->most_due = kelvin_lanes_find_most_due (self);
  set_number (self->due_most, self->most_due);
  set_number (self->door_most, self->data->most_open);
  gtk_widget_measure (self->scrollbar, GTK_ORIENTATION_HORIZONTAL, -1, &scrollbar_width, NULL, NULL,
                      NULL);
  update_scroll (self, width);

  GTK_WIDGET_CLASS (kelvin_lanes_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
kelvin_lanes_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinLanes *self = KELVIN_LANES (widget);

  kelvin_lanes_draw (self, snapshot);
  if (gtk_widget_get_child_visible (self->scrollbar))
    gtk_widget_snapshot_child (widget, self->scrollbar, snapshot);
  kelvin_chart_append_cursor (KELVIN_CHART (widget), snapshot);
}

static void
scrolled_cb (KelvinLanes *self)
{
  self->layout.scroll = gtk_adjustment_get_value (self->scroll);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
moved_cb (KelvinLanes *self, double x, double y)
{
  if (kelvin_chart_get_cursor (KELVIN_CHART (self)) < 0)
    point_at (self, kelvin_lanes_layout_find_bar (&self->layout, self->data, (float) x, (float) y));
}

static void
left_cb (KelvinLanes *self)
{
  if (kelvin_chart_get_cursor (KELVIN_CHART (self)) < 0)
    point_at (self, -1);
}

/* The wheel scrolls the lanes as far as there are more, then the page. */
static gboolean
wheel_cb (GtkEventControllerScroll *controller, double dx, double dy, KelvinLanes *self)
{
  GdkModifierType state =
      gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (controller));
  double before = gtk_adjustment_get_value (self->scroll);

  if ((state & GDK_CONTROL_MASK) != 0)
    return FALSE;
  if (dx != 0)
    kelvin_chart_set_view (KELVIN_CHART (self),
                           kelvin_view_pan (kelvin_chart_get_view (KELVIN_CHART (self)), dx * .1));

  gtk_adjustment_set_value (self->scroll, before + dy * 3 * self->layout.row_height);
  return gtk_adjustment_get_value (self->scroll) != before;
}

static void
kelvin_lanes_dispose (GObject *object)
{
  g_clear_pointer (&KELVIN_LANES (object)->scrollbar, gtk_widget_unparent);

  G_OBJECT_CLASS (kelvin_lanes_parent_class)->dispose (object);
}

static void
kelvin_lanes_finalize (GObject *object)
{
  KelvinLanes *self = KELVIN_LANES (object);

  kelvin_lane_data_free (self->data);
  g_ptr_array_unref (self->labels);
  kelvin_legend_clear (&self->legend);
  kelvin_axis_marks_clear (&self->marks);
  g_object_unref (self->due_label);
  g_object_unref (self->due_most);
  g_object_unref (self->due_none);
  g_object_unref (self->throttles_label);
  g_object_unref (self->door_label);
  g_object_unref (self->door_most);
  g_object_unref (self->cross);
  g_object_unref (self->clock);
  g_object_unref (self->scroll);
  g_clear_object (&self->link_label);
  g_free (self->opened);

  G_OBJECT_CLASS (kelvin_lanes_parent_class)->finalize (object);
}

static void
kelvin_lanes_class_init (KelvinLanesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KelvinChartClass *chart_class = KELVIN_CHART_CLASS (klass);

  object_class->dispose = kelvin_lanes_dispose;
  object_class->finalize = kelvin_lanes_finalize;
  widget_class->get_request_mode = kelvin_lanes_get_request_mode;
  widget_class->measure = kelvin_lanes_measure;
  widget_class->size_allocate = kelvin_lanes_size_allocate;
  widget_class->snapshot = kelvin_lanes_snapshot;
  chart_class->get_plot = kelvin_lanes_get_plot;
  chart_class->get_n_items = kelvin_lanes_get_n_items;
  chart_class->get_item_area = kelvin_lanes_get_item_area;
  chart_class->find_item = kelvin_lanes_find_item;
  chart_class->find_neighbour = kelvin_lanes_find_neighbour_item;
  chart_class->reveal_item = kelvin_lanes_reveal_item;
  chart_class->activate_item = kelvin_lanes_activate_item;
  chart_class->dup_item_text = kelvin_lanes_dup_item_text;
  chart_class->create_table = kelvin_lanes_create_table;

  signals[SIGNAL_ACTIVATED] =
      g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                    G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
add_controllers (KelvinLanes *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkEventController *wheel =
      gtk_event_controller_scroll_new (GTK_EVENT_CONTROLLER_SCROLL_BOTH_AXES);

  g_signal_connect_swapped (motion, "motion", G_CALLBACK (moved_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (left_cb), self);
  g_signal_connect (wheel, "scroll", G_CALLBACK (wheel_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_widget_add_controller (GTK_WIDGET (self), wheel);
}

static void
add_legend (KelvinLanes *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_RUNTIME, _ ("sandbox, runtime"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_INIT, _ ("init"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_HANDLER, _ ("handler"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_FAILED, _ ("failed"));
  kelvin_legend_add (&self->legend, widget, KELVIN_HUE_IDLE, _ ("frozen"));
}

static void
kelvin_lanes_init (KelvinLanes *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width, height;

  self->data = kelvin_lane_data_new ();
  self->labels = g_ptr_array_new_with_free_func (g_object_unref);
  self->pointed = -1;
  self->due_label = gtk_widget_create_pango_layout (widget, _ ("due / s"));
  self->due_most = gtk_widget_create_pango_layout (widget, "0");
  self->due_none = gtk_widget_create_pango_layout (widget, "0");
  self->throttles_label = gtk_widget_create_pango_layout (widget, _ ("throttled"));
  self->door_label = gtk_widget_create_pango_layout (widget, _ ("door"));
  self->door_most = gtk_widget_create_pango_layout (widget, "0");
  self->cross = kelvin_chart_create_bold_layout (KELVIN_CHART (self), "×");
  self->clock = gtk_widget_create_pango_layout (widget, _ ("real time"));
  pango_layout_get_pixel_size (self->due_label, &width, &height);
  /* and beside it the largest rate */
  self->label_width = width + 3 * height;
  self->label_height = height;
  add_legend (self);

  self->scroll = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  self->scrollbar = gtk_scrollbar_new (GTK_ORIENTATION_VERTICAL, self->scroll);
  gtk_widget_set_parent (self->scrollbar, widget);
  g_signal_connect_object (self->scroll, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scrollbar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Scroll the environments"), -1);
  add_controllers (self);
  kelvin_chart_set_label (KELVIN_CHART (self), _ ("Lanes"));
}

GtkWidget *
kelvin_lanes_new (void)
{
  return g_object_new (KELVIN_TYPE_LANES, NULL);
}

KelvinLaneData *
kelvin_lanes_get_data (KelvinLanes *self)
{
  g_return_val_if_fail (KELVIN_IS_LANES (self), NULL);

  return self->data;
}

static void
describe (KelvinLanes *self)
{
  KelvinLaneData *data = self->data;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *length = kelvin_format_duration ((double) data->now_ns / 1e6);

  self->described_us = g_get_monotonic_time ();
  /* Translators: numbers of environments, cold starts, served attempts, failed ones, throttled
   * ones, and a length of time */
  g_string_append_printf (text,
                          _ ("%u environments, %u cold starts, %u attempts served, %u failed, %u "
                             "throttled, in %s"),
                          data->lanes->len, data->cold, data->bars->len, data->failed,
                          data->throttles->len, length);
  if (has_doors (self))
    g_string_append_printf (text, _ ("; at most %u connections open"), data->most_open);
  if (self->opened != NULL)
    g_string_append_printf (text, "; %s", self->opened);
  kelvin_chart_set_description (KELVIN_CHART (self), text->str);
}

static void
add_labels (KelvinLanes *self)
{
  while (self->labels->len < self->data->lanes->len)
    {
      /* Translators: the number of an environment, short */
      g_autofree char *text = g_strdup_printf (_ ("env %u"), self->labels->len + 1);

      g_ptr_array_add (self->labels, gtk_widget_create_pango_layout (GTK_WIDGET (self), text));
    }
}

void
kelvin_lanes_update (KelvinLanes *self)
{
  g_return_if_fail (KELVIN_IS_LANES (self));

  gboolean resized = self->n_rows != self->data->lanes->len ||
                     self->with_throttles != has_throttles (self) ||
                     self->with_door != has_doors (self);

  self->n_rows = self->data->lanes->len;
  self->with_throttles = has_throttles (self);
  self->with_door = has_doors (self);
  add_labels (self);
  kelvin_chart_items_added (KELVIN_CHART (self), resized);
  if (g_get_monotonic_time () - self->described_us >= DESCRIBE_INTERVAL_US)
    describe (self);
}

void
kelvin_lanes_reset (KelvinLanes *self)
{
  g_return_if_fail (KELVIN_IS_LANES (self));

  point_at (self, -1);
  g_clear_pointer (&self->opened, g_free);
  gtk_adjustment_set_value (self->scroll, 0);
  kelvin_chart_items_changed (KELVIN_CHART (self));
  kelvin_lanes_end (self);
}

void
kelvin_lanes_end (KelvinLanes *self)
{
  g_return_if_fail (KELVIN_IS_LANES (self));

  kelvin_lanes_update (self);
  describe (self);
}

void
kelvin_lanes_set_opened (KelvinLanes *self, const char *words)
{
  g_return_if_fail (KELVIN_IS_LANES (self));

  g_free (self->opened);
  self->opened = g_strdup (words);
  describe (self);
}

void
kelvin_lanes_set_clock (KelvinLanes *self, const char *words)
{
  g_return_if_fail (KELVIN_IS_LANES (self));

  pango_layout_set_text (self->clock, words != NULL ? words : _ ("real time"), -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
