#pragma once

#include <adwaita.h>

#include "engine/load.h"

G_BEGIN_DECLS

/* What became of a load, while it runs and afterwards: the lanes of its environments, the latency
 * of each event, its sums, and the invocation that a person opened. */
#define KELVIN_TYPE_LOAD_VIEW (kelvin_load_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinLoadView, kelvin_load_view, KELVIN, LOAD_VIEW, AdwBin)

void kelvin_load_view_set_engine (KelvinLoadView *self, KelvinEngine *engine);

/* A load begins: what was shown is gone. */
void kelvin_load_view_begin (KelvinLoadView *self);
void kelvin_load_view_add (KelvinLoadView *self, const KelvinLoadBatch *batch);
void kelvin_load_view_end (KelvinLoadView *self, const KelvinLoadResult *result);

/* Shows one of the history: its figures at once, its lanes as they are read. */
void kelvin_load_view_show_run (KelvinLoadView *self, KelvinRun *run);

G_END_DECLS
