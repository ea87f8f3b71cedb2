#pragma once

#include "engine/model/invocation.h"

G_BEGIN_DECLS

/* Connections through doors, as a person reads of them. All (transfer full). */

/* "db → 127.0.0.1:5432" */
char *kelvin_describe_connection (const KelvinDoorRecord *record);
/* "db.internal:5432, opened earlier" */
char *kelvin_describe_connection_asked (const KelvinDoorRecord *record);
/* "connect 0.2 ms · first byte 5.4 ms · 190 bytes in, 65 bytes out" */
char *kelvin_describe_connection_use (const KelvinDoorRecord *record);
/* "closed by the function", "refused: its cap was reached by env 1, env 2" */
char *kelvin_describe_connection_end (const KelvinDoorRecord *record);
/* Did it go wrong? */
gboolean kelvin_connection_failed (const KelvinDoorRecord *record);
/* "No door leads to api.example.com, which it asked for twice" */
char *kelvin_describe_refused (const KelvinRefusedDestination *refused);
/* What a door does, beside leading somewhere: "each answer 300 ms later · at most 5 at once"; NULL
 * where it does nothing. */
char *kelvin_describe_faults (const KelvinDoorFaults *faults);

G_END_DECLS
