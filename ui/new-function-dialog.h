#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks for what `kelvin new` takes, and makes the function. Emits "created" (string: its folder).
 */
#define KELVIN_TYPE_NEW_FUNCTION_DIALOG (kelvin_new_function_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KelvinNewFunctionDialog, kelvin_new_function_dialog, KELVIN,
                      NEW_FUNCTION_DIALOG, AdwWindow)

GtkWidget *kelvin_new_function_dialog_new (GtkWindow *parent);

G_END_DECLS
