#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* States of an environment. environment.c alone moves between them. */
typedef enum {
  KELVIN_STATE_PARKED,
  KELVIN_STATE_STARTING,     /* the launcher makes the sandbox */
  KELVIN_STATE_INITIALISING, /* runtime and init code run */
  KELVIN_STATE_IDLE,
  KELVIN_STATE_BUSY,
  KELVIN_STATE_STOPPING, /* told to end; processes may still be there */
  KELVIN_STATE_DEAD,     /* all processes gone and reaped */
} KelvinState;

/* One step of an environment's life: a plain record, kept in a ring and in the history. */
typedef struct {
  guint64 environment; /* number, unique within an engine */
  KelvinState from;
  KelvinState to;
  gint64 at_ns;       /* CLOCK_MONOTONIC of the machine */
  const char *reason; /* static text: why; "" where the step is the normal one */
} KelvinTransition;

const char *kelvin_state_to_string (KelvinState state);

G_END_DECLS
