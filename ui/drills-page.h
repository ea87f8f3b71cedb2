#pragma once

#include <adwaita.h>

#include "engine/drill.h"

G_BEGIN_DECLS

/* Failure scenarios, played on one of the open functions, with and without what helps. */
#define KELVIN_TYPE_DRILLS_PAGE (kelvin_drills_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDrillsPage, kelvin_drills_page, KELVIN, DRILLS_PAGE, AdwBin)

GtkWidget *kelvin_drills_page_new (KelvinEngine *engine);
/* Of KelvinOpenFunction. */
void kelvin_drills_page_set_functions (KelvinDrillsPage *self, GListModel *functions);

G_END_DECLS
