#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* The open functions, and below them the pages about the whole workbench. Properties: "selected"
 * (KelvinOpenFunction, nullable: then a page of the workbench is shown). Emits "workbench" with the
 * KelvinWorkbenchPage that is chosen. */
#define KELVIN_TYPE_SIDEBAR (kelvin_sidebar_get_type ())
G_DECLARE_FINAL_TYPE (KelvinSidebar, kelvin_sidebar, KELVIN, SIDEBAR, GtkWidget)

/* @functions: (element-type KelvinOpenFunction) */
void kelvin_sidebar_set_functions (KelvinSidebar *self, GListModel *functions);
void kelvin_sidebar_select (KelvinSidebar *self, KelvinOpenFunction *open_function);
/* @name: of a KelvinWorkbenchPage */
void kelvin_sidebar_select_workbench (KelvinSidebar *self, const char *name);
KelvinOpenFunction *kelvin_sidebar_get_selected (KelvinSidebar *self);

G_END_DECLS
