#pragma once

#include <gtk/gtk.h>

#include "engine/history/store.h"
#include "ui/open-function.h"

G_BEGIN_DECLS

/* What came out of an invocation: its payload, its log, and what is known of its environment. */
#define KELVIN_TYPE_RESULT_TABS (kelvin_result_tabs_get_type ())
G_DECLARE_FINAL_TYPE (KelvinResultTabs, kelvin_result_tabs, KELVIN, RESULT_TABS, GtkWidget)

GtkWidget *kelvin_result_tabs_new (void);
/* @invocation: nullable */
/* @store: where the rest of what is known of it is; nullable, as @invocation */
void kelvin_result_tabs_set_invocation (KelvinResultTabs *self, KelvinStore *store,
                                        KelvinInvocation *invocation);
/* What can be changed after reading it: a door that was missing. Nullable, before the invocation.
 */
void kelvin_result_tabs_set_open_function (KelvinResultTabs *self,
                                           KelvinOpenFunction *open_function);

G_END_DECLS
