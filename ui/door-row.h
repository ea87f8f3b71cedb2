#pragma once

#include <adwaita.h>

#include "ui/configuration.h"

G_BEGIN_DECLS

/* A door of a function to be edited: where it leads, and what it does on the way. */
#define KELVIN_TYPE_DOOR_ROW (kelvin_door_row_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDoorRow, kelvin_door_row, KELVIN, DOOR_ROW, AdwExpanderRow)

/* The door @index of the configuration's function. */
GtkWidget *kelvin_door_row_new (KelvinConfiguration *configuration, guint index);
/* Shows what the function says now; what is being edited stays. */
void kelvin_door_row_update (KelvinDoorRow *self);

G_END_DECLS
