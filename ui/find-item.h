#pragma once

#include "engine/model/run.h"
#include "ui/action-table.h"
#include "ui/document.h"
#include "ui/open-function.h"

G_BEGIN_DECLS

/* In the order in which equally good matches are listed. */
typedef enum {
  KELVIN_FIND_FUNCTION,
  KELVIN_FIND_PAGE,
  KELVIN_FIND_WORKBENCH_PAGE,
  KELVIN_FIND_ACTION,
  KELVIN_FIND_FILE,
  KELVIN_FIND_EVENT,
  KELVIN_FIND_RUN,
} KelvinFindKind;

/* Something that "Find anything" finds. Properties: "title", "subtitle" and "hint": what it is
 * called, where it belongs, and what kind of thing it is or which keys do the same. */
#define KELVIN_TYPE_FIND_ITEM (kelvin_find_item_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFindItem, kelvin_find_item, KELVIN, FIND_ITEM, GObject)

KelvinFindItem *kelvin_find_item_new_function (KelvinOpenFunction *open_function);
/* @kind: KELVIN_FIND_FILE or KELVIN_FIND_EVENT */
KelvinFindItem *kelvin_find_item_new_document (KelvinFindKind kind,
                                               KelvinOpenFunction *open_function,
                                               KelvinDocument *document);
/* @kind: KELVIN_FIND_PAGE, then @open_function is what it is about, or KELVIN_FIND_WORKBENCH_PAGE
 */
KelvinFindItem *kelvin_find_item_new_page (KelvinFindKind kind, const char *name, const char *title,
                                           KelvinOpenFunction *open_function);
KelvinFindItem *kelvin_find_item_new_action (const KelvinActionEntry *entry);
KelvinFindItem *kelvin_find_item_new_run (KelvinRun *run, gint64 now_us);

KelvinFindKind kelvin_find_item_get_kind (KelvinFindItem *self);
const char *kelvin_find_item_get_title (KelvinFindItem *self);
KelvinOpenFunction *kelvin_find_item_get_open_function (KelvinFindItem *self); /* nullable */
KelvinDocument *kelvin_find_item_get_document (KelvinFindItem *self);          /* nullable */
/* Of a page, or the detailed name of an action; NULL for others. */
const char *kelvin_find_item_get_name (KelvinFindItem *self);
KelvinRun *kelvin_find_item_get_run (KelvinFindItem *self); /* nullable */
/* As a screen reader says it: "app.py, thumbnails, file". (transfer full) */
char *kelvin_find_item_describe (KelvinFindItem *self);

/* How well the words fit, 0 being best; -1: not all of them are in it. @words: casefolded */
int kelvin_find_item_rank (KelvinFindItem *self, const char *const *words);

G_END_DECLS
