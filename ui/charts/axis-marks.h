#pragma once

#include <gtk/gtk.h>

#include "ui/charts/axis.h"

G_BEGIN_DECLS

/* The drawn part of an axis: a line, its ticks and their labels, laid out when the size changes. */
typedef struct {
  PangoLayout *labels[KELVIN_AXIS_MOST_TICKS];
  graphene_point_t label_points[KELVIN_AXIS_MOST_TICKS];
  float ticks[KELVIN_AXIS_MOST_TICKS]; /* x */
  guint n;
  graphene_rect_t line;
} KelvinAxisMarks;

/* How many ticks go well on @width. */
guint kelvin_axis_marks_count (float width);
/* The height that line, ticks and labels take. */
float kelvin_axis_marks_measure (GtkWidget *widget);

/* Lays @axis out along @width from (@x, @y), no label beyond the widget's edges. */
void kelvin_axis_marks_place (KelvinAxisMarks *self, GtkWidget *widget, const KelvinAxis *axis,
                              float x, float y, float width, float widget_width);
void kelvin_axis_marks_snapshot (const KelvinAxisMarks *self, GtkSnapshot *snapshot,
                                 const GdkRGBA *line, const GdkRGBA *text);
void kelvin_axis_marks_clear (KelvinAxisMarks *self);

G_END_DECLS
