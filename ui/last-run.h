#pragma once

#include "engine/engine.h"

G_BEGIN_DECLS

/* The newest run of a function in the history; waits until that is open. */
void kelvin_last_run_find_async (KelvinEngine *engine, const char *function_name,
                                 GCancellable *cancellable, GAsyncReadyCallback callback,
                                 gpointer user_data);
/* NULL without an error: it was never run. */
KelvinRun *kelvin_last_run_find_finish (GAsyncResult *result, GError **error);

G_END_DECLS
