#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What a function is held to. */
typedef enum {
  KELVIN_LIMIT_MEMORY,
  KELVIN_LIMIT_CPU,
  KELVIN_LIMIT_PROCESSES,
  KELVIN_LIMIT_DESCRIPTORS,
  KELVIN_LIMIT_EPHEMERAL_STORAGE,
  KELVIN_LIMIT_TIMEOUT,
  KELVIN_LIMIT_PAYLOAD,
  KELVIN_LIMIT_FREEZE, /* that nothing runs between invocations */
  KELVIN_N_LIMITS,
} KelvinLimit;

/* Does it hold? */
typedef enum {
  KELVIN_STANDING_ENFORCED,
  KELVIN_STANDING_APPROXIMATED, /* what goes over it is noticed soon, not at once */
  KELVIN_STANDING_NOT_ENFORCED,
} KelvinStanding;

/* By what each limit is held, on a machine or in a run: the mechanism ("cgroup-v1", "tmpfs", …),
 * or one of the two words below. Interned texts, so that it can be copied; NULL is "not known". */
typedef struct {
  const char *by[KELVIN_N_LIMITS];
} KelvinLimits;

#define KELVIN_LIMIT_IS_APPROXIMATED "approximated"
#define KELVIN_LIMIT_IS_NOT_ENFORCED "not enforced"

/* As in JSON: "memory", "ephemeralStorage", … */
const char *kelvin_limit_get_name (KelvinLimit limit);
/* "enforced", "approximated", "not enforced" */
const char *kelvin_standing_to_string (KelvinStanding standing);
/* @mechanism: as KelvinLimits has it; of what isn't known it can't be said that it holds. */
KelvinStanding kelvin_standing_from_mechanism (const char *mechanism);
KelvinStanding kelvin_limits_get_standing (const KelvinLimits *self, KelvinLimit limit);

/* {"memory": "cgroup-v1", …}, or null when nothing is known; (transfer full) */
JsonNode *kelvin_limits_to_json (const KelvinLimits *self);
/* The same as a text, for the history; NULL when nothing is known. */
char *kelvin_limits_to_text (const KelvinLimits *self);
/* From that text: what isn't in it isn't known. @text: (nullable) */
KelvinLimits kelvin_limits_from_text (const char *text);

G_END_DECLS
