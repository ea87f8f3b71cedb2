#pragma once

#include <gio/gio.h>

#include "engine/model/invocation.h"
#include "engine/model/run.h"
#include "engine/model/transition.h"

G_BEGIN_DECLS

typedef enum {
  KELVIN_RECORD_RUN,
  KELVIN_RECORD_INVOCATION,
  KELVIN_RECORD_TRANSITIONS,
  KELVIN_RECORD_FLUSH, /* nothing to write: somebody waits for what came before */
} KelvinRecordKind;

/* What is on its way to the writer. */
typedef struct {
  KelvinRecordKind kind;
  KelvinRun *run;
  KelvinInvocation *invocation;
  char *run_id; /* of the transitions */
  KelvinTransition *transitions;
  gsize n_transitions;
  GTask *flush;
} KelvinRecord;

KelvinRecord *kelvin_record_new_run (const KelvinRun *run);
KelvinRecord *kelvin_record_new_invocation (KelvinInvocation *invocation);
KelvinRecord *kelvin_record_new_transitions (const char *run_id,
                                             const KelvinTransition *transitions, gsize n);
KelvinRecord *kelvin_record_new_flush (GTask *task); /* takes a reference */
void kelvin_record_free (KelvinRecord *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinRecord, kelvin_record_free)

/* What it holds in memory, about. */
gsize kelvin_record_get_bytes (const KelvinRecord *self);

G_END_DECLS
