#pragma once

#include <gtksourceview/gtksource.h>

G_BEGIN_DECLS

#define KELVIN_DOCUMENT_ERROR (kelvin_document_error_quark ())
typedef enum {
  KELVIN_DOCUMENT_ERROR_NOT_TEXT,
  KELVIN_DOCUMENT_ERROR_TOO_LARGE,
  KELVIN_DOCUMENT_ERROR_CHANGED, /* another program wrote the file since it was read */
} KelvinDocumentError;
GQuark kelvin_document_error_quark (void);

/* What a person has to be told about a document. */
typedef enum {
  KELVIN_NOTICE_NONE,
  KELVIN_NOTICE_RESTORED,       /* edits from before a crash are in the buffer */
  KELVIN_NOTICE_RESTORED_STALE, /* likewise, and the file is another one by now */
  KELVIN_NOTICE_CHANGED,        /* edited here, and changed on disk by another program */
  KELVIN_NOTICE_UNREADABLE,     /* see kelvin_document_get_problem */
} KelvinNotice;
#define KELVIN_TYPE_NOTICE (kelvin_notice_get_type ())
GType kelvin_notice_get_type (void);

/* A text file that is edited: its buffer, what is known of the file, and its draft. Properties:
 * "modified", "notice" (KelvinNotice), "loaded". */
#define KELVIN_TYPE_DOCUMENT (kelvin_document_get_type ())
G_DECLARE_FINAL_TYPE (KelvinDocument, kelvin_document, KELVIN, DOCUMENT, GObject)

/* @title: what a person knows the file by: its path below the function's folder. */
KelvinDocument *kelvin_document_new (const char *path, const char *title, const char *drafts_dir);

const char *kelvin_document_get_path (KelvinDocument *self);
const char *kelvin_document_get_title (KelvinDocument *self);
GtkSourceBuffer *kelvin_document_get_buffer (KelvinDocument *self);
/* By its name, for its colours. The first document of a program takes a while: all languages are
 * read then. */
void kelvin_document_find_language (KelvinDocument *self);
char *kelvin_document_dup_text (KelvinDocument *self);
gboolean kelvin_document_is_loaded (KelvinDocument *self);
gboolean kelvin_document_is_modified (KelvinDocument *self);
KelvinNotice kelvin_document_get_notice (KelvinDocument *self);
const char *kelvin_document_get_problem (KelvinDocument *self);

/* Reads the file, and the draft if there is one. Does nothing for a document that is loaded. */
void kelvin_document_load (KelvinDocument *self);
/* Reads the file again; edits are gone. */
void kelvin_document_revert (KelvinDocument *self);
/* Another program may have written the file: reads it again where nothing was edited, else asks by
 * a notice. */
void kelvin_document_check_file (KelvinDocument *self);
/* The person has seen the notice and goes on; after "changed", saving overwrites. */
void kelvin_document_dismiss_notice (KelvinDocument *self);
/* Replaces the text as an edit that can be undone. */
void kelvin_document_set_text (KelvinDocument *self, const char *text);
/* For a file that doesn't exist yet: its first text, not saved. */
void kelvin_document_begin_with (KelvinDocument *self, const char *text);

/* Writes the file if it was edited; the folder is made where it doesn't exist. */
void kelvin_document_save_async (KelvinDocument *self, GCancellable *cancellable,
                                 GAsyncReadyCallback callback, gpointer user_data);
gboolean kelvin_document_save_finish (KelvinDocument *self, GAsyncResult *result, GError **error);

G_END_DECLS
