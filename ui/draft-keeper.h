#pragma once

#include "ui/draft.h"

G_BEGIN_DECLS

/* Keeps the draft of one document in step with its buffer: written after a pause in a worker
 * thread, one operation at a time, so that a removal can't be overtaken by a writing. The program
 * doesn't end before an operation has. */
typedef struct _KelvinDraftKeeper KelvinDraftKeeper;

/* The draft as it should be now; NULL: there should be none. (transfer full) */
typedef KelvinDraft *(*KelvinDraftFunc) (gpointer data);

KelvinDraftKeeper *kelvin_draft_keeper_new (const char *drafts_dir, const char *path,
                                            KelvinDraftFunc create, gpointer data);
/* Does what is due, asks no more, and frees itself when that is done. */
void kelvin_draft_keeper_end (KelvinDraftKeeper *self);

/* The buffer changed, or was saved. */
void kelvin_draft_keeper_touch (KelvinDraftKeeper *self);

G_END_DECLS
