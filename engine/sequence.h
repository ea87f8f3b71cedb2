#pragma once

#include "engine/engine-private.h"

G_BEGIN_DECLS

/* A run of invocations one after the other: what `invoke` and `profile` are. */
typedef struct {
  KelvinRunKind kind;
  const char *function_dir;
  GBytes *event;
  const char *event_name; /* nullable */
  const char *against;    /* nullable: a folder or a commit, measured in turns with the other */
  guint cold;             /* in new environments; the first serves the warm ones */
  guint warm;             /* in whichever is idle, among the others in random order */
  guint32 seed;           /* of the order; 0: one is chosen */
  double until_percent;   /* as KelvinProfileRequest has it */
  gboolean imports;       /* record what init imports, in more cold starts at the end */
  guint advise;           /* with imports: how often what could help is tried */
  KelvinProgressFunc progress; /* nullable */
  gpointer progress_data;
} KelvinSequenceOptions;

/* @task's value becomes a KelvinProfile; its callback runs on the caller's context. */
void kelvin_sequence_start (KelvinEngine *engine, GTask *task,
                            const KelvinSequenceOptions *options);

G_END_DECLS
