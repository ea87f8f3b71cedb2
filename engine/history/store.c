#include "engine/history/store.h"

#include "engine/history/connection.h"
#include "engine/history/data-folder.h"
#include "engine/history/engine-lock.h"
#include "engine/history/interrupted.h"
#include "engine/history/schema.h"
#include "engine/history/store-private.h"
#include "engine/history/writer.h"

struct _KelvinStore {
  GObject parent_instance;

  char *engine_id;
  char *path;             /* of history.db */
  KelvinEngineLock *lock; /* NULL once closed */
  KelvinWriter *writer;
  KelvinReaders *readers;
};

G_DEFINE_FINAL_TYPE (KelvinStore, kelvin_store, G_TYPE_OBJECT)

static void
kelvin_store_finalize (GObject *object)
{
  KelvinStore *self = KELVIN_STORE (object);

  g_clear_pointer (&self->readers, kelvin_readers_free);
  g_clear_pointer (&self->writer, kelvin_writer_free);
  g_clear_pointer (&self->lock, kelvin_engine_lock_free);
  g_free (self->engine_id);
  g_free (self->path);

  G_OBJECT_CLASS (kelvin_store_parent_class)->finalize (object);
}

static void
kelvin_store_class_init (KelvinStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kelvin_store_finalize;
}

static void
kelvin_store_init (KelvinStore *self)
{
}

static gboolean
prepare_database (const char *path, const char *data_dir, GError **error)
{
  g_autoptr (sqlite3) db = kelvin_connection_open (path, KELVIN_CONNECTION_WRITE, error);

  return db != NULL && kelvin_schema_prepare (db, error) &&
         kelvin_interrupted_mark (db, data_dir, error);
}

KelvinStore *
kelvin_store_open (const char *data_dir, KelvinStorePayloads payloads, GError **error)
{
  g_autoptr (KelvinStore) self = NULL;
  g_autofree char *folder = NULL;
  g_auto (KelvinFd) guard = -1;
  KelvinRequestId id;

  g_return_val_if_fail (data_dir != NULL, NULL);

  self = g_object_new (KELVIN_TYPE_STORE, NULL);
  id = kelvin_request_id_new ();
  self->engine_id = kelvin_request_id_to_string (&id);
  /* Readers open it later, when the program may stand elsewhere. */
  folder = g_canonicalize_filename (data_dir, NULL);
  self->path = kelvin_data_folder_prepare (folder, error);
  if (self->path == NULL)
    return NULL;

  if (!kelvin_engine_lock_guard (folder, &guard, error))
    return NULL;
  self->lock = kelvin_engine_lock_take (folder, self->engine_id, error);
  if (self->lock == NULL || !prepare_database (self->path, folder, error))
    return NULL;
  kelvin_engine_lock_sweep (folder);

  self->writer = kelvin_writer_new (self->path, self->engine_id, payloads, error);
  if (self->writer == NULL)
    return NULL;
  self->readers = kelvin_readers_new (self->path);
  return g_steal_pointer (&self);
}

void
kelvin_store_close (KelvinStore *self)
{
  g_return_if_fail (KELVIN_IS_STORE (self));

  kelvin_readers_close (self->readers);
  kelvin_writer_close (self->writer);
  g_clear_pointer (&self->lock, kelvin_engine_lock_free);
}

const char *
kelvin_store_get_engine_id (KelvinStore *self)
{
  g_return_val_if_fail (KELVIN_IS_STORE (self), NULL);

  return self->engine_id;
}

KelvinReaders *
kelvin_store_get_readers (KelvinStore *self)
{
  return self->readers;
}

guint64
kelvin_store_get_dropped_transitions (KelvinStore *self)
{
  g_return_val_if_fail (KELVIN_IS_STORE (self), 0);

  return kelvin_writer_get_dropped (self->writer);
}

void
kelvin_store_put_run (KelvinStore *self, const KelvinRun *run)
{
  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (run != NULL);

  kelvin_writer_push (self->writer, kelvin_record_new_run (run));
}

void
kelvin_store_put_invocation (KelvinStore *self, KelvinInvocation *invocation)
{
  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (invocation != NULL);

  kelvin_writer_push (self->writer, kelvin_record_new_invocation (invocation));
}

void
kelvin_store_put_transitions (KelvinStore *self, const char *run_id,
                              const KelvinTransition *transitions, gsize n)
{
  g_return_if_fail (KELVIN_IS_STORE (self));
  g_return_if_fail (run_id != NULL);
  g_return_if_fail (n == 0 || transitions != NULL);

  if (n > 0)
    kelvin_writer_push (self->writer, kelvin_record_new_transitions (run_id, transitions, n));
}

void
kelvin_store_flush_async (KelvinStore *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (KELVIN_IS_STORE (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, kelvin_store_flush_async);
  if (!kelvin_writer_push (self->writer, kelvin_record_new_flush (task)))
    g_task_return_new_error (task, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FAILED,
                             "The history is closed");
}

gboolean
kelvin_store_flush_finish (KelvinStore *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
