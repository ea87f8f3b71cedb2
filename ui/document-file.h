#pragma once

#include "ui/document.h"
#include "ui/draft.h"

G_BEGIN_DECLS

/* What a document's file held when it was read or written. */
typedef struct {
  char *text;         /* "" where there is no file */
  char *etag;         /* "" where there is no file */
  KelvinDraft *draft; /* nullable */
} KelvinDocumentFile;

void kelvin_document_file_free (KelvinDocumentFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinDocumentFile, kelvin_document_file_free)

/* All of them run in a worker thread; a file that doesn't exist is empty. */
void kelvin_document_file_read_async (const char *path, const char *drafts_dir,
                                      GCancellable *cancellable, GAsyncReadyCallback callback,
                                      gpointer user_data);
KelvinDocumentFile *kelvin_document_file_read_finish (GAsyncResult *result, GError **error);

/* @etag: of the content that the text was made from; NULL overwrites whatever is there. Gives the
 * new one. */
void kelvin_document_file_write_async (const char *path, const char *etag, const char *text,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data);
char *kelvin_document_file_write_finish (GAsyncResult *result, GError **error);

G_END_DECLS
