#pragma once

#include "ui/configuration.h"

G_BEGIN_DECLS

/* Kelvin.Doors in the document of function.json. Each is an edit that can be undone there; what it
 * doesn't touch stays as it is. There must be a function. */

/* Takes another name than @door's where that is taken. */
gboolean kelvin_door_edit_add (KelvinConfiguration *configuration, const KelvinDoor *door,
                               GError **error);
gboolean kelvin_door_edit_remove (KelvinConfiguration *configuration, guint index, GError **error);
/* @value: (transfer full); NULL removes the member. */
gboolean kelvin_door_edit_set (KelvinConfiguration *configuration, guint index, const char *member,
                               JsonNode *value, GError **error);

G_END_DECLS
