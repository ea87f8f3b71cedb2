#pragma once

#include "engine/history/names.h"
#include "engine/history/open-runs.h"
#include "engine/history/recorder.h"

G_BEGIN_DECLS

/* Prepared once; their texts are in recorder.c. */
typedef enum {
  KELVIN_PUT_RUN,
  KELVIN_PUT_DETAILS,
  KELVIN_PUT_INVOCATION,
  KELVIN_PUT_ATTEMPT,
  KELVIN_PUT_PAYLOAD,
  KELVIN_PUT_LOG,
  KELVIN_PUT_TRANSITION,
  KELVIN_PUT_FUNCTION,
  KELVIN_PUT_CONNECTION,
  KELVIN_PUT_REFUSED,
  KELVIN_PUT_OMITTED,
  KELVIN_N_STATEMENTS,
} KelvinStatement;

struct _KelvinRecorder {
  sqlite3 *db;
  char *engine_id;
  KelvinStorePayloads payloads;
  KelvinNames *names;
  KelvinOpenRuns *runs;
  sqlite3_stmt *statements[KELVIN_N_STATEMENTS];
};

/* Binds the row of @text, NULL for NULL. */
gboolean kelvin_recorder_bind_name (KelvinRecorder *self, sqlite3_stmt *statement, int column,
                                    const char *text, GError **error);
gboolean kelvin_recorder_write_invocation (KelvinRecorder *self, const KelvinInvocation *invocation,
                                           GError **error);
/* door-recorder.c: what passed through doors in the invocation @id, and what they refused. */
gboolean kelvin_recorder_write_doors (KelvinRecorder *self, gint64 id,
                                      const KelvinInvocation *invocation, GError **error);

G_END_DECLS
