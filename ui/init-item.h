#pragma once

#include <gtk/gtk.h>

#include "ui/init-code.h"

G_BEGIN_DECLS

/* A row of the table of init code. */
#define KELVIN_TYPE_INIT_ITEM (kelvin_init_item_get_type ())
G_DECLARE_FINAL_TYPE (KelvinInitItem, kelvin_init_item, KELVIN, INIT_ITEM, GObject)

/* @share: of the largest self time, 0 … 1 */
KelvinInitItem *kelvin_init_item_new (const KelvinInitPart *part, double share);

const char *kelvin_init_item_get_name (KelvinInitItem *self);
double kelvin_init_item_get_self_ms (KelvinInitItem *self);
double kelvin_init_item_get_whole_ms (KelvinInitItem *self);
double kelvin_init_item_get_share (KelvinInitItem *self);
KelvinInitPartKind kelvin_init_item_get_kind (KelvinInitItem *self);
/* "yours, line 3", "inside PIL.Image" */
const char *kelvin_init_item_get_origin (KelvinInitItem *self);
/* NULL: it leads nowhere. */
const char *kelvin_init_item_get_file (KelvinInitItem *self);
guint kelvin_init_item_get_line (KelvinInitItem *self);

/* What a part is, beside its times: memory, size, whether it was compiled. (transfer full)
 * (nullable) */
char *kelvin_init_part_describe (const KelvinInitPart *part);
/* (transfer full) */
char *kelvin_init_part_describe_origin (const KelvinInitPart *part);

G_END_DECLS
