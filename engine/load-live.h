#pragma once

#include "engine/load.h"

G_BEGIN_DECLS

/* What a load's caller sees of it while it runs: records gathered on the engine thread and handed
 * over on the caller's context, one batch at a time, each with its bound. Engine thread alone. */
typedef struct _KelvinLoadLive KelvinLoadLive;

/* @task keeps the caller's data until the last word; made on the caller's thread. */
KelvinLoadLive *kelvin_load_live_new (GTask *task, KelvinLoadFunc func, gpointer user_data);
void kelvin_load_live_free (KelvinLoadLive *self);

/* Does anybody look? Where not, records needn't be made. */
gboolean kelvin_load_live_is_watched (const KelvinLoadLive *self);

void kelvin_load_live_add_attempt (KelvinLoadLive *self, const KelvinLoadAttempt *attempt);
void kelvin_load_live_add_transition (KelvinLoadLive *self, const KelvinLoadTransition *transition);
void kelvin_load_live_add_due (KelvinLoadLive *self, gint64 due_ns);
void kelvin_load_live_add_door (KelvinLoadLive *self, const KelvinLoadDoor *door);

/* Hands over what was gathered, unless the caller still has a batch before it; the last one always.
 */
typedef enum { KELVIN_LOAD_LIVE_MORE, KELVIN_LOAD_LIVE_LAST } KelvinLoadLiveEnd;
void kelvin_load_live_tell (KelvinLoadLive *self, const char *run_id, gint64 now_ns,
                            gint64 planned_ns, const KelvinLoadCounts *counts,
                            KelvinLoadLiveEnd end);

G_END_DECLS
