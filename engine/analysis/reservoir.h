#pragma once

#include "engine/analysis/statistics.h"

G_BEGIN_DECLS

/* Samples of one kind, bounded: beyond a million a uniform sample of a million stands for all
 * (Vitter 1985, algorithm R). Seeded, so that it repeats. */
typedef struct _KelvinReservoir KelvinReservoir;

KelvinReservoir *kelvin_reservoir_new (void);
void kelvin_reservoir_free (KelvinReservoir *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinReservoir, kelvin_reservoir_free)

void kelvin_reservoir_add (KelvinReservoir *self, double sample);
/* `count` is that of all samples that were added. */
KelvinSummary kelvin_reservoir_summarise (const KelvinReservoir *self);

G_END_DECLS
