#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* What a function's calls cost: the arithmetic of its last ones, and a month of them. */
#define KELVIN_TYPE_COSTS_PAGE (kelvin_costs_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCostsPage, kelvin_costs_page, KELVIN, COSTS_PAGE, AdwBin)

GtkWidget *kelvin_costs_page_new (KelvinEngine *engine);

/* The function that the page is about, as its configuration stands now; both are NULL for none. */
void kelvin_costs_page_set_function (KelvinCostsPage *self, const char *function_dir,
                                     KelvinFunction *function);

G_END_DECLS
