#include "config.h"

#include "ui/charts/chart.h"

#include "ui/compat.h"

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

PangoLayout *
kelvin_chart_create_bold_layout (KelvinChart *self, const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr (PangoAttrList) attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_weight_new (PANGO_WEIGHT_BOLD));
  pango_layout_set_attributes (layout, attributes);
  return layout;
}
