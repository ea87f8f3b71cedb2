#pragma once

#include <sqlite3.h>

#include "engine/history/store.h"

G_BEGIN_DECLS

/* Says what @db's last call met while it was @doing something ("read the list of runs"), with the
 * code of store.h that a caller can act on. */
void kelvin_store_set_error (GError **error, sqlite3 *db, const char *doing);

/* The file isn't a history, or no longer one: what it is (@what) and what to do. */
void kelvin_store_set_damaged (GError **error, const char *path, const char *what);

G_END_DECLS
