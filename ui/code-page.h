#pragma once

#include <adwaita.h>

#include "ui/open-function.h"

G_BEGIN_DECLS

/* Code, event and result of one function. */
#define KELVIN_TYPE_CODE_PAGE (kelvin_code_page_get_type ())
G_DECLARE_FINAL_TYPE (KelvinCodePage, kelvin_code_page, KELVIN, CODE_PAGE, AdwBin)

GtkWidget *kelvin_code_page_new (KelvinEngine *engine);
void kelvin_code_page_set_open_function (KelvinCodePage *self, KelvinOpenFunction *open_function);
/* For the header bar. (transfer none) */
GtkWidget *kelvin_code_page_get_header_controls (KelvinCodePage *self);
void kelvin_code_page_set_narrow (KelvinCodePage *self, gboolean narrow);
/* @document: one of the code of the function that is shown */
void kelvin_code_page_show_document (KelvinCodePage *self, KelvinDocument *document);
/* The same, with the cursor at the beginning of a line, from 1 on. */
void kelvin_code_page_show_line (KelvinCodePage *self, KelvinDocument *document, guint line);
void kelvin_code_page_focus (KelvinCodePage *self);

G_END_DECLS
