#pragma once

#include "engine/tune.h"

G_BEGIN_DECLS

/* Sizes that are measured unless told: the service's smallest, doublings, and one core. */
extern const guint kelvin_tune_usual_sizes[];
extern const gsize kelvin_tune_n_usual_sizes;

/* A point a size, nothing measured. @sizes: of guint; doubles count once. */
KelvinTune *kelvin_tune_new (const guint *sizes, gsize n_sizes, guint runs);
/* From the samples: summaries, costs, choices, model. */
void kelvin_tune_conclude (KelvinTune *self, KelvinPriceTable *prices, KelvinFunction *function);

G_END_DECLS
