#pragma once

#include <sqlite3.h>

#include "engine/history/record.h"
#include "engine/history/store.h"

G_BEGIN_DECLS

/* Turns records into rows: prepared statements and what they need to know, for the writer's thread.
 */
typedef struct _KelvinRecorder KelvinRecorder;

KelvinRecorder *kelvin_recorder_new (sqlite3 *db, const char *engine_id,
                                     KelvinStorePayloads payloads, GError **error);
void kelvin_recorder_free (KelvinRecorder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRecorder, kelvin_recorder_free)

/* Within a transaction of the caller's. */
gboolean kelvin_recorder_write (KelvinRecorder *self, const KelvinRecord *record, GError **error);
/* The caller's transaction was rolled back. */
void kelvin_recorder_forget (KelvinRecorder *self);

G_END_DECLS
