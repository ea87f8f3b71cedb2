#pragma once

#include <gtk/gtk.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* One run of the history: how it went, where its median starts' time went, and its invocations. */
#define KELVIN_TYPE_RUN_DETAILS (kelvin_run_details_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunDetails, kelvin_run_details, KELVIN, RUN_DETAILS, GtkWidget)

/* @run: nullable. A load offers its lanes, by the action win.show-load, where that is enabled. */
void kelvin_run_details_set_run (KelvinRunDetails *self, KelvinStore *store, KelvinRun *run);

/* Shows this invocation of the run, once they are listed. */
void kelvin_run_details_choose (KelvinRunDetails *self, guint64 number);

G_END_DECLS
