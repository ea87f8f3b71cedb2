#pragma once

#include <gio/gio.h>

#include "engine/model/door-record.h"
#include "engine/model/phase.h"
#include "engine/model/request-id.h"
#include "engine/model/status.h"
#include "engine/model/throttle.h"
#include "engine/runtime/attempt-log.h"

G_BEGIN_DECLS

/* What a cold start writes down beside being timed. */
typedef enum {
  KELVIN_RECORD_NOTHING,
  KELVIN_RECORD_IMPORTS, /* when each began and ended */
  KELVIN_RECORD_FILES,   /* with the memory that each took, and the files that were opened */
} KelvinRecording;

/* One attempt under way: the event that goes into an environment, and what came of it. Made by the
 * dispatcher, filled by the environment; engine thread alone. All instants are CLOCK_MONOTONIC. */
typedef struct {
  /* given */
  KelvinRequestId id;
  char id_text[KELVIN_REQUEST_ID_LENGTH + 1];
  char *trace_id;
  char *client_context; /* nullable */
  GBytes *event;
  gint64 arrived_ns;
  gboolean provisions;       /* there is no event: the environment is idle after its init */
  KelvinRecording recording; /* the start isn't to be timed then: it is disturbed */

  /* found */
  KelvinStart start;
  gboolean was_parked; /* its sandbox had been made ahead */
  KelvinStatus status;
  KelvinPhases phases; /* all but `response`, which its owner knows */
  GBytes *payload;
  gboolean function_error;
  char *error_type;        /* nullable: the platform's word */
  KelvinThrottle throttle; /* which limit refused it */
  GError *error;           /* nullable: Kelvin itself could not run it */
  gint64 invoke_ns;    /* the invoke began: its timeout and duration count from here; -1 before */
  gint64 delivered_ns; /* -1 before; later than the former where an init was part of it */
  gint64 responded_ns; /* -1 before */
  gint64 init_duration_us; /* -1: none */
  gint64 duration_us;
  gint64 cpu_us;                        /* -1 unknown */
  gint64 throttled_us;                  /* -1 unknown */
  gint64 memory_peak_bytes;             /* during this attempt; -1 unknown */
  gint64 init_memory_peak_bytes;        /* of the init alone; -1 unknown or none */
  gint64 environment_memory_peak_bytes; /* since it began; -1 unknown */
  gint64 cgroup_peak_bytes;             /* the kernel's own; -1 where there is none */
  gint64 temporary_peak_bytes;          /* in /tmp; -1 unknown */
  GBytes *report; /* nullable: what was recorded, as the function's code left it */
  KelvinAttemptLog *log;
  GPtrArray *connections; /* of KelvinDoorRecord; NULL: none */
  guint connections_omitted;
  GPtrArray *refused; /* of KelvinRefusedDestination; NULL: none */
  guint refused_omitted;
} KelvinDelivery;

KelvinDelivery *kelvin_delivery_new (GBytes *event, gint64 arrived_ns);
void kelvin_delivery_free (KelvinDelivery *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinDelivery, kelvin_delivery_free)

/* ceil (init + duration) in whole milliseconds, one rounding (reference, section 10). */
gint64 kelvin_delivery_get_billed_ms (const KelvinDelivery *self);

G_END_DECLS
