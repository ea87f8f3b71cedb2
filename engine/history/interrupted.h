#pragma once

#include <sqlite3.h>

#include "engine/model/run.h"

G_BEGIN_DECLS

/* Marks the running runs of engines that no longer live `interrupted`, with what had been stored of
 * them counted. Under the guard of engine-lock.h. */
gboolean kelvin_interrupted_mark (sqlite3 *db, const char *data_dir, GError **error);

G_END_DECLS
