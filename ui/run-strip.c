#include "config.h"

#include "ui/run-strip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/history/store.h"
#include "ui/charts/hue.h"
#include "ui/compat.h"
#include "ui/strip-range.h"
#include "ui/when.h"

#define HEIGHT 44
#define GAP 2.0f
/* A shorter way of the pointer is a click. */
#define SHORTEST_DRAG 4
#define FAR 10

struct _KelvinRunStrip {
  GtkWidget parent_instance;

  GtkWidget *failed; /* a swatch: where the colour comes from */
  GtkWidget *band;   /* over what is chosen */
  GArray *slices;    /* of KelvinRunSlice; nullable */
  gint64 from_us;
  gint64 to_us;
  guint most;
  KelvinStripRange range; /* as it is being changed */
  gint64 since_us;        /* what is chosen; -1 and -1: nothing */
  gint64 until_us;
  double drag_x;
};

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (KelvinRunStrip, kelvin_run_strip, GTK_TYPE_WIDGET)

/* One run among a hundred can still be seen: areas go with the root of the count. */
static float
get_share (guint count, guint most)
{
  return most > 0 ? sqrtf ((float) count / most) : 0;
}

static void
kelvin_run_strip_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  KelvinRunStrip *self = KELVIN_RUN_STRIP (widget);
  float height = gtk_widget_get_height (widget);
  GdkRGBA color, failed;

  if (self->slices == NULL || self->slices->len == 0)
    return;

  if (gtk_widget_get_child_visible (self->band))
    gtk_widget_snapshot_child (widget, self->band, snapshot);
  float step = (float) gtk_widget_get_width (widget) / self->slices->len;
  kelvin_widget_get_color (widget, &color);
  color.alpha *= 0.45f;
  kelvin_widget_get_color (self->failed, &failed);
  for (guint i = 0; i < self->slices->len; i++)
    {
      const KelvinRunSlice *slice = &g_array_index (self->slices, KelvinRunSlice, i);
      float bar = height * get_share (slice->runs, self->most);
      float foot = slice->runs > 0 ? bar * slice->failed / slice->runs : 0;
      float width = MAX (step - GAP, 1);

      gtk_snapshot_append_color (snapshot, &color,
                                 &GRAPHENE_RECT_INIT (i * step, height - bar, width, bar - foot));
      gtk_snapshot_append_color (snapshot, &failed,
                                 &GRAPHENE_RECT_INIT (i * step, height - foot, width, foot));
    }
}

static double
get_share_of (KelvinRunStrip *self, gint64 at_us)
{
  double share = (double) (at_us - self->from_us) / (double) (self->to_us - self->from_us);

  return CLAMP (share, 0, 1);
}

static void
kelvin_run_strip_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  KelvinRunStrip *self = KELVIN_RUN_STRIP (widget);
  gboolean chosen = self->slices != NULL && (self->since_us >= 0 || self->until_us >= 0);
  int minimum;

  gtk_widget_set_child_visible (self->band, chosen);
  if (!chosen)
    return;

  double start = self->since_us >= 0 ? get_share_of (self, self->since_us) : 0;
  double end = self->until_us >= 0 ? get_share_of (self, self->until_us) : 1;
  gtk_widget_measure (self->band, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  GtkAllocation place = { .x = (int) (start * width), .height = height };
  place.width = MAX ((int) (end * width) - place.x, minimum);
  gtk_widget_size_allocate (self->band, &place, -1);
}

static guint
count_chosen (KelvinRunStrip *self)
{
  guint runs = 0;

  for (guint i = 0; i < self->slices->len; i++)
    {
      gint64 at_us = self->from_us + (self->to_us - self->from_us) * i / self->slices->len;

      /* a slice belongs to where most of it is */
      at_us += (self->to_us - self->from_us) / self->slices->len / 2;
      if (at_us >= self->since_us && (self->until_us < 0 || at_us < self->until_us))
        runs += g_array_index (self->slices, KelvinRunSlice, i).runs;
    }

  return runs;
}

