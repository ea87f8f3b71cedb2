#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* Shared by chart.c, which is the type, and chart-input.c, which is its keyboard and pointer. */

#define KELVIN_CHART_NO_ITEM (-1)

typedef struct {
  GtkWidget *swatches[KELVIN_N_HUES]; /* never drawn: the style's colours are read from them */
  GtkWidget *tip;                     /* a label beside the cursor; NULL without one */
  char *description;
  int cursor;
  KelvinView view;
  double pointer_x;
} KelvinChartPrivate;

KelvinChartPrivate *kelvin_chart_get_private (KelvinChart *self);

void kelvin_chart_set_cursor (KelvinChart *self, int item);
void kelvin_chart_show_table (KelvinChart *self);

void kelvin_chart_add_bindings (GtkWidgetClass *widget_class);
void kelvin_chart_add_controllers (KelvinChart *self);

G_END_DECLS
