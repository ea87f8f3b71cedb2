#pragma once

#include <adwaita.h>

#include "engine/engine.h"

G_BEGIN_DECLS

#define KELVIN_TYPE_WINDOW (kelvin_window_get_type ())
G_DECLARE_FINAL_TYPE (KelvinWindow, kelvin_window, KELVIN, WINDOW, AdwApplicationWindow)

/* Opens the functions that were open the last time. */
GtkWidget *kelvin_window_new (GtkApplication *application, KelvinEngine *engine,
                              const char *data_dir);

/* Opens the function in a folder, or shows it where it is open already. */
void kelvin_window_open_folder (KelvinWindow *self, const char *dir);
/* What is wrong with the workbench itself; stays in sight. */
void kelvin_window_show_problem (KelvinWindow *self, const char *problem);

G_END_DECLS