static void
describe (KelvinRunStrip *self)
{
  guint runs = 0, failed = 0;
  gboolean chosen = self->since_us >= 0 || self->until_us >= 0;

  for (guint i = 0; i < self->slices->len; i++)
    {
      runs += g_array_index (self->slices, KelvinRunSlice, i).runs;
      failed += g_array_index (self->slices, KelvinRunSlice, i).failed;
    }

  gint64 now_us = g_get_real_time ();
  g_autofree char *from = kelvin_format_when_exactly (self->from_us, now_us);
  g_autofree char *to = kelvin_format_when_exactly (self->to_us, now_us);
  g_autofree char *since = kelvin_format_when_exactly (MAX (self->since_us, self->from_us), now_us);
  g_autofree char *until =
      kelvin_format_when_exactly (self->until_us >= 0 ? self->until_us : self->to_us, now_us);
  /* Translators: a number of runs, how many of them failed, and two instants */
  g_autofree char *all =
      g_strdup_printf (_ ("%u runs, %u failed, from %s to %s"), runs, failed, from, to);
  /* Translators: what was said of the whole, then two instants and a number of runs */
  g_autofree char *text = chosen ? g_strdup_printf (_ ("%s; chosen from %s until %s: %u runs"), all,
                                                    since, until, count_chosen (self))
                                 : g_strdup (all);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static void
show_range (KelvinRunStrip *self, gint64 since_us, gint64 until_us)
{
  if (self->since_us == since_us && self->until_us == until_us)
    return;

  self->since_us = since_us;
  self->until_us = until_us;
  if (self->slices != NULL)
    describe (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* What is being changed is shown at once; who filters by it is told when it stands. */
static void
show_changed (KelvinRunStrip *self)
{
  gint64 since_us = -1, until_us = -1;

  kelvin_strip_range_get_times (&self->range, self->from_us, self->to_us, &since_us, &until_us);
  show_range (self, since_us, until_us);
}

static void
tell (KelvinRunStrip *self)
{
  show_changed (self);
  g_signal_emit (self, signals[CHOSEN], 0, self->since_us, self->until_us);
}

static void
give_up (KelvinRunStrip *self)
{
  self->range.anchor = -1;
  tell (self);
}

static gboolean
key_pressed_cb (KelvinRunStrip *self, guint key, guint code, GdkModifierType modifiers)
{
  KelvinStripStep step =
      (modifiers & GDK_SHIFT_MASK) != 0 ? KELVIN_STRIP_EXTEND : KELVIN_STRIP_MOVE;
  int by = (modifiers & GDK_CONTROL_MASK) != 0 ? FAR : 1;

  switch (key)
    {
    case GDK_KEY_Left:
      kelvin_strip_range_step (&self->range, step, -by);
      break;
    case GDK_KEY_Right:
      kelvin_strip_range_step (&self->range, step, by);
      break;
    case GDK_KEY_Home:
      kelvin_strip_range_step (&self->range, step, -(int) self->range.n);
      break;
    case GDK_KEY_End:
      kelvin_strip_range_step (&self->range, step, (int) self->range.n);
      break;
    case GDK_KEY_Escape:
      if (kelvin_strip_range_is_empty (&self->range))
        return GDK_EVENT_PROPAGATE;
      give_up (self);
      return GDK_EVENT_STOP;
    default:
      return GDK_EVENT_PROPAGATE;
    }

  tell (self);
  return GDK_EVENT_STOP;
}

static void
drag_begin_cb (KelvinRunStrip *self, double x, double y)
{
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->drag_x = x;
}

static void
drag_update_cb (KelvinRunStrip *self, double by_x, double by_y)
{
  double width = MAX (gtk_widget_get_width (GTK_WIDGET (self)), 1);

  if (ABS (by_x) < SHORTEST_DRAG)
    return;

  kelvin_strip_range_span (&self->range, self->drag_x / width, (self->drag_x + by_x) / width);
  show_changed (self);
}

static void
drag_end_cb (KelvinRunStrip *self, double by_x, double by_y)
{
  if (ABS (by_x) < SHORTEST_DRAG)
    give_up (self);
  else
    tell (self);
}

static gboolean
query_tooltip_cb (KelvinRunStrip *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->slices == NULL || self->slices->len == 0 || width == 0 || x < 0 || x >= width)
    return FALSE;

  guint index = (guint) ((gint64) x * self->slices->len / width);
  const KelvinRunSlice *slice = &g_array_index (self->slices, KelvinRunSlice, index);
  gint64 at_us = self->from_us + (self->to_us - self->from_us) * index / self->slices->len;
  g_autofree char *when = kelvin_format_when_exactly (at_us, g_get_real_time ());
  /* Translators: an instant, a number of runs and how many of them failed */
  g_autofree char *text =
      g_strdup_printf (_ ("from %s: %u runs, %u failed"), when, slice->runs, slice->failed);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
kelvin_run_strip_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 60;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? HEIGHT : 400;
}

static void
kelvin_run_strip_dispose (GObject *object)
{
  KelvinRunStrip *self = KELVIN_RUN_STRIP (object);

  g_clear_pointer (&self->failed, gtk_widget_unparent);
  g_clear_pointer (&self->band, gtk_widget_unparent);
  g_clear_pointer (&self->slices, g_array_unref);

  G_OBJECT_CLASS (kelvin_run_strip_parent_class)->dispose (object);
}

static void
kelvin_run_strip_class_init (KelvinRunStripClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kelvin_run_strip_dispose;
  widget_class->snapshot = kelvin_run_strip_snapshot;
  widget_class->measure = kelvin_run_strip_measure;
  widget_class->size_allocate = kelvin_run_strip_size_allocate;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_INT64);

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "runstrip");
}

