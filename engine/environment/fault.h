#pragma once

#include "engine/environment/launcher.h"

G_BEGIN_DECLS

/* The service's words for what goes wrong outside the handler (reference, sections 5.3 and 7.1). */

/* {"errorType": …, "errorMessage": …}, in that order */
GBytes *kelvin_fault_payload (const char *error_type, const char *message);
/* "exit status 1", "signal: killed": as the service prints how a process ended */
char *kelvin_fault_describe_exit (const KelvinExit *how);
/* "RequestId: ID Error: Runtime exited with error: exit status 1" and the like */
char *kelvin_fault_exit_message (const char *request_id, const KelvinExit *how);
/* "RequestId: ID Error: Task timed out after 3.00 seconds" */
char *kelvin_fault_timeout_message (const char *request_id, guint timeout_s);
/* The answer to a response that is larger than the service takes. */
GBytes *kelvin_fault_too_large_payload (guint largest_bytes);
/* A runtime's own error type as it is kept: (Runtime|Function).Word passes, the rest is normalised
 * (reference, section 1.4). (transfer full) */
char *kelvin_fault_normalise_type (const char *error_type);

G_END_DECLS
