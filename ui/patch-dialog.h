#pragma once

#include <adwaita.h>

#include "ui/document-set.h"

G_BEGIN_DECLS

/* Shows what a change would do to files, and applies it as edits that can be undone, or discards
 * it. Emits "applied" (KelvinDocument: the first that was changed). */
#define KELVIN_TYPE_PATCH_DIALOG (kelvin_patch_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KelvinPatchDialog, kelvin_patch_dialog, KELVIN, PATCH_DIALOG, AdwWindow)

/* @patches: a(sss), for each file its name among @documents, the digest (SHA-256, hex) of the text
 * that it was made from, and its new text. NULL where a file isn't there or is another one by now;
 * then *out_problem (transfer full) says so. */
GtkWidget *kelvin_patch_dialog_new (GtkWindow *parent, const char *title,
                                    KelvinDocumentSet *documents, GVariant *patches,
                                    char **out_problem);

G_END_DECLS
