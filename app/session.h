#pragma once

#include "app/command-line.h"

G_BEGIN_DECLS

/* The engine while a command uses it, and a person's wish to stop: the first SIGINT or SIGTERM
 * cancels, so that what was measured is kept; the second ends the program at once. */
typedef struct _KelvinSession KelvinSession;

KelvinSession *kelvin_session_open (const KelvinCommandLine *line);
KelvinEngine *kelvin_session_get_engine (KelvinSession *self);
GCancellable *kelvin_session_get_cancellable (KelvinSession *self);

/* Closes the engine and frees the session. @status, or KELVIN_EXIT_CANNOT where that failed. */
int kelvin_session_close (KelvinSession *self, int status);

G_END_DECLS