/* Keys go on from what is chosen, whoever chose it. */
static void
find_range (KelvinRunStrip *self)
{
  if (self->since_us >= 0 || self->until_us >= 0)
    kelvin_strip_range_set_times (&self->range, self->from_us, self->to_us, self->since_us,
                                  self->until_us);
  else
    self->range.anchor = -1;
}

static void
add_controllers (KelvinRunStrip *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

static void
kelvin_run_strip_init (KelvinRunStrip *self)
{
  self->since_us = self->until_us = -1;
  self->range.anchor = -1;
  self->failed = kelvin_hue_create_swatch (KELVIN_HUE_FAILED);
  gtk_widget_set_child_visible (self->failed, FALSE);
  gtk_widget_set_parent (self->failed, GTK_WIDGET (self));
  self->band = g_object_new (GTK_TYPE_BOX, "css-name", "band", "can-target", FALSE, NULL);
  gtk_widget_set_child_visible (self->band, FALSE);
  gtk_widget_set_parent (self->band, GTK_WIDGET (self));
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Runs over time"), -1);
  add_controllers (self);
}

void
kelvin_run_strip_set_slices (KelvinRunStrip *self, GArray *slices, gint64 from_us, gint64 to_us)
{
  g_return_if_fail (KELVIN_IS_RUN_STRIP (self));

  g_clear_pointer (&self->slices, g_array_unref);
  self->slices = g_array_ref (slices);
  self->from_us = from_us;
  self->to_us = to_us;
  self->range.n = slices->len;
  self->most = 0;
  for (guint i = 0; i < slices->len; i++)
    self->most = MAX (self->most, g_array_index (slices, KelvinRunSlice, i).runs);
  find_range (self);
  describe (self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

void
kelvin_run_strip_set_range (KelvinRunStrip *self, gint64 since_us, gint64 until_us)
{
  g_return_if_fail (KELVIN_IS_RUN_STRIP (self));

  show_range (self, since_us, until_us);
  find_range (self);
}
