#pragma once

#include <glib.h>

#include "engine/fd.h"

G_BEGIN_DECLS

/* The lock that says that an engine lives: engines/ID.lock in the data folder, held as long as its
 * process. The kernel lets it go however the process ends. */
typedef struct _KelvinEngineLock KelvinEngineLock;

/* Held by @out_guard's owner: one program at a time opens the data folder, so that no lock is
 * judged between its making and its holding. */
gboolean kelvin_engine_lock_guard (const char *data_dir, KelvinFd *out_guard, GError **error);

/* Under the guard. */
KelvinEngineLock *kelvin_engine_lock_take (const char *data_dir, const char *engine_id,
                                           GError **error);
/* Removes the lock file too: nobody takes the engine for one that died. */
void kelvin_engine_lock_free (KelvinEngineLock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinEngineLock, kelvin_engine_lock_free)

/* Under the guard: whether a process holds the lock of that engine. */
gboolean kelvin_engine_lock_is_held (const char *data_dir, const char *engine_id);
/* Under the guard: removes the lock files that nobody holds. */
void kelvin_engine_lock_sweep (const char *data_dir);

G_END_DECLS
