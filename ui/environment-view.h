#pragma once

#include <gtk/gtk.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* The environment that served an invocation: its limits beside what was used of them, and what it
 * went through in that run. */
#define KELVIN_TYPE_ENVIRONMENT_VIEW (kelvin_environment_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinEnvironmentView, kelvin_environment_view, KELVIN, ENVIRONMENT_VIEW,
                      GtkWidget)

/* @invocation: nullable; @store: where its transitions are, nullable: then they aren't shown */
void kelvin_environment_view_set_invocation (KelvinEnvironmentView *self, KelvinStore *store,
                                             KelvinInvocation *invocation);

G_END_DECLS
