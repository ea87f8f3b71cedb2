#pragma once

#include <gtk/gtk.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* What came out of an invocation: its payload, its log, and what is known of its environment. */
#define KELVIN_TYPE_RESULT_TABS (kelvin_result_tabs_get_type ())
G_DECLARE_FINAL_TYPE (KelvinResultTabs, kelvin_result_tabs, KELVIN, RESULT_TABS, GtkWidget)

GtkWidget *kelvin_result_tabs_new (void);
/* @invocation: nullable */
/* @store: where the rest of what is known of it is; nullable, as @invocation */
void kelvin_result_tabs_set_invocation (KelvinResultTabs *self, KelvinStore *store,
                                        KelvinInvocation *invocation);

G_END_DECLS
