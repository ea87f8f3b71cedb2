#pragma once

#include <json-glib/json-glib.h>

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

/* One that was read back from the history. */
typedef struct {
  KelvinTransition transition; /* its reason is that below */
  char *reason;
} KelvinPastTransition;

KelvinPastTransition *kelvin_past_transition_new (const KelvinTransition *transition);
void kelvin_past_transition_free (KelvinPastTransition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinPastTransition, kelvin_past_transition_free)

/* [{"environment": "env 1", "transitions": [{"atMs": 0.1, "from": "parked", "to": "starting",
 * "reason": ""}]}]. @transitions: (element-type KelvinPastTransition), in order of time.
 * Environments stand in the order of their first one; times count from @started_at_ns, or from the
 * first transition where that is -1. */
JsonNode *kelvin_past_transitions_to_json (GPtrArray *transitions, gint64 started_at_ns);

/* "env 1", as in an invocation's record. (transfer full) */
char *kelvin_environment_format_name (guint64 number);
/* The way back. @name: (nullable); FALSE for what is no such name. */
gboolean kelvin_environment_parse_name (const char *name, guint64 *out_number);

const char *kelvin_state_to_string (KelvinState state);
/* The steps that there are. `stopping` leads back to `idle` or `initialising` where the processes
 * alone came to their end, and `idle` to itself when all have been frozen. */
gboolean kelvin_state_may_become (KelvinState from, KelvinState to);

G_END_DECLS
