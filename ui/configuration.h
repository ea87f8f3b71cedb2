#pragma once

#include "engine/model/function.h"
#include "ui/document.h"

G_BEGIN_DECLS

/* What the document of function.json says, saved or not: its text is the one truth, forms edit it
 * and the function is read from it. Properties: "function" (KelvinFunction, nullable): the last one
 * that the text was right for; "problem" (nullable): what is wrong with it now. */
#define KELVIN_TYPE_CONFIGURATION (kelvin_configuration_get_type ())
G_DECLARE_FINAL_TYPE (KelvinConfiguration, kelvin_configuration, KELVIN, CONFIGURATION, GObject)

/* Begins to read the document. */
KelvinConfiguration *kelvin_configuration_new (const char *dir, KelvinDocument *document);

KelvinDocument *kelvin_configuration_get_document (KelvinConfiguration *self);
KelvinFunction *kelvin_configuration_get_function (KelvinConfiguration *self);
const char *kelvin_configuration_get_problem (KelvinConfiguration *self);
/* Is there nothing in the file, or no file? */
gboolean kelvin_configuration_is_empty (KelvinConfiguration *self);

/* As kelvin_function_edit, into the document's text. There must be a function. */
gboolean kelvin_configuration_edit (KelvinConfiguration *self, const char *path, JsonNode *value,
                                    GError **error);

G_END_DECLS
