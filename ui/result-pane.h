#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* How the last run of a function went: the time that was waited, in words and beside its company.
 */
#define KELVIN_TYPE_RESULT_PANE (kelvin_result_pane_get_type ())
G_DECLARE_FINAL_TYPE (KelvinResultPane, kelvin_result_pane, KELVIN, RESULT_PANE, GtkWidget)

void kelvin_result_pane_set_engine (KelvinResultPane *self, KelvinEngine *engine);
void kelvin_result_pane_set_open_function (KelvinResultPane *self,
                                           KelvinOpenFunction *open_function);

G_END_DECLS
