#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The named slices of an attempt, in the order in which they happen. */
typedef enum {
  KELVIN_PHASE_QUEUE,    /* the event arrived → an environment was asked for or taken */
  KELVIN_PHASE_SANDBOX,  /* launcher asked → sandbox ready, its runtime about to be executed */
  KELVIN_PHASE_RUNTIME,  /* sandbox ready → first line of the function's own code */
  KELVIN_PHASE_INIT,     /* first line of the function's code → first `next` */
  KELVIN_PHASE_HANDLER,  /* event delivered → response received */
  KELVIN_PHASE_RESPONSE, /* response received → handed to the caller */
} KelvinPhase;
#define KELVIN_N_PHASES 6

/* Lengths in microseconds of a monotonic clock; -1 where the phase did not happen. */
typedef struct {
  gint64 us[KELVIN_N_PHASES];
} KelvinPhases;

#define KELVIN_PHASES_NONE ((KelvinPhases){ { -1, -1, -1, -1, -1, -1 } })

/* "queue", "sandbox", … as in JSON (followed there by "Ms") and in the window */
const char *kelvin_phase_get_name (KelvinPhase phase);

/* Sum of the phases that happened: the time that the caller waited, in microseconds. */
gint64 kelvin_phases_get_total_us (const KelvinPhases *phases);

G_END_DECLS
