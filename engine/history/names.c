#include "engine/history/names.h"

#include "engine/history/connection.h"
#include "engine/history/store-error.h"

/* Beyond that the ids are asked from the database again: a bound on memory, not on names. */
#define MOST_KNOWN 10000

struct _KelvinNames {
  sqlite3 *db;
  sqlite3_stmt *find;
  sqlite3_stmt *add;
  GHashTable *ids; /* text → gint64 */
};

KelvinNames *
kelvin_names_new (sqlite3 *db, GError **error)
{
  g_autoptr (KelvinNames) self = g_new0 (KelvinNames, 1);

  self->db = db;
  self->ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->find = kelvin_connection_prepare (db, "SELECT id FROM names WHERE text = ?1", error);
  if (self->find == NULL)
    return NULL;
  self->add = kelvin_connection_prepare (db, "INSERT INTO names (text) VALUES (?1)", error);
  if (self->add == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

void
kelvin_names_free (KelvinNames *self)
{
  g_clear_pointer (&self->find, sqlite3_finalize);
  g_clear_pointer (&self->add, sqlite3_finalize);
  g_hash_table_unref (self->ids);
  g_free (self);
}

void
kelvin_names_forget (KelvinNames *self)
{
  g_hash_table_remove_all (self->ids);
}

static gboolean
find_or_add (KelvinNames *self, const char *text, gint64 *out_id, GError **error)
{
  int result;

  sqlite3_bind_text (self->find, 1, text, -1, SQLITE_STATIC);
  result = sqlite3_step (self->find);
  if (result == SQLITE_ROW)
    *out_id = sqlite3_column_int64 (self->find, 0);
  else if (result != SQLITE_DONE)
    kelvin_store_set_error (error, self->db, "read a name");
  sqlite3_reset (self->find);
  sqlite3_clear_bindings (self->find);
  if (result != SQLITE_DONE)
    return result == SQLITE_ROW;

  sqlite3_bind_text (self->add, 1, text, -1, SQLITE_STATIC);
  if (!kelvin_connection_run (self->add, "write a name", error))
    return FALSE;
  *out_id = sqlite3_last_insert_rowid (self->db);
  return TRUE;
}

gboolean
kelvin_names_get_id (KelvinNames *self, const char *text, gint64 *out_id, GError **error)
{
  const gint64 *known;
  gint64 id = 0;

  if (text == NULL)
    {
      *out_id = 0;
      return TRUE;
    }

  known = g_hash_table_lookup (self->ids, text);
  if (known != NULL)
    {
      *out_id = *known;
      return TRUE;
    }

  if (!find_or_add (self, text, &id, error))
    return FALSE;
  if (g_hash_table_size (self->ids) >= MOST_KNOWN)
    g_hash_table_remove_all (self->ids);
  g_hash_table_insert (self->ids, g_strdup (text), g_memdup2 (&id, sizeof id));
  *out_id = id;
  return TRUE;
}
