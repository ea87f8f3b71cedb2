#pragma once

#include <gtk/gtk.h>

#include "ui/document.h"
#include "ui/line-costs.h"

G_BEGIN_DECLS

/* A view of one document at a time, with what has to be said about its file above it. */
#define KELVIN_TYPE_CODE_EDITOR (kelvin_code_editor_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCodeEditor, kelvin_code_editor, KELVIN, CODE_EDITOR, GtkWidget)

/* Properties for a .ui file: "line-numbers"; "label": its name to assistive technology. */
void kelvin_code_editor_set_document (KelvinCodeEditor *self, KelvinDocument *document);
/* What its lines cost is shown beside them; NULL: nothing is. */
void kelvin_code_editor_set_line_costs (KelvinCodeEditor *self, KelvinLineCosts *costs);
KelvinDocument *kelvin_code_editor_get_document (KelvinCodeEditor *self);
/* Places the cursor at the beginning of a line of the document, from 1 on, brings it into sight,
 * and takes the focus. */
void kelvin_code_editor_show_line (KelvinCodeEditor *self, guint line);
void kelvin_code_editor_focus (KelvinCodeEditor *self);

G_END_DECLS
