#pragma once

#include "ui/document.h"

G_BEGIN_DECLS

/* Documents that are opened, listed and saved together. Property: "modified": any of them is. */
#define KELVIN_TYPE_DOCUMENT_SET (kelvin_document_set_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDocumentSet, kelvin_document_set, KELVIN, DOCUMENT_SET, GObject)

KelvinDocumentSet *kelvin_document_set_new (const char *drafts_dir);

/* (transfer none) (element-type KelvinDocument) */
GListModel *kelvin_document_set_get_model (KelvinDocumentSet *self);
guint kelvin_document_set_get_size (KelvinDocumentSet *self);
/* (transfer none): NULL where there is none */
KelvinDocument *kelvin_document_set_get (KelvinDocumentSet *self, guint position);
KelvinDocument *kelvin_document_set_find (KelvinDocumentSet *self, const char *title);

/* (transfer none) */
KelvinDocument *kelvin_document_set_add (KelvinDocumentSet *self, const char *path,
                                         const char *title);
/* Puts the documents named by @titles, in that order, before all others, adding those that are
 * missing; leaves out others that aren't edited. A document's path is @dir/TITLE@ending. */
void kelvin_document_set_arrange (KelvinDocumentSet *self, const char *dir,
                                  const char *const *titles, const char *ending);

gboolean kelvin_document_set_is_modified (KelvinDocumentSet *self);
void kelvin_document_set_revert (KelvinDocumentSet *self);
void kelvin_document_set_check_files (KelvinDocumentSet *self);
/* Saves those that were edited; fails with the first error after all were tried. */
void kelvin_document_set_save_async (KelvinDocumentSet *self, GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean kelvin_document_set_save_finish (KelvinDocumentSet *self, GAsyncResult *result,
                                          GError **error);

G_END_DECLS
