#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* A few threads that read, each with a connection of its own, opened when it is first needed. */
typedef struct _KelvinReaders KelvinReaders;

/* Answers @task in a reader thread; touches nothing but @db and the task's data. */
typedef void (*KelvinReadFunc) (GTask *task, sqlite3 *db);

KelvinReaders *kelvin_readers_new (const char *path);
/* Lets the readings that began come to their end, refuses new ones, and closes. Blocking. */
void kelvin_readers_close (KelvinReaders *self);
void kelvin_readers_free (KelvinReaders *self); /* when no reading is under way */

/* Takes @task. The reading ends early when the task's cancellable is cancelled. */
void kelvin_readers_run (KelvinReaders *self, GTask *task, KelvinReadFunc func);

G_END_DECLS
