#pragma once

#include <gtk/gtk.h>

#include "ui/find-list.h"

G_BEGIN_DECLS

/* "Find anything": words above, what fits them below, to be gone through by keyboard alone. Emits
 * "chosen" with a KelvinFindItem. */
#define KELVIN_TYPE_FINDER (kelvin_finder_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFinder, kelvin_finder, KELVIN, FINDER, GtkPopover)

/* @parent: at whose upper edge it opens */
GtkWidget *kelvin_finder_new (GtkWidget *parent, KelvinEngine *engine);
void kelvin_finder_open (KelvinFinder *self, GListModel *functions, KelvinOpenFunction *selected,
                         gboolean running);

G_END_DECLS
