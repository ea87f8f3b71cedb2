#include "config.h"

#include "ui/charts/axis-marks.h"

#define TICK_HEIGHT 4
#define LABEL_GAP 2
#define PIXELS_A_TICK 72

guint
kelvin_axis_marks_count (float width)
{
  return (guint) CLAMP (width / PIXELS_A_TICK, 2, KELVIN_AXIS_MOST_TICKS);
}

float
kelvin_axis_marks_measure (GtkWidget *widget)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (widget, "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return TICK_HEIGHT + LABEL_GAP + height;
}

void
kelvin_axis_marks_clear (KelvinAxisMarks *self)
{
  for (guint i = 0; i < self->n; i++)
    g_clear_object (&self->labels[i]);
  self->n = 0;
}

void
kelvin_axis_marks_place (KelvinAxisMarks *self, GtkWidget *widget, const KelvinAxis *axis, float x,
                         float y, float width, float widget_width)
{
  kelvin_axis_marks_clear (self);
  self->n = axis->n_ticks;
  self->line = GRAPHENE_RECT_INIT (x, y, width, 1);

  for (guint i = 0; i < self->n; i++)
    {
      g_autofree char *text = kelvin_axis_dup_label (axis, i);
      int text_width;

      self->labels[i] = gtk_widget_create_pango_layout (widget, text);
      pango_layout_get_pixel_size (self->labels[i], &text_width, NULL);
      self->ticks[i] = x + width * (float) kelvin_axis_place (axis, kelvin_axis_get_tick (axis, i));
      self->label_points[i].x =
          CLAMP (self->ticks[i] - text_width / 2.f, 0, MAX (widget_width - text_width, 0));
      self->label_points[i].y = y + TICK_HEIGHT + LABEL_GAP;
    }
}

void
kelvin_axis_marks_snapshot (const KelvinAxisMarks *self, GtkSnapshot *snapshot, const GdkRGBA *line,
                            const GdkRGBA *text)
{
  gtk_snapshot_append_color (snapshot, line, &self->line);
  for (guint i = 0; i < self->n; i++)
    {
      gtk_snapshot_append_color (
          snapshot, line,
          &GRAPHENE_RECT_INIT (self->ticks[i] - .5f, self->line.origin.y, 1, TICK_HEIGHT));
      gtk_snapshot_save (snapshot);
      gtk_snapshot_translate (snapshot, &self->label_points[i]);
      gtk_snapshot_append_layout (snapshot, self->labels[i], text);
      gtk_snapshot_restore (snapshot);
    }
}
