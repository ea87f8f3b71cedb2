#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A number that is turned often, in the header: its name, its value, and a popover to change it.
 * Emits "chosen" (uint) when a person chose another value. */
#define KELVIN_TYPE_QUANTITY_BUTTON (kelvin_quantity_button_get_type ())
G_DECLARE_FINAL_TYPE (KelvinQuantityButton, kelvin_quantity_button, KELVIN, QUANTITY_BUTTON,
                      GtkWidget)

/* Properties for a .ui file: "label" ("Memory"), "unit" ("MB"; "" for a count), "lowest",
 * "highest", "step". */
/* What a person turned it to, though it may not have been told yet. */
guint kelvin_quantity_button_get_value (KelvinQuantityButton *self);
void kelvin_quantity_button_set_value (KelvinQuantityButton *self, guint value);

G_END_DECLS
