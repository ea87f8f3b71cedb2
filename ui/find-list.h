#pragma once

#include "engine/engine.h"
#include "ui/find-item.h"

G_BEGIN_DECLS

/* What fits the words that are looked for, the best first: a GListModel of KelvinFindItem. */
#define KELVIN_TYPE_FIND_LIST (kelvin_find_list_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFindList, kelvin_find_list, KELVIN, FIND_LIST, GObject)

KelvinFindList *kelvin_find_list_new (KelvinEngine *engine);

/* Takes anew what can be found: @functions (element-type KelvinOpenFunction), their files and
 * events, the pages, what can be done, and, once they are read, the newest runs of the history.
 * @selected: nullable; @running: something is to be ended */
void kelvin_find_list_gather (KelvinFindList *self, GListModel *functions,
                              KelvinOpenFunction *selected, gboolean running);
void kelvin_find_list_clear (KelvinFindList *self);
void kelvin_find_list_search (KelvinFindList *self, const char *text);

G_END_DECLS
