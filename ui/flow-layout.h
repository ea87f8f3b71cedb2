#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Places children beside one another, each as wide as it likes, over as many lines as the width
 * needs. A layout manager for any widget with children. */
#define KELVIN_TYPE_FLOW_LAYOUT (kelvin_flow_layout_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFlowLayout, kelvin_flow_layout, KELVIN, FLOW_LAYOUT, GtkLayoutManager)

G_END_DECLS
