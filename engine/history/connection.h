#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

G_BEGIN_DECLS

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

typedef enum {
  KELVIN_CONNECTION_WRITE,
  KELVIN_CONNECTION_READ, /* refuses statements that would change the file */
} KelvinConnectionUse;

/* A connection for one thread at a time. The file has to exist. */
sqlite3 *kelvin_connection_open (const char *path, KelvinConnectionUse use, GError **error);

gboolean kelvin_connection_execute (sqlite3 *db, const char *sql, GError **error);
/* The first column of the first row; untouched if there is no row. */
gboolean kelvin_connection_read_int64 (sqlite3 *db, const char *sql, gint64 *out_value,
                                       GError **error);
/* For statements that are kept: prepared once, used often. */
sqlite3_stmt *kelvin_connection_prepare (sqlite3 *db, const char *sql, GError **error);
/* Steps a statement that gives no rows, and makes it ready for its next use. */
gboolean kelvin_connection_run (sqlite3_stmt *statement, const char *doing, GError **error);

G_END_DECLS
