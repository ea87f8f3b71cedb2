#include "engine/history/write-queue.h"

struct _KelvinWriteQueue {
  GMutex lock;
  GCond changed;  /* for the writer: a first record, a whole batch, a flush, the end */
  GCond has_room; /* for those that wait to push */
  GQueue records;
  gsize bytes;
  guint flushes; /* among the records */
  gboolean closed;
  guint64 dropped;
};

KelvinWriteQueue *
kelvin_write_queue_new (void)
{
  KelvinWriteQueue *self = g_new0 (KelvinWriteQueue, 1);

  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  g_cond_init (&self->has_room);
  g_queue_init (&self->records);
  return self;
}

void
kelvin_write_queue_free (KelvinWriteQueue *self)
{
  g_queue_clear_full (&self->records, (GDestroyNotify) kelvin_record_free);
  g_cond_clear (&self->changed);
  g_cond_clear (&self->has_room);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
is_full (KelvinWriteQueue *self)
{
  return self->records.length >= KELVIN_WRITE_QUEUE_MOST_RECORDS ||
         self->bytes >= KELVIN_WRITE_QUEUE_MOST_BYTES;
}

static gboolean
wait_for_room (KelvinWriteQueue *self, const KelvinRecord *record)
{
  if (record->kind == KELVIN_RECORD_FLUSH)
    return !self->closed;
  if (record->kind == KELVIN_RECORD_TRANSITIONS && is_full (self))
    {
      self->dropped += record->n_transitions;
      return FALSE;
    }
  while (is_full (self) && !self->closed)
    g_cond_wait (&self->has_room, &self->lock);
  return !self->closed;
}

gboolean
kelvin_write_queue_push (KelvinWriteQueue *self, KelvinRecord *record)
{
  g_autoptr (KelvinRecord) owned = record;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint length;

  if (!wait_for_room (self, owned))
    return !self->closed;

  self->bytes += kelvin_record_get_bytes (owned);
  self->flushes += owned->kind == KELVIN_RECORD_FLUSH;
  length = self->records.length + 1;
  if (length == 1 || length == KELVIN_WRITE_QUEUE_BATCH || owned->kind == KELVIN_RECORD_FLUSH)
    g_cond_signal (&self->changed);
  g_queue_push_tail (&self->records, g_steal_pointer (&owned));
  return TRUE;
}

static void
wait_for_batch (KelvinWriteQueue *self)
{
  gint64 until;

  while (self->records.length == 0 && !self->closed)
    g_cond_wait (&self->changed, &self->lock);

  until = g_get_monotonic_time () + KELVIN_WRITE_QUEUE_BATCH_US;
  while (self->records.length < KELVIN_WRITE_QUEUE_BATCH && self->flushes == 0 && !self->closed)
    if (!g_cond_wait_until (&self->changed, &self->lock, until))
      return;
}

static KelvinRecord *
take_first (KelvinWriteQueue *self)
{
  KelvinRecord *record = g_queue_pop_head (&self->records);

  self->bytes -= kelvin_record_get_bytes (record);
  self->flushes -= record->kind == KELVIN_RECORD_FLUSH;
  return record;
}

GPtrArray *
kelvin_write_queue_pop (KelvinWriteQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GPtrArray *batch;

  wait_for_batch (self);
  if (self->records.length == 0)
    return NULL;

  batch = g_ptr_array_new_with_free_func ((GDestroyNotify) kelvin_record_free);
  while (self->records.length > 0 && batch->len < KELVIN_WRITE_QUEUE_BATCH)
    g_ptr_array_add (batch, take_first (self));
  g_cond_broadcast (&self->has_room);
  return batch;
}

void
kelvin_write_queue_close (KelvinWriteQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->closed = TRUE;
  g_cond_broadcast (&self->changed);
  g_cond_broadcast (&self->has_room);
}

guint64
kelvin_write_queue_get_dropped (KelvinWriteQueue *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return self->dropped;
}
