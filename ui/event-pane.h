#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The event that a function is run with: one of its test events, or a new one from a sample. */
#define KELVIN_TYPE_EVENT_PANE (kelvin_event_pane_get_type ())
G_DECLARE_FINAL_TYPE (KelvinEventPane, kelvin_event_pane, KELVIN, EVENT_PANE, GtkWidget)

void kelvin_event_pane_set_open_function (KelvinEventPane *self, KelvinOpenFunction *open_function);

G_END_DECLS
