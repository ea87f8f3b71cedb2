#include "engine/history/readers.h"

#include "engine/history/connection.h"
#include "engine/history/store-error.h"
#include "engine/history/task-release.h"

#define MOST_THREADS 3
#define STEPS_BETWEEN_LOOKS 5000 /* of SQLite's machine: about 0.1 ms */

struct _KelvinReaders {
  char *path;
  GMutex lock;
  GThreadPool *pool;      /* NULL once closed */
  GPtrArray *connections; /* that nobody uses just now */
};

typedef struct {
  GTask *task;
  KelvinReadFunc func;
} Reading;

static void
reading_free (Reading *self)
{
  kelvin_task_release (self->task);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reading, reading_free)

static void
close_connection (gpointer db)
{
  sqlite3_close (db);
}

static sqlite3 *
take_connection (KelvinReaders *self, GError **error)
{
  g_mutex_lock (&self->lock);
  if (self->connections->len > 0)
    {
      sqlite3 *db = g_ptr_array_steal_index_fast (self->connections, self->connections->len - 1);
      g_mutex_unlock (&self->lock);
      return db;
    }
  g_mutex_unlock (&self->lock);

  return kelvin_connection_open (self->path, KELVIN_CONNECTION_READ, error);
}

static void
give_connection_back (KelvinReaders *self, sqlite3 *db)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  g_ptr_array_add (self->connections, db);
}

static int
look_whether_cancelled (gpointer cancellable)
{
  return g_cancellable_is_cancelled (cancellable);
}

static void
read_in_thread (gpointer data, gpointer user_data)
{
  g_autoptr (Reading) reading = data;
  KelvinReaders *self = user_data;
  g_autoptr (GError) error = NULL;
  sqlite3 *db;

  if (g_task_return_error_if_cancelled (reading->task))
    return;
  db = take_connection (self, &error);
  if (db == NULL)
    {
      g_task_return_error (reading->task, g_steal_pointer (&error));
      return;
    }

  sqlite3_progress_handler (db, STEPS_BETWEEN_LOOKS, look_whether_cancelled,
                            g_task_get_cancellable (reading->task));
  reading->func (reading->task, db);
  sqlite3_progress_handler (db, 0, NULL, NULL);
  give_connection_back (self, db);
}

KelvinReaders *
kelvin_readers_new (const char *path)
{
  KelvinReaders *self = g_new0 (KelvinReaders, 1);

  self->path = g_strdup (path);
  g_mutex_init (&self->lock);
  self->connections = g_ptr_array_new_with_free_func (close_connection);
  self->pool = g_thread_pool_new_full (read_in_thread, self, (GDestroyNotify) reading_free,
                                       MOST_THREADS, FALSE, NULL);
  return self;
}

void
kelvin_readers_close (KelvinReaders *self)
{
  GThreadPool *pool;

  g_mutex_lock (&self->lock);
  pool = g_steal_pointer (&self->pool);
  g_mutex_unlock (&self->lock);

  if (pool == NULL)
    return;
  g_thread_pool_free (pool, FALSE, TRUE);
  g_ptr_array_set_size (self->connections, 0);
}

void
kelvin_readers_free (KelvinReaders *self)
{
  kelvin_readers_close (self);
  g_ptr_array_unref (self->connections);
  g_mutex_clear (&self->lock);
  g_free (self->path);
  g_free (self);
}

void
kelvin_readers_run (KelvinReaders *self, GTask *task, KelvinReadFunc func)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Reading *reading;

  if (self->pool == NULL)
    {
      g_task_return_new_error (task, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FAILED,
                               "The history is closed");
      kelvin_task_release (task);
      return;
    }

  reading = g_new0 (Reading, 1);
  reading->task = task;
  reading->func = func;
  g_thread_pool_push (self->pool, reading, NULL);
}
