#pragma once

#include "engine/poller.h"
#include "engine/runtime/attempt-log.h"

G_BEGIN_DECLS

/* Reads a sandbox's standard output and error, line by line, into the log of the attempt that is
 * running. Reads at a bounded rate (at most 256 KB each time round), so that a flood doesn't starve
 * other environments. Engine thread alone. */
typedef struct _KelvinOutputCapture KelvinOutputCapture;

/* The descriptors stay the caller's, and stay open until _free. */
KelvinOutputCapture *kelvin_output_capture_new (KelvinPoller *poller, int stdout_fd, int stderr_fd);
void kelvin_output_capture_free (KelvinOutputCapture *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinOutputCapture, kelvin_output_capture_free)

/* From now on lines go to @log (not owned; NULL: lines are kept back, at most 64 KB of them, for
 * the next log). What the pipes hold already is read first and given to the old log, an unfinished
 * line too. */
void kelvin_output_capture_set_log (KelvinOutputCapture *self, KelvinAttemptLog *log);
/* Reads what the pipes hold now, up to 16 MB, into the current log. */
void kelvin_output_capture_drain (KelvinOutputCapture *self);

G_END_DECLS
