#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

/* What this machine holds functions to: each limit, by what; the runtimes that were found; what is
 * missing and how to get it. The same as `kelvin doctor`. */
#define KELVIN_TYPE_MACHINE_PAGE (kelvin_machine_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinMachinePage, kelvin_machine_page, KELVIN, MACHINE_PAGE, AdwBin)

GtkWidget *kelvin_machine_page_new (KelvinEngine *engine);

G_END_DECLS
