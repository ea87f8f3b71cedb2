#pragma once

#include <gtk/gtk.h>

#include "ui/charts/chart.h"

G_BEGIN_DECLS

#define KELVIN_LEGEND_MOST 8

/* Coloured squares with their meaning, flowing over as many lines as the width needs. */
typedef struct {
  PangoLayout *labels[KELVIN_LEGEND_MOST];
  KelvinHue hues[KELVIN_LEGEND_MOST];
  float widths[KELVIN_LEGEND_MOST];
  graphene_point_t points[KELVIN_LEGEND_MOST];
  guint n;
  float line_height;
} KelvinLegend;

/* Places entries of @widths into lines of @width; returns the number of lines. Pure. */
guint kelvin_legend_flow (const float *widths, guint n, float width, float line_height,
                          graphene_point_t *out_points);

void kelvin_legend_add (KelvinLegend *self, GtkWidget *widget, KelvinHue hue, const char *label);
void kelvin_legend_clear (KelvinLegend *self);
/* The height over @width, and where the last entry ends on the last line. */
float kelvin_legend_measure (const KelvinLegend *self, float width, float *out_end);
/* Sets the places of the entries, relative to the legend's corner. */
void kelvin_legend_place (KelvinLegend *self, float width);
void kelvin_legend_snapshot (const KelvinLegend *self, KelvinChart *chart, GtkSnapshot *snapshot,
                             float x, float y);

G_END_DECLS
