#pragma once

#include "engine/trial.h"

G_BEGIN_DECLS

/* From what was recorded of init to advices that were tried. Engine thread alone. */
typedef struct _KelvinAdvising KelvinAdvising;

typedef struct {
  KelvinEngine *engine;
  KelvinRun *run;
  GBytes *event;
  KelvinTarget *target;
  KelvinImportProfile *imports; /* with a start; outlives it */
  guint rounds;
} KelvinAdvisingOptions;

typedef struct {
  void (*progressed) (guint done, guint total, gpointer user_data);
  /* @advice: of KelvinAdvice; (transfer full). @error: Kelvin itself could not go on. */
  void (*ended) (GPtrArray *advice, const KelvinColdWorth *worth, const GError *error,
                 gpointer user_data);
} KelvinAdvisingEvents;

/* None of @events comes from inside. It frees itself after `ended`. */
KelvinAdvising *kelvin_advising_start (const KelvinAdvisingOptions *options,
                                       const KelvinAdvisingEvents *events, gpointer user_data);
/* `ended` follows, with what there is. */
void kelvin_advising_cancel (KelvinAdvising *self);

G_END_DECLS
