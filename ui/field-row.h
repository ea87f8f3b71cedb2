#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

typedef enum {
  KELVIN_FIELD_TEXT,
  KELVIN_FIELD_NUMBER,
  KELVIN_FIELD_LIST, /* of texts, with commas between */
} KelvinFieldKind;
#define KELVIN_TYPE_FIELD_KIND (kelvin_field_kind_get_type ())
GType kelvin_field_kind_get_type (void);

/* A member of function.json to be edited; what is wrong with a value is said in its place, and a
 * right one is taken at once. Properties: "path" (dotted, as in kelvin_function_edit), "kind",
 * "usual": what stands there where function.json says nothing, "label". */
#define KELVIN_TYPE_FIELD_ROW (kelvin_field_row_get_type ())
G_DECLARE_FINAL_TYPE (KelvinFieldRow, kelvin_field_row, KELVIN, FIELD_ROW, AdwEntryRow)

GtkWidget *kelvin_field_row_new (const char *path, const char *label);
const char *kelvin_field_row_get_path (KelvinFieldRow *self);
void kelvin_field_row_set_open_function (KelvinFieldRow *self, KelvinOpenFunction *open_function);

/* The member of a document at a dotted path; NULL where there is none. (transfer none) */
JsonNode *kelvin_field_find (JsonNode *document, const char *path);

G_END_DECLS
