#pragma once

#include "engine/engine-private.h"

G_BEGIN_DECLS

/* Tells the caller of a task, on the caller's context, how far it is: no more often than is worth
 * drawing, and never after the task has completed. Made on the caller's thread; told from the
 * engine's. */
typedef struct _KelvinProgressTeller KelvinProgressTeller;

/* @func: (nullable). @task outlives it. */
KelvinProgressTeller *kelvin_progress_teller_new (GTask *task, KelvinProgressFunc func,
                                                  gpointer user_data);
void kelvin_progress_teller_free (KelvinProgressTeller *self);

/* @now_ns: monotonic. Most calls do nothing. */
void kelvin_progress_teller_tell (KelvinProgressTeller *self, gint64 now_ns,
                                  const KelvinProgress *progress);

G_END_DECLS
