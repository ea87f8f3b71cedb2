#pragma once

#include "engine/environment/delivery.h"
#include "engine/environment/target.h"

G_BEGIN_DECLS

/* The lines that the service itself writes into a function's log (reference, section 7.1). */

/* INIT_START, with the version that was found here */
void kelvin_platform_log_init_start (KelvinDelivery *delivery, const KelvinTarget *target);
/* START */
void kelvin_platform_log_start (KelvinDelivery *delivery);
/* END and REPORT of an attempt whose record is complete; before them, where init failed,
 * INIT_REPORT and the START that was never reached. */
void kelvin_platform_log_end (KelvinDelivery *delivery, guint memory_size_mb);

G_END_DECLS
