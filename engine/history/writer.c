#include "engine/history/writer.h"

#include "engine/history/connection.h"
#include "engine/history/recorder.h"
#include "engine/history/store-error.h"
#include "engine/history/write-queue.h"

struct _KelvinWriter {
  KelvinWriteQueue *queue;
  GThread *thread; /* NULL once closed */

  /* From here on: the thread's own while it runs. */
  sqlite3 *db;
  KelvinRecorder *recorder;
  GError *first_error; /* since the last flush */
};

static void
note_error (KelvinWriter *self, GError *error)
{
  if (self->first_error == NULL)
    self->first_error = error;
  else
    g_error_free (error);
}

/* A record that can't be stored costs itself alone; anything else costs its batch. */
static gboolean
is_about_one_record (const GError *error)
{
  return g_error_matches (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_INVALID) ||
         g_error_matches (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_NOT_FOUND);
}

static gboolean
write_records (KelvinWriter *self, GPtrArray *batch, GError **error)
{
  for (guint i = 0; i < batch->len; i++)
    {
      g_autoptr (GError) record_error = NULL;

      if (kelvin_recorder_write (self->recorder, batch->pdata[i], &record_error))
        continue;
      if (!is_about_one_record (record_error))
        {
          g_propagate_error (error, g_steal_pointer (&record_error));
          return FALSE;
        }
      note_error (self, g_steal_pointer (&record_error));
    }
  return TRUE;
}

static void
write_batch (KelvinWriter *self, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  if (kelvin_connection_execute (self->db, "BEGIN IMMEDIATE", &error) &&
      write_records (self, batch, &error) && kelvin_connection_execute (self->db, "COMMIT", &error))
    return;

  note_error (self, g_steal_pointer (&error));
  /* SQLite may have rolled back by itself; then this does nothing. */
  sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  kelvin_recorder_forget (self->recorder);
}

static gboolean
has_something_to_write (GPtrArray *batch)
{
  for (guint i = 0; i < batch->len; i++)
    if (((KelvinRecord *) batch->pdata[i])->kind != KELVIN_RECORD_FLUSH)
      return TRUE;
  return FALSE;
}

static void
answer_flushes (KelvinWriter *self, GPtrArray *batch)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < batch->len; i++)
    {
      KelvinRecord *record = batch->pdata[i];

      if (record->kind != KELVIN_RECORD_FLUSH)
        continue;
      if (error == NULL)
        error = g_steal_pointer (&self->first_error);
      if (error != NULL)
        g_task_return_error (record->flush, g_error_copy (error));
      else
        g_task_return_boolean (record->flush, TRUE);
    }
}

static gpointer
run_writer (gpointer data)
{
  KelvinWriter *self = data;
  GPtrArray *batch;

  while ((batch = kelvin_write_queue_pop (self->queue)) != NULL)
    {
      if (has_something_to_write (batch))
        write_batch (self, batch);
      answer_flushes (self, batch);
      g_ptr_array_unref (batch);
    }
  return NULL;
}

KelvinWriter *
kelvin_writer_new (const char *path, const char *engine_id, KelvinStorePayloads payloads,
                   GError **error)
{
  g_autoptr (sqlite3) db = kelvin_connection_open (path, KELVIN_CONNECTION_WRITE, error);
  KelvinRecorder *recorder;
  KelvinWriter *self;

  if (db == NULL)
    return NULL;
  recorder = kelvin_recorder_new (db, engine_id, payloads, error);
  if (recorder == NULL)
    return NULL;

  self = g_new0 (KelvinWriter, 1);
  self->db = g_steal_pointer (&db);
  self->recorder = recorder;
  self->queue = kelvin_write_queue_new ();
  self->thread = g_thread_new ("history-writer", run_writer, self);
  return self;
}

void
kelvin_writer_close (KelvinWriter *self)
{
  if (self->thread == NULL)
    return;

  kelvin_write_queue_close (self->queue);
  g_thread_join (g_steal_pointer (&self->thread));
  g_clear_pointer (&self->recorder, kelvin_recorder_free);
  g_clear_pointer (&self->db, sqlite3_close);
  g_clear_error (&self->first_error);
}

void
kelvin_writer_free (KelvinWriter *self)
{
  kelvin_writer_close (self);
  kelvin_write_queue_free (self->queue);
  g_free (self);
}

gboolean
kelvin_writer_push (KelvinWriter *self, KelvinRecord *record)
{
  return kelvin_write_queue_push (self->queue, record);
}

guint64
kelvin_writer_get_dropped (KelvinWriter *self)
{
  return kelvin_write_queue_get_dropped (self->queue);
}
