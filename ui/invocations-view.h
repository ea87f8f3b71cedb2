#pragma once

#include <adwaita.h>

#include "engine/history/store.h"
#include "ui/run-query.h"

G_BEGIN_DECLS

/* The newest invocations that a query finds, over all runs. Emits "chosen" with a KelvinInvocation,
 * and "listed" when it has found them. */
#define KELVIN_TYPE_INVOCATIONS_VIEW (kelvin_invocations_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinInvocationsView, kelvin_invocations_view, KELVIN, INVOCATIONS_VIEW,
                      AdwBin)

void kelvin_invocations_view_search (KelvinInvocationsView *self, KelvinStore *store,
                                     const KelvinRunQuery *query);
/* The function's name is shown where there are several; with little room what matters less isn't.
 */
void kelvin_invocations_view_arrange (KelvinInvocationsView *self, gboolean all_functions,
                                      gboolean narrow);
/* "258 invocations", or what went wrong. (transfer full) */
char *kelvin_invocations_view_describe (KelvinInvocationsView *self);

G_END_DECLS
