#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* Texts that many rows share (functions, versions, environments, notes): each is stored once. */
typedef struct _KelvinNames KelvinNames;

KelvinNames *kelvin_names_new (sqlite3 *db, GError **error);
void kelvin_names_free (KelvinNames *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KelvinNames, kelvin_names_free)

/* *out_id: the row of @text, made if there is none; 0 for NULL. */
gboolean kelvin_names_get_id (KelvinNames *self, const char *text, gint64 *out_id, GError **error);
/* After a rollback: rows that were made in it are gone. */
void kelvin_names_forget (KelvinNames *self);

G_END_DECLS
