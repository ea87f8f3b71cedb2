#pragma once

#include "engine/history/record.h"
#include "engine/history/store.h"

G_BEGIN_DECLS

/* The one thread that writes: takes records in batches, a transaction each. */
typedef struct _KelvinWriter KelvinWriter;

KelvinWriter *kelvin_writer_new (const char *path, const char *engine_id,
                                 KelvinStorePayloads payloads, GError **error);
/* Writes what is queued and ends the thread; what is pushed from now on is let go. Blocking. */
void kelvin_writer_close (KelvinWriter *self);
void kelvin_writer_free (KelvinWriter *self); /* closes first */

/* Takes @record; waits while the queue is full. FALSE once closed. */
gboolean kelvin_writer_push (KelvinWriter *self, KelvinRecord *record);
guint64 kelvin_writer_get_dropped (KelvinWriter *self);

G_END_DECLS
