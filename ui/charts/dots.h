#pragma once

#include "ui/charts/chart.h"

G_BEGIN_DECLS

/* Every sample a dot, a row for each kind, all on one axis, with a mark at each row's median. */
#define KELVIN_TYPE_DOTS (kelvin_dots_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDots, kelvin_dots, KELVIN, DOTS, KelvinChart)

typedef struct {
  const char *label; /* "init" */
  KelvinHue hue;
  const double *samples; /* milliseconds, in the order in which they were measured */
  gsize n;
} KelvinDotsRow;

GtkWidget *kelvin_dots_new (void);

/* Copies what it needs. Rows without samples are left out. */
void kelvin_dots_set_rows (KelvinDots *self, const KelvinDotsRow *rows, guint n);

G_END_DECLS
