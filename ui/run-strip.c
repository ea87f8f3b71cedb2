#include "config.h"

#include "ui/run-strip.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "engine/history/store.h"
#include "ui/charts/hue.h"
#include "ui/compat.h"
#include "ui/when.h"

#define HEIGHT 44
#define GAP 2.0f

struct _KelvinRunStrip {
  GtkWidget parent_instance;

  GtkWidget *failed; /* a swatch: where the colour comes from */
  GArray *slices;    /* of KelvinRunSlice; nullable */
  gint64 from_us;
  gint64 to_us;
  guint most;
};

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

static gboolean
query_tooltip_cb (KelvinRunStrip *self, int x, int y, gboolean keyboard, GtkTooltip *tooltip)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));

  if (self->slices == NULL || self->slices->len == 0 || width == 0 || x < 0 || x >= width)
    return FALSE;

  guint index = (guint) ((gint64) x * self->slices->len / width);
  const KelvinRunSlice *slice = &g_array_index (self->slices, KelvinRunSlice, index);
  gint64 at_us = self->from_us + (self->to_us - self->from_us) * index / self->slices->len;
  g_autofree char *when = kelvin_format_when (at_us, g_get_real_time ());
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

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_set_css_name (widget_class, "runstrip");
}

static void
kelvin_run_strip_init (KelvinRunStrip *self)
{
  self->failed = kelvin_hue_create_swatch (KELVIN_HUE_FAILED);
  gtk_widget_set_child_visible (self->failed, FALSE);
  gtk_widget_set_parent (self->failed, GTK_WIDGET (self));
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  g_signal_connect (self, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Runs over time"), -1);
}

static void
describe (KelvinRunStrip *self)
{
  guint runs = 0, failed = 0;

  self->most = 0;
  for (guint i = 0; i < self->slices->len; i++)
    {
      const KelvinRunSlice *slice = &g_array_index (self->slices, KelvinRunSlice, i);

      runs += slice->runs;
      failed += slice->failed;
      self->most = MAX (self->most, slice->runs);
    }

  g_autofree char *from = kelvin_format_when (self->from_us, g_get_real_time ());
  g_autofree char *to = kelvin_format_when (self->to_us, g_get_real_time ());
  /* Translators: a number of runs, how many of them failed, and two instants */
  g_autofree char *text =
      g_strdup_printf (_ ("%u runs, %u failed, from %s to %s"), runs, failed, from, to);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

void
kelvin_run_strip_set_slices (KelvinRunStrip *self, GArray *slices, gint64 from_us, gint64 to_us)
{
  g_return_if_fail (KELVIN_IS_RUN_STRIP (self));

  g_clear_pointer (&self->slices, g_array_unref);
  self->slices = g_array_ref (slices);
  self->from_us = from_us;
  self->to_us = to_us;
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
