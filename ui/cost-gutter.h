#pragma once

#include <gtksourceview/gtksource.h>

#include "ui/line-costs.h"

G_BEGIN_DECLS

/* Beside the lines of a document, what each costs at a cold start: "12.3 ms of init". Gone as soon
 * as the line changes; it moves with its line. */
#define KELVIN_TYPE_COST_GUTTER (kelvin_cost_gutter_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCostGutter, kelvin_cost_gutter, KELVIN, COST_GUTTER,
                      GtkSourceGutterRenderer)

/* @file: as the document is called below the function's folder. */
GtkSourceGutterRenderer *kelvin_cost_gutter_new (GtkSourceBuffer *buffer, const char *file);
/* @costs: nullable */
void kelvin_cost_gutter_set_line_costs (KelvinCostGutter *self, KelvinLineCosts *costs);

G_END_DECLS
