#include "config.h"

#include "ui/charts/legend.h"

#define SQUARE 12
#define SQUARE_GAP 6
#define ENTRY_GAP 20

guint
kelvin_legend_flow (const float *widths, guint n, float width, float line_height,
                    graphene_point_t *out_points)
{
  float x = 0;
  guint line = 0;

  for (guint i = 0; i < n; i++)
    {
      if (x > 0 && x + widths[i] > width)
        {
          x = 0;
          line++;
        }
      out_points[i] = GRAPHENE_POINT_INIT (x, line * line_height);
      x += widths[i] + ENTRY_GAP;
    }

  return n > 0 ? line + 1 : 0;
}

void
kelvin_legend_add (KelvinLegend *self, GtkWidget *widget, KelvinHue hue, const char *label)
{
  int width, height;

  g_return_if_fail (self->n < KELVIN_LEGEND_MOST);

  PangoLayout *layout = gtk_widget_create_pango_layout (widget, label);
  pango_layout_get_pixel_size (layout, &width, &height);
  self->labels[self->n] = layout;
  self->hues[self->n] = hue;
  self->widths[self->n] = SQUARE + SQUARE_GAP + width;
  self->line_height = MAX (height, SQUARE) + 4;
  self->n++;
}

void
kelvin_legend_clear (KelvinLegend *self)
{
  for (guint i = 0; i < self->n; i++)
    g_clear_object (&self->labels[i]);
  self->n = 0;
}

float
kelvin_legend_measure (const KelvinLegend *self, float width, float *out_end)
{
  graphene_point_t points[KELVIN_LEGEND_MOST];
  guint lines = kelvin_legend_flow (self->widths, self->n, width, self->line_height, points);

  *out_end = self->n > 0 ? points[self->n - 1].x + self->widths[self->n - 1] : 0;
  return self->line_height * lines;
}

void
kelvin_legend_place (KelvinLegend *self, float width)
{
  kelvin_legend_flow (self->widths, self->n, width, self->line_height, self->points);
}

void
kelvin_legend_snapshot (const KelvinLegend *self, KelvinChart *chart, GtkSnapshot *snapshot,
                        float x, float y)
{
  GdkRGBA text;

  kelvin_chart_get_dim_color (chart, &text);
  for (guint i = 0; i < self->n; i++)
    {
      graphene_point_t point = GRAPHENE_POINT_INIT (x + self->points[i].x, y + self->points[i].y);

      kelvin_chart_append_bar (chart, snapshot, self->hues[i],
                               &GRAPHENE_RECT_INIT (point.x,
                                                    point.y + (self->line_height - SQUARE) / 2,
                                                    SQUARE, SQUARE));
      kelvin_chart_append_text (snapshot, self->labels[i],
                                &GRAPHENE_POINT_INIT (point.x + SQUARE + SQUARE_GAP, point.y + 2),
                                &text);
    }
}
