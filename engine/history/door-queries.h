#pragma once

#include <sqlite3.h>

#include "engine/model/invocation.h"

G_BEGIN_DECLS

/* Adds to each of @invocations, which are in order and of the run with the row id @run, its
 * connections through doors and its refused destinations. */
gboolean kelvin_door_queries_read (sqlite3 *db, GPtrArray *invocations, gint64 run, GError **error);

G_END_DECLS
