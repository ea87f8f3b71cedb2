#pragma once

#include "engine/advice-variants.h"
#include "engine/engine-private.h"

G_BEGIN_DECLS

/* Cold starts of a version and of its variants, alternately and in random order, so that a machine
 * that drifts favours none. Its starts are in no other figure. Engine thread alone. */
typedef struct _KelvinTrial KelvinTrial;

typedef struct {
  void (*progressed) (guint n_starts, gpointer user_data);
  /* The advices of the variants have what came of it; @error: Kelvin itself could not go on. */
  void (*ended) (const GError *error, gpointer user_data);
} KelvinTrialEvents;

typedef struct {
  KelvinEngine *engine;
  const char *run_id;
  GBytes *event;
  KelvinTarget *base;
  KelvinVariants *variants; /* outlives it */
  guint rounds;             /* each has a start of everything */
} KelvinTrialOptions;

/* None of @events comes from inside. */
KelvinTrial *kelvin_trial_start (const KelvinTrialOptions *options, const KelvinTrialEvents *events,
                                 gpointer user_data);
/* How many starts it takes in all. */
guint kelvin_trial_count_starts (KelvinTrial *self);
/* `ended` follows; rounds that are whole count. */
void kelvin_trial_cancel (KelvinTrial *self);
void kelvin_trial_free (KelvinTrial *self);

G_END_DECLS
