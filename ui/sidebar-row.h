#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* A function in the sidebar: how it stands, its name, its runtime and memory. */
#define KELVIN_TYPE_SIDEBAR_ROW (kelvin_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (KelvinSidebarRow, kelvin_sidebar_row, KELVIN, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget *kelvin_sidebar_row_new (KelvinOpenFunction *open_function);
KelvinOpenFunction *kelvin_sidebar_row_get_open_function (KelvinSidebarRow *self);

G_END_DECLS
