#pragma once

#include "engine/history/store.h"
#include "ui/run-query.h"

G_BEGIN_DECLS

/* A run as an item of a list: made on demand. */
#define KELVIN_TYPE_RUN_ITEM (kelvin_run_item_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunItem, kelvin_run_item, KELVIN, RUN_ITEM, GObject)
KelvinRun *kelvin_run_item_get_run (KelvinRunItem *self);

/* The runs of the history that a query finds, newest first, a page at a time: a GListModel of
 * KelvinRunItem. Properties: "loading"; "problem" (nullable). */
#define KELVIN_TYPE_RUN_LIST (kelvin_run_list_get_type ())
G_DECLARE_FINAL_TYPE (KelvinRunList, kelvin_run_list, KELVIN, RUN_LIST, GObject)

KelvinRunList *kelvin_run_list_new (void);
/* Begins anew; what is shown stays until the first page is there. @query: (transfer full) */
void kelvin_run_list_search (KelvinRunList *self, KelvinStore *store, KelvinRunQuery *query);
/* The next page, where there is one and none is on its way. */
void kelvin_run_list_load_more (KelvinRunList *self);
gboolean kelvin_run_list_has_more (KelvinRunList *self);
gboolean kelvin_run_list_is_loading (KelvinRunList *self);
const char *kelvin_run_list_get_problem (KelvinRunList *self);

G_END_DECLS
