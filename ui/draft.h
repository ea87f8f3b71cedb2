#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Edits that weren't saved yet, kept in the data folder so that they survive a crash. The file is
 * plain text, so that a person can rescue it by hand: a first line that names the format, the
 * edited file, the state of that file when the edits began, an empty line, the text. */
typedef struct {
  char *path; /* of the edited file */
  char *etag; /* of the file's content that the edits began from; "" where there was no file */
  char *text;
} KelvinDraft;

KelvinDraft *kelvin_draft_new (const char *path, const char *etag, const char *text);
void kelvin_draft_free (KelvinDraft *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinDraft, kelvin_draft_free)

/* The file in @drafts_dir that holds the draft of @path. */
char *kelvin_draft_get_file (const char *drafts_dir, const char *path);

char *kelvin_draft_format (const KelvinDraft *self);
/* NULL for what isn't a draft. */
KelvinDraft *kelvin_draft_parse (const char *content);

/* Blocking. */
KelvinDraft *kelvin_draft_read (const char *drafts_dir, const char *path);
gboolean kelvin_draft_write (const KelvinDraft *self, const char *drafts_dir, GError **error);
void kelvin_draft_remove (const char *drafts_dir, const char *path);

G_END_DECLS
