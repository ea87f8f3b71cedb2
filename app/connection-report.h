#pragma once

#include "engine/model/invocation.h"

G_BEGIN_DECLS

/* Prints what passed through doors, a line a connection, and the names that no door leads to.
 * Prints nothing where there was nothing. */
void kelvin_connection_report_print (const KelvinInvocation *invocation);

G_END_DECLS
