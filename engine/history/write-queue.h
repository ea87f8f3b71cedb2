#pragma once

#include "engine/history/record.h"

G_BEGIN_DECLS

/* Between the threads that put records and the writer: bounded in records and in bytes. */
typedef struct _KelvinWriteQueue KelvinWriteQueue;

#define KELVIN_WRITE_QUEUE_MOST_RECORDS 8192
#define KELVIN_WRITE_QUEUE_MOST_BYTES (64 * 1024 * 1024)
#define KELVIN_WRITE_QUEUE_BATCH 1000 /* records */
#define KELVIN_WRITE_QUEUE_BATCH_US                                                                \
  10000 /* a record waits that long for others to share a commit */

KelvinWriteQueue *kelvin_write_queue_new (void);
void kelvin_write_queue_free (KelvinWriteQueue *self);

/* Takes @record. While the queue is full, transitions are dropped (and counted), and other records
 * wait. FALSE once the queue is closed. */
gboolean kelvin_write_queue_push (KelvinWriteQueue *self, KelvinRecord *record);
/* (element-type KelvinRecord) of the next commit; NULL when the queue is closed and empty. */
GPtrArray *kelvin_write_queue_pop (KelvinWriteQueue *self);
/* No more is taken; what is in it can still be popped. */
void kelvin_write_queue_close (KelvinWriteQueue *self);

guint64 kelvin_write_queue_get_dropped (KelvinWriteQueue *self);

G_END_DECLS
