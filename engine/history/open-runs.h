#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* A run whose invocations are being written. */
typedef struct {
  gint64 id;
  gint64 function;     /* names row of its function; 0 for none */
  gint64 served;       /* names row of the other function that was noted last */
  gint64 last_payload; /* row id of the newest payload; the next one's is one more */
  /* The newest event and result: in most runs the next ones are equal. */
  GBytes *event;
  gint64 event_id;
  GBytes *result;
  gint64 result_id;
} KelvinOpenRun;

typedef struct _KelvinOpenRuns KelvinOpenRuns;

KelvinOpenRuns *kelvin_open_runs_new (sqlite3 *db, GError **error);
void kelvin_open_runs_free (KelvinOpenRuns *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinOpenRuns, kelvin_open_runs_free)

/* (transfer none): NULL if the database has no such run. */
KelvinOpenRun *kelvin_open_runs_get (KelvinOpenRuns *self, const char *uuid, GError **error);
/* The run has ended: its payloads needn't be kept at hand. */
void kelvin_open_runs_remove (KelvinOpenRuns *self, const char *uuid);
/* After a rollback: rows that were made in it are gone. */
void kelvin_open_runs_forget (KelvinOpenRuns *self);

G_END_DECLS
