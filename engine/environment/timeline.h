#pragma once

#include "engine/environment/delivery.h"

G_BEGIN_DECLS

/* The instants of one attempt (CLOCK_MONOTONIC), and the phases that come of them. */
typedef struct {
  gint64 begun_ns; /* the runtime was about to be executed */
  gint64 code_ns;  /* the function's own code came next; -1: the runtime gave no mark */
  gint64 ended_ns; /* first `next`, or the failure; -1 before */
} KelvinRuntimeStart;

typedef struct {
  gint64 taken_ns;              /* a sandbox was asked for, or this environment taken */
  KelvinRuntimeStart starts[2]; /* an init that failed is repeated once, inside the invoke */
  guint n_starts;
} KelvinTimeline;

/* Forgets the attempt before. */
void kelvin_timeline_begin (KelvinTimeline *self, gint64 taken_ns);
void kelvin_timeline_begin_start (KelvinTimeline *self, gint64 at_ns);
void kelvin_timeline_note_code (KelvinTimeline *self, gint64 at_ns);
/* The first call alone counts. */
void kelvin_timeline_end_start (KelvinTimeline *self, gint64 at_ns);
/* Of the start that ended last; 0 if there is none. */
gint64 kelvin_timeline_get_start_us (const KelvinTimeline *self);

/* Writes all phases but `response`, and the init's duration, as far as they happened. Each part of
 * the time until the response belongs to one phase: `runtime` and `init` are those of all starts
 * together, what lies between a failed start and its repeat is `sandbox`. May be called again. */
void kelvin_timeline_note_phases (const KelvinTimeline *self, KelvinDelivery *delivery);

G_END_DECLS
