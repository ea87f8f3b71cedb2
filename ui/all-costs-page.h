#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* What all that was run here would have cost on the service, function by function. */
#define KELVIN_TYPE_ALL_COSTS_PAGE (kelvin_all_costs_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinAllCostsPage, kelvin_all_costs_page, KELVIN, ALL_COSTS_PAGE, AdwBin)

GtkWidget *kelvin_all_costs_page_new (KelvinEngine *engine);

G_END_DECLS
