#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

#define KELVIN_SCHEMA_VERSION 6

/* Makes the tables in an empty file, brings an older file up to this version, and refuses what is
 * foreign, damaged or newer, which stays as it is. */
gboolean kelvin_schema_prepare (sqlite3 *db, GError **error);

G_END_DECLS
