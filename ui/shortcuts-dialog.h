#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The keys of the window, in groups. */
#define KELVIN_TYPE_SHORTCUTS_DIALOG (kelvin_shortcuts_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KelvinShortcutsDialog, kelvin_shortcuts_dialog, KELVIN, SHORTCUTS_DIALOG,
                      AdwWindow)

GtkWidget *kelvin_shortcuts_dialog_new (GtkWindow *parent);

G_END_DECLS
