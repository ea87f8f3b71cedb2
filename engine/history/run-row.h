#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* The row id of the run with this UUID; KELVIN_STORE_ERROR_NOT_FOUND where there is none. */
gboolean kelvin_run_row_find (sqlite3 *db, const char *run_id, gint64 *out_id, GError **error);

G_END_DECLS
