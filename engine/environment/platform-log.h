#pragma once

#include "engine/environment/delivery.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

/* The lines that the service itself writes into a function's log (reference, section 7.1). */

/* INIT_START, with the version that was found here */
void kelvin_platform_log_init_start (KelvinDelivery *delivery, const KelvinTarget *target);
/* START */
void kelvin_platform_log_start (KelvinDelivery *delivery);
/* INIT_REPORT of an init that failed, in the phase of its own or inside the invoke. */
typedef enum {
  KELVIN_INIT_PHASE_INIT,
  KELVIN_INIT_PHASE_INVOKE,
} KelvinInitPhase;
void kelvin_platform_log_init_failed (KelvinDelivery *delivery, KelvinInitPhase phase,
                                      gint64 duration_us, KelvinStatus status,
                                      const char *error_type);
/* The line of an invoke that came to its timeout, at @now_us (Unix time). */
void kelvin_platform_log_timeout (KelvinDelivery *delivery, guint timeout_s, gint64 now_us);
/* END and REPORT of an attempt whose record is complete; before them the START that was never
 * reached, where init failed. */
void kelvin_platform_log_end (KelvinDelivery *delivery, guint memory_size_mb);

G_END_DECLS
