#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* What passed through doors in an invocation, and which names no door leads to. */
#define KELVIN_TYPE_CONNECTIONS_VIEW (kelvin_connections_view_get_type ())
G_DECLARE_FINAL_TYPE (KelvinConnectionsView, kelvin_connections_view, KELVIN, CONNECTIONS_VIEW,
                      GtkWidget)

/* The function that a missing door can be added to; nullable: none is offered. */
void kelvin_connections_view_set_open_function (KelvinConnectionsView *self,
                                                KelvinOpenFunction *open_function);
/* @invocation: nullable */
void kelvin_connections_view_set_invocation (KelvinConnectionsView *self,
                                             KelvinInvocation *invocation);

G_END_DECLS
