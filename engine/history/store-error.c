#include "engine/history/store-error.h"

#include <errno.h>

G_DEFINE_QUARK (kelvin - store - error - quark, kelvin_store_error)

void
kelvin_store_set_damaged (GError **error, const char *path, const char *what)
{
  g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_DAMAGED,
               "%s %s; it was left as it is: move it away, and Kelvin makes a new one", path, what);
}

static gboolean
is_no_space (int code, int system_errno)
{
  if ((code & 0xff) == SQLITE_FULL)
    return TRUE;
  return (code & 0xff) == SQLITE_IOERR && (system_errno == ENOSPC || system_errno == EDQUOT);
}

static void
set_not_accessible (GError **error, const char *path, int code, int system_errno)
{
  const char *reason = system_errno != 0 ? g_strerror (system_errno) : sqlite3_errstr (code);

  g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FOLDER,
               "%s can't be opened for writing: %s; make it writable or name another folder with "
               "--data-dir",
               path, reason);
}

void
kelvin_store_set_error (GError **error, sqlite3 *db, const char *doing)
{
  int code = sqlite3_extended_errcode (db);
  int system_errno = sqlite3_system_errno (db);
  const char *path = sqlite3_db_filename (db, "main");

  if (path == NULL || path[0] == '\0')
    path = "history.db";

  if (is_no_space (code, system_errno))
    {
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FULL,
                   "%s: can't %s: no space is left on its disk; free some, or name another folder "
                   "with --data-dir",
                   path, doing);
      return;
    }

  switch (code & 0xff)
    {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      kelvin_store_set_damaged (error, path, "is damaged");
      return;
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_READONLY:
      set_not_accessible (error, path, code, system_errno);
      return;
    case SQLITE_INTERRUPT:
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled: %s", doing);
      return;
    default:
      g_set_error (error, KELVIN_STORE_ERROR, KELVIN_STORE_ERROR_FAILED, "%s: can't %s: %s", path,
                   doing, sqlite3_errmsg (db));
    }
}
