#pragma once

#include <gtk/gtk.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* A function's files, one at a time, and its configuration. */
#define KELVIN_TYPE_CODE_PANE (kelvin_code_pane_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCodePane, kelvin_code_pane, KELVIN, CODE_PANE, GtkWidget)

void kelvin_code_pane_set_open_function (KelvinCodePane *self, KelvinOpenFunction *open_function);
/* @document: of the function */
void kelvin_code_pane_show_document (KelvinCodePane *self, KelvinDocument *document);
void kelvin_code_pane_show_line (KelvinCodePane *self, KelvinDocument *document, guint line);
void kelvin_code_pane_focus (KelvinCodePane *self);

G_END_DECLS
